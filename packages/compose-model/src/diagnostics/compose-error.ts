import { locate, type Place, type Position } from '../tree/place.js';
import { printPath, type Path } from '../tree/path.js';
import { maskPath, maskText } from './mask.js';

/** What kind of rule was broken. Stable: programs may decide by it. */
export type DiagnosticCode =
  | 'io'
  | 'parse'
  | 'shape'
  | 'interpolation'
  | 'merge'
  | 'extends'
  | 'include'
  | 'cycle'
  | 'schema'
  | 'convert'
  | 'consistency'
  | 'selection'
  | 'env-file'
  | 'name';

/** One thing that is wrong, or, as a warning, doubtful. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /**
   * A whole sentence that names the value, such as `services.web.ports[1]: invalid port "80:abc"`. Values of variables do not show in it:
   * the variable's name does.
   */
  readonly message: string;
  /** Path in the model, `services.web.ports[1]`; empty for the whole document. */
  readonly path: string;
  /** File, line and column, counted from 1; absent where nothing is written that could be pointed at. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** What to do about it. */
  readonly hint?: string;
}

/** `compose.yaml:12:7: services.web.ports[1]: invalid port "80:abc" (did you mean …?)` */
export function printDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, message, hint } = diagnostic;
  const where = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}:${column}: `;
  return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/**
 * Why a project could not be loaded. `message` has one line for each diagnostic; `code` is the code of the first.
 * It is the only error that loading throws, except an `AbortError` of the caller's signal.
 */
export class ComposeError extends Error {
  override readonly name = 'ComposeError';
  readonly code: DiagnosticCode;
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly [Diagnostic, ...Diagnostic[]], options?: ErrorOptions) {
    super(diagnostics.map(printDiagnostic).join('\n'), options);
    this.code = diagnostics[0].code;
    this.diagnostics = diagnostics;
  }
}

interface Finding {
  readonly code: DiagnosticCode;
  /** The sentence; `path: text` is made of it when `path` is given and `sentence` is not. */
  readonly text: string;
  readonly path?: Path;
  /** What is to be left alone from then on, where it is not all that `path` says: an unknown key, and not the mapping that it is in. */
  readonly wrong?: Path;
  /** True when `text` already names the path. */
  readonly sentence?: boolean;
  readonly at?: Place | undefined;
  /** Taken when there is no place: the file that is meant. */
  readonly file?: string;
  readonly hint?: string | undefined;
}

/** Longest message: a value of megabytes is no help. */
const longest = 4000;

function clip(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function diagnose(finding: Finding): Diagnostic {
  const masks = finding.at?.masks ?? [];
  const path = printPath(maskPath(finding.path ?? [], masks));
  const text = maskText(clip(finding.text), finding.path ?? [], masks);
  const position: Position | { file: string } | undefined =
    finding.at !== undefined ? locate(finding.at) : finding.file !== undefined ? { file: finding.file } : undefined;
  return {
    code: finding.code,
    message: path === '' || finding.sentence === true ? text : `${path}: ${text}`,
    path,
    ...position,
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
  };
}

/** Errors that tell nothing new about what is broken already. */
const late: ReadonlySet<DiagnosticCode> = new Set(['convert', 'consistency', 'cycle', 'env-file']);

/** The service, network and so on that a path leads into, `services.web`; undefined for the whole document or a whole section. */
function subjectOf(path: Path): string | undefined {
  return path.length < 2 ? undefined : `${String(path[0])}.${String(path[1])}`;
}

/** Which attributes of a service, network and so on are wrong, by its name such as `services.web`. */
export type Broken = ReadonlyMap<string, ReadonlySet<string> | 'whole'>;

/** File by file, as they were first named, and from the top to the bottom of each. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ file }) => file))];
  const rank = ({ file }: Diagnostic): number => files.indexOf(file);
  const offset = ({ line = 0, column = 0 }: Diagnostic): number => line * 1e6 + column;
  return diagnostics.toSorted((a, b) => rank(a) - rank(b) || offset(a) - offset(b));
}

function mark(broken: Map<string, Set<string> | 'whole'>, subject: string, attribute: string | undefined): void {
  const known = broken.get(subject);
  if (known === 'whole') return;
  if (attribute === undefined) broken.set(subject, 'whole');
  else broken.set(subject, (known ?? new Set<string>()).add(attribute));
}

function isBroken(broken: Broken, subject: string, attribute: string | undefined): boolean {
  const known = broken.get(subject);
  return known === 'whole' || (known !== undefined && attribute !== undefined && known.has(attribute));
}

/** What the passes found so far. A pass goes on after an error, and the next ones with what has none, so that all errors come at once. */
export class Findings {
  readonly errors: Diagnostic[] = [];
  readonly warnings: Diagnostic[] = [];
  readonly #seen = new Set<string>();
  /** What has errors in this phase, and in the phases before. */
  #found = new Map<string, Set<string> | 'whole'>();
  readonly #broken = new Map<string, Set<string> | 'whole'>();
  #sectionBroken = false;

  error(finding: Finding): void {
    const path = finding.wrong ?? finding.path ?? [];
    const subject = subjectOf(path);
    if (subject === undefined) this.#sectionBroken ||= path.length > 0 && finding.wrong === undefined;
    else {
      const attribute = path.length > 2 ? String(path[2]) : undefined;
      if (late.has(finding.code) && isBroken(this.#broken, subject, attribute)) return;
      mark(this.#found, subject, attribute);
    }
    this.#add(this.errors, diagnose(finding));
  }

  /** The same warning is kept once, however often its cause appears. */
  warn(finding: Finding): void {
    this.#add(this.warnings, diagnose(finding), false);
  }

  /** What is the same is kept once: a later pass may come by the same place again. */
  #add(list: Diagnostic[], diagnostic: Diagnostic, located = true): void {
    const key = located ? printDiagnostic(diagnostic) : `warning: ${diagnostic.message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    list.push(diagnostic);
  }

  /**
   * Ends a phase after which others go on with what has no errors.
   * @returns what this phase found errors in
   * @throws ComposeError when a whole section is wrong
   */
  endPhase(): Broken {
    if (this.#sectionBroken) this.throwIfAny();
    const found = this.#found;
    for (const [subject, attributes] of found) {
      if (attributes === 'whole') mark(this.#broken, subject, undefined);
      else for (const attribute of attributes) mark(this.#broken, subject, attribute);
    }
    this.#found = new Map();
    return found;
  }

  /** Ends a phase: what follows relies on the rules checked so far. */
  throwIfAny(): void {
    const [first, ...others] = inOrder(this.errors);
    if (first !== undefined) throw new ComposeError([first, ...others]);
  }

  fail(finding: Finding): never {
    const [first, ...others] = inOrder([...this.errors, diagnose(finding)]);
    if (first === undefined) throw new Error('unreachable: a finding was just added');
    throw new ComposeError([first, ...others]);
  }
}
