/**
 * One request. In every text of it `{ns}` stands for the sequence's namespace, and `{0.metadata.resourceVersion}` for what the answer to the first
 * step says there.
 */
export interface Step {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** `application/json` by default when there is a body. */
  readonly type?: string;
  readonly accept?: string;
  /** Who asks, by a token: the administrator's by default. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Asked again, for ten seconds at most, until the answer has this status: what a real server has cached may lag. */
  readonly settles?: number;
  /** Of a watch: reads so many events, then hangs up. */
  readonly events?: number;
}

/** Requests that follow one another, in a namespace of their own. */
export interface Sequence {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** What a server answered, without what differs from run to run. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly warnings?: readonly string[];
  readonly body?: unknown;
}

/** A name fit for a namespace: it is the same on both servers, and no other sequence has it. */
export function namespaceOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `d-${words.slice(0, 40)}-${sum.toString(36)}`.replace(/-+/g, '-');
}
