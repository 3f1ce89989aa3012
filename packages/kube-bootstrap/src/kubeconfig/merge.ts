import { parseKubeconfig, parts, type KubeconfigDocument } from './document.js';
import { fieldsOf, replaced, type KubeconfigEntry } from './entry.js';
import { KubeconfigError } from './errors.js';
import { readKubeconfig, replaceKubeconfig } from './file.js';
import { isLocked, withLocks, type LockOptions } from './lock.js';
import { defaultKubeconfig, kubeconfigPaths, type KubeconfigLocation } from './paths.js';

export interface MergeOptions extends KubeconfigLocation, LockOptions {
  entry: KubeconfigEntry;
  /** Make it what kubectl uses without `--context`. Default true. */
  makeCurrent?: boolean | undefined;
}

export interface MergeResult {
  /** The file that holds the context. */
  path: string;
  /** Every file that holds a part of it; what `removeKubeconfig` takes as `path` later, when the environment may be another. */
  paths: string[];
  /** False: everything was there already, and nothing was written. */
  changed: boolean;
  /**
   * The context that was current before. Undefined when there was none, or when it was this one already: then what an earlier merge
   * returned still counts. To be kept with the cluster, for `removeKubeconfig`.
   */
  previousContext: string | undefined;
}

export interface RemoveOptions extends KubeconfigLocation, LockOptions {
  context: string;
  /** Becomes current again if the removed one is current and this one still exists. */
  previousContext?: string | undefined;
}

export interface RemoveResult {
  /** The files that were changed. */
  paths: string[];
  /** The current context afterwards. */
  currentContext: string | undefined;
}

/**
 * Puts a cluster, its user and a context of one name into the user's kubeconfig: into the file that has them, else where kubectl would
 * put them. Everything else stays. Throws `KubeconfigError`, having written nothing, or the signal's reason.
 */
export function mergeKubeconfig(options: MergeOptions): Promise<MergeResult> {
  const { entry, makeCurrent = true } = options;
  const name = entry.context;
  return change(options, (documents, exists) => {
    const path = defaultKubeconfig([...documents.keys()], exists);
    const previous = currentOf(documents);
    const fields = fieldsOf(entry);
    for (const part of parts)
      owner(documents, path, (one) => one.has(part, name))?.set(part, name, fields[part], replaced[part]);
    // As kubectl does: in the default file, which comes before every other that exists.
    if (makeCurrent && previous !== name) documents.get(path)?.setCurrentContext(name);
    return {
      path: owner(documents, path, (one) => one.has('context', name))?.path ?? path,
      paths: [...documents.values()]
        .filter((one) => one.currentContext === name || parts.some((part) => one.has(part, name)))
        .map((one) => one.path),
      changed: [...documents.values()].some(({ changed }) => changed),
      previousContext: previous === name ? undefined : previous,
    };
  });
}

/** Takes a cluster, its user and its context out again, from every file that has them. Throws `KubeconfigError` as merging does. */
export function removeKubeconfig(options: RemoveOptions): Promise<RemoveResult> {
  const { context, previousContext } = options;
  return change(options, (documents) => {
    for (const document of documents.values()) for (const part of parts) document.remove(part, context);
    const all = [...documents.values()];
    const cleared = all.filter((one) => one.currentContext === context);
    for (const one of cleared) one.setCurrentContext('');
    // Where a later file of the list says which was current before, clearing has brought it back.
    if (
      previousContext !== undefined &&
      currentOf(documents) === undefined &&
      all.some((one) => one.has('context', previousContext))
    )
      cleared[0]?.setCurrentContext(previousContext);
    return {
      paths: [...documents.values()].filter(({ changed }) => changed).map(({ path }) => path),
      currentContext: currentOf(documents),
    };
  });
}

type Documents = ReadonlyMap<string, KubeconfigDocument>;

/** The first file to say something counts. */
const currentOf = (documents: Documents): string | undefined =>
  [...documents.values()].find(({ currentContext }) => currentContext !== undefined)?.currentContext;

const owner = (
  documents: Documents,
  path: string,
  owns: (document: KubeconfigDocument) => boolean,
): KubeconfigDocument | undefined => [...documents.values()].find(owns) ?? documents.get(path);

/** Applies a change to the files and writes those that differ then, under their locks; without a difference nothing is locked. */
async function change<R>(
  options: KubeconfigLocation & LockOptions,
  apply: (documents: Documents, exists: (path: string) => boolean) => R,
): Promise<R> {
  options.signal?.throwIfAborted();
  const paths = kubeconfigPaths(options);
  const attempt = async (): Promise<Outcome<R>> => {
    const texts = new Map<string, string | undefined>();
    const documents = new Map<string, KubeconfigDocument>();
    for (const path of paths) {
      const text = await readKubeconfig(path);
      texts.set(path, text);
      documents.set(path, await parseKubeconfig(path, text));
    }
    const result = apply(documents, (path) => texts.get(path) !== undefined);
    const empty = paths.filter((path) => texts.get(path) === '');
    return { result, changed: [...documents.values()].filter((document) => document.changed), empty };
  };

  const found = await findWork(paths, attempt);
  if ('result' in found) return found.result;
  let mine = found.paths;
  // Which files change may itself change until they are locked: then once more.
  for (;;) {
    const held = mine;
    const done = await withLocks(held, options, async (): Promise<Found<R>> => {
      const now = await attempt();
      const others = now.changed.map(({ path }) => path).filter((path) => !held.includes(path));
      if (others.length > 0) return { paths: [...held, ...others] };
      for (const document of now.changed) await replaceKubeconfig(document.path, document.toString());
      return { result: now.result };
    });
    if ('result' in done) return done.result;
    mine = done.paths;
  }
}

interface Outcome<R> {
  result: R;
  changed: KubeconfigDocument[];
  /** Files without a byte. */
  empty: string[];
}

/** Done, or files to lock first. */
type Found<R> = { result: R } | { paths: string[] };

/**
 * Looks without locks: the result when nothing has to change, else the files to lock. kubectl empties a file before it writes it, under
 * its lock: what an unlocked look finds broken, empty or locked has to be looked at again under the lock.
 */
async function findWork<R>(paths: readonly string[], attempt: () => Promise<Outcome<R>>): Promise<Found<R>> {
  const held: string[] = [];
  try {
    const { result, changed, empty } = await attempt();
    for (const path of paths) if (await isLocked(path)) held.push(path);
    const work = [...new Set([...changed.map(({ path }) => path), ...empty, ...held])];
    return work.length === 0 ? { result } : { paths: work };
  } catch (error) {
    if (error instanceof KubeconfigError && error.code === 'KUBECONFIG_INVALID' && error.path !== undefined)
      return { paths: [error.path] };
    throw error;
  }
}
