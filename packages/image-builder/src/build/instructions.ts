/** An instruction of a Dockerfile, in one line. */
export interface Instruction {
  /** In capital letters, such as `COPY`. */
  readonly keyword: string;
  /** The rest, without the spaces around it. */
  readonly text: string;
}

/**
 * The instructions of a Dockerfile: continued lines are joined, comments and empty lines between them left out, as BuildKit's parser does. Lines of
 * here-documents are handed out like instructions.
 */
export function instructionsOf(dockerfile: string): Instruction[] {
  const continued = /^#\s*escape\s*=\s*`/im.test(dockerfile.slice(0, 500)) ? /`[ \t]*$/ : /\\[ \t]*$/;
  const found: Instruction[] = [];
  let open = '';
  for (const line of dockerfile.split(/\r?\n/)) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    open += line.replace(continued, ' ');
    if (continued.test(line)) continue;
    add(found, open);
    open = '';
  }
  add(found, open);
  return found;
}

function add(found: Instruction[], line: string): void {
  const [, keyword = '', text = ''] = /^\s*(\S+)\s*(.*?)\s*$/s.exec(line) ?? [];
  if (keyword !== '') found.push({ keyword: keyword.toUpperCase(), text });
}
