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
    const char = text.charAt(index);
    if (char === '\\' && quote !== "'") {
      index += 1;
      if (index >= text.length) return undefined;
      word += text.charAt(index);
      started = true;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      started = true;
    } else if (/\s/.test(char)) {
      if (started) words.push(word);
      [word, started] = ['', false];
    } else if (';&|<>'.includes(char)) {
      break;
    } else {
      word += char;
      started = true;
    }
  }
  if (quote !== '') return undefined;
  if (started) words.push(word);
  return words;
}
