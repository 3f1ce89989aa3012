/** Characters that stand for themselves, by the quotes that they stand in. */
const unquoted = /[^\\"'\s;&|<>]+/y;
const inDouble = /[^\\"]+/y;
const inSingle = /[^']+/y;

/**
 * Splits a command into words as docker compose does: quotes and backslashes as a shell has them, no variables. What follows an
 * unquoted `;`, `&`, `|`, `<` or `>` is left out.
 * @returns the words, or `undefined` when a quote is left open
 */
export function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word = '';
  let started = false;
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const plain = quote === '"' ? inDouble : quote === "'" ? inSingle : unquoted;
    plain.lastIndex = index;
    const run = plain.exec(text)?.[0] ?? '';
    if (run !== '') {
      word += run;
      started = true;
      index += run.length;
      if (index >= text.length) break;
    }
    const char = text.charAt(index);
    if (char === '\\' && quote !== "'") {
      index += 1;
      if (index >= text.length) return undefined;
      word += text.charAt(index);
      started = true;
    } else if (quote !== '') {
      quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
      started = true;
    } else if (/\s/.test(char)) {
      if (started) words.push(word);
      [word, started] = ['', false];
    } else {
      break;
    }
  }
  if (quote !== '') return undefined;
  if (started) words.push(word);
  return words;
}
