/** Takes `${NAME}`, `$NAME`, `${NAME:-default}` and `${NAME:+word}` apart, as a FROM line does. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::([-+])([^}]*))?\}|(\w+))/g,
    (
      _whole,
      braced: string | undefined,
      operator: string | undefined,
      word: string | undefined,
      bare: string | undefined,
    ) => {
      const value = variables.get(braced ?? bare ?? '') ?? '';
      if (operator === '-') return value === '' ? (word ?? '') : value;
      if (operator === '+') return value === '' ? '' : (word ?? '');
      return value;
    },
  );
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

/** The instructions of a Dockerfile, each in one line. */
function linesOf(dockerfile: string): string[] {
  const escape = /^#\s*escape\s*=\s*`/im.test(dockerfile.slice(0, 500)) ? /`[ \t]*\r?\n/g : /\\[ \t]*\r?\n/g;
  return dockerfile.replace(escape, ' ').split(/\r?\n/);
}

/** Whether a Dockerfile says what the classic builder does not understand: mounts, links, here-documents and the like. */
export function needsBuildkit(dockerfile: string): boolean {
  return linesOf(dockerfile).some((line) =>
    /^\s*(?:RUN\s+(?:--\S+\s+)*--(?:mount|network|security)=|(?:COPY|ADD)\s+(?:--\S+\s+)*--(?:link|parents|exclude|checksum|keep-git-dir)\b|(?:RUN|COPY|ADD)\s(?:.*\s)?<<-?["']?\w)/i.test(
      line,
    ),
  );
}

/**
 * The images that a Dockerfile builds upon, each once, in order: of FROM lines, and of COPY --from and RUN --mount that name no stage. `scratch` and
 * stages of the file itself are none. A reference that a variable without a value makes empty is left out.
 */
export function baseImages(dockerfile: string, args: Readonly<Record<string, string>> = {}): string[] {
  const variables = new Map<string, string>();
  const stages = new Set<string>();
  const images = new Set<string>();
  let count = 0;
  const add = (reference: string): void => {
    const name = expand(reference, variables);
    if (name !== '' && name !== 'scratch' && !stages.has(name.toLowerCase())) images.add(name);
  };
  for (const line of linesOf(dockerfile)) {
    const [instruction = '', ...words] = line.trim().split(/\s+/);
    if (/^ARG$/i.test(instruction) && count === 0) {
      for (const word of words) {
        const [name = '', ...rest] = word.split('=');
        const given = Object.hasOwn(args, name) ? args[name] : undefined;
        const value = given ?? (rest.length === 0 ? undefined : expand(unquote(rest.join('=')), variables));
        if (value !== undefined) variables.set(name, value);
      }
    } else if (/^FROM$/i.test(instruction)) {
      const plain = words.filter((word) => !word.startsWith('--'));
      add(plain[0] ?? '');
      stages.add(String(count));
      count += 1;
      if (plain[1]?.toLowerCase() === 'as' && plain[2] !== undefined) stages.add(plain[2].toLowerCase());
    } else if (/^(?:COPY|RUN)$/i.test(instruction)) {
      for (const word of words) {
        const from = /^--from=(.+)$/.exec(word) ?? /^--mount=(?:.*,)?from=([^,]+)/.exec(word);
        if (from?.[1] !== undefined) add(from[1]);
      }
    }
  }
  return [...images];
}
