import type { ServerResponse } from 'node:http';

/** So many characters of warnings are told whole; beyond, each is cut, and then none is added. */
const wholeLimit = 4096;
const cutLength = 256;

/** A text as a header carries it: the bytes of its UTF-8, without the control characters that no header may hold. */
const headerText = (text: string): string =>
  Buffer.from(text.replace(/[\r\n]+/g, ' ').replace(/\p{Cc}/gu, '')).toString('latin1');

/** Warnings that are told: each once, and no more than a header may hold. */
function told(warnings: readonly string[]): readonly string[] {
  const once = [...new Set(warnings)].map((text) => [...text]);
  const whole = once.reduce((sum, text) => sum + text.length, 0) <= wholeLimit;
  if (whole) return once.map((text) => text.join(''));
  let written = 0;
  return once.flatMap((text) => {
    if (written >= wholeLimit) return [];
    const cut = text.slice(0, cutLength);
    written += cut.length;
    return [cut.join('')];
  });
}

/** Says RFC 7234 warnings with Kubernetes' code and agent, before the answer begins. */
export function warn(response: ServerResponse, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  const header = told(warnings).map((text) => `299 - "${headerText(text.replace(/[\\"]/g, '\\$&'))}"`);
  response.setHeader('warning', header);
}
