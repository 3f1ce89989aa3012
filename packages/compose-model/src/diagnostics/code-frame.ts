import type { Diagnostic } from './compose-error.js';

/** Longest part of a line that is shown. */
const width = 120;

/**
 * The lines around the place of a diagnostic, numbered, with a mark below its column. Empty when the diagnostic has no place in the text.
 * The text is that of the file as it is written: values of variables do not show.
 *
 * @param text content of the file that `diagnostic.file` names
 * @param around lines to show before and after
 *
 * @example
 *   2 |   web:
 * > 3 |     imagee: nginx
 *     |     ^
 *   4 |     ports: ["80:80"]
 */
export function printCodeFrame(diagnostic: Diagnostic, text: string, around = 1): string {
  const { line, column } = diagnostic;
  const lines = text.split('\n');
  if (line === undefined || column === undefined || line > lines.length) return '';
  const last = Math.min(lines.length, line + around);
  const digits = String(last).length;
  const start = Math.max(0, column - 1 - width / 2);
  const out: string[] = [];
  for (let number = Math.max(1, line - around); number <= last; number += 1) {
    const shown = (lines[number - 1] ?? '')
      .replace(/\r$/, '')
      .replaceAll('\t', ' ')
      .slice(start, start + width);
    const printable = shown.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
    out.push(`${number === line ? '>' : ' '} ${String(number).padStart(digits)} | ${printable}`.trimEnd());
    if (number === line) out.push(`  ${' '.repeat(digits)} | ${' '.repeat(column - 1 - start)}^`);
  }
  return `${out.join('\n')}\n`;
}
