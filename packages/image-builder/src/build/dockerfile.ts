import { instructionsOf } from './instructions.js';

/** Takes `${NAME}`, `$NAME`, `${NAME:-default}` and `${NAME:+word}` apart, as a FROM line does. @returns nothing when one has no value */
function expand(text: string, variables: ReadonlyMap<string, string>): string | undefined {
  let unknown = false;
  const expanded = text.replace(
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
      unknown ||= value === '';
      return value;
    },
  );
  return unknown ? undefined : expanded;
}

function unquote(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

/** Whether a Dockerfile says what the classic builder does not understand: mounts, links, here-documents and the like. */
export function needsBuildkit(dockerfile: string): boolean {
  return instructionsOf(dockerfile).some(({ keyword, text }) =>
    /^(?:RUN\s+(?:--\S+\s+)*--(?:mount|network|security)=|(?:COPY|ADD)\s+(?:--\S+\s+)*--(?:link|parents|exclude|checksum|keep-git-dir)\b|(?:RUN|COPY|ADD)\s(?:.*\s)?<<-?["']?\w)/i.test(
      `${keyword} ${text}`,
    ),
  );
}

/** What a Dockerfile builds upon. */
export interface Bases {
  /** Each once, in order. */
  readonly images: readonly string[];
  /** False when the builder alone knows some: of references with variables that it sets, such as `TARGETARCH`. */
  readonly complete: boolean;
}

/** The images of FROM lines, and of COPY --from and RUN --mount that name no stage. `scratch` and stages of the file itself are none. */
export function readBases(dockerfile: string, args: Readonly<Record<string, string>> = {}): Bases {
  const variables = new Map<string, string>();
  const stages = new Set<string>();
  const images = new Set<string>();
  let count = 0;
  let complete = true;
  const add = (reference: string): void => {
    const name = expand(reference, variables);
    if (name === undefined) complete = false;
    else if (name !== '' && name !== 'scratch' && !stages.has(name.toLowerCase())) images.add(name);
  };
  for (const { keyword, text } of instructionsOf(dockerfile)) {
    const words = text.split(/\s+/);
    if (keyword === 'ARG' && count === 0) {
      for (const word of words) {
        const [name = '', ...rest] = word.split('=');
        const given = Object.hasOwn(args, name) ? args[name] : undefined;
        const value = given ?? (rest.length === 0 ? undefined : expand(unquote(rest.join('=')), variables));
        if (value !== undefined) variables.set(name, value);
      }
    } else if (keyword === 'FROM') {
      const plain = words.filter((word) => !word.startsWith('--'));
      add(plain[0] ?? '');
      stages.add(String(count));
      count += 1;
      if (plain[1]?.toLowerCase() === 'as' && plain[2] !== undefined) stages.add(plain[2].toLowerCase());
    } else if (keyword === 'COPY' || keyword === 'RUN') {
      for (const word of words) {
        const from = /^--from=(.+)$/.exec(word) ?? /^--mount=(?:.*,)?from=([^,]+)/.exec(word);
        if (from?.[1] !== undefined) add(from[1]);
      }
    }
  }
  return { images: [...images], complete };
}

/** The images that a Dockerfile builds upon, as far as it names them: one whose name has a variable without a value is left out. */
export function baseImages(dockerfile: string, args: Readonly<Record<string, string>> = {}): string[] {
  return [...readBases(dockerfile, args).images];
}
