import { parseKubeconfig, parts, type KubeconfigDocument } from './document.js';
import { fieldsOf, replaced, type KubeconfigEntry } from './entry.js';
import { readKubeconfig, replaceKubeconfig } from './file.js';
import { withLocks, type LockOptions } from './lock.js';
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
  const attempt = async (): Promise<{ result: R; changed: KubeconfigDocument[] }> => {
    const texts = new Map<string, string | undefined>();
    const documents = new Map<string, KubeconfigDocument>();
    for (const path of paths) {
      const text = await readKubeconfig(path);
      texts.set(path, text);
      documents.set(path, await parseKubeconfig(path, text));
    }
    const result = apply(documents, (path) => texts.get(path) !== undefined);
    return { result, changed: [...documents.values()].filter((document) => document.changed) };
  };

  // Which files change may itself change until they are locked: then once more.
  let locked: string[] = [];
  for (;;) {
    const { result, changed } = await attempt();
    if (changed.length === 0) return result;
    locked = [...new Set([...locked, ...changed.map(({ path }) => path)])];
    const done = await withLocks(locked, options, async () => {
      const now = await attempt();
      if (now.changed.some(({ path }) => !locked.includes(path))) return undefined;
      for (const document of now.changed) await replaceKubeconfig(document.path, document.toString());
      return { result: now.result };
    });
    if (done) return done.result;
  }
}
