import type { Document, YAMLMap, YAMLSeq } from 'yaml';
import { messageOf } from '../thrown.js';
import type { Fields } from './entry.js';
import { KubeconfigError } from './errors.js';

/** The parts of a kubeconfig: a list of named entries each, with the entry's content under a key of its own. */
const lists = { cluster: 'clusters', context: 'contexts', user: 'users' } as const;
export type Part = keyof typeof lists;
export const parts: readonly Part[] = ['cluster', 'context', 'user'];

/**
 * A kubeconfig file as text that can be changed in places: everything that is not touched stays, unknown fields, anchors and comments
 * included.
 */
export interface KubeconfigDocument {
  readonly path: string;
  readonly currentContext: string | undefined;
  setCurrentContext(name: string): void;
  has(part: Part, name: string): boolean;
  names(part: Part): string[];
  /** What an entry holds, as plain data; undefined when there is no such entry. */
  get(part: Part, name: string): Readonly<Record<string, unknown>> | undefined;
  /** Takes the fields `replaced` out of the entry `name`, adds `fields`; the entry is made when it is missing. */
  set(part: Part, name: string, fields: Fields, replaced: readonly string[]): void;
  remove(part: Part, name: string): void;
  readonly changed: boolean;
  toString(): string;
}

/** Parses a file's text (undefined: no such file). The YAML library is loaded here, not at start-up. Throws `KubeconfigError`. */
export async function parseKubeconfig(path: string, text: string | undefined): Promise<KubeconfigDocument> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document: Document = yaml.parseDocument(text ?? '', { lineCounter: lines });

  const fault = (message: string, offset?: number, cause?: unknown): KubeconfigError => {
    const at = offset === undefined ? undefined : lines.linePos(offset);
    const where = at ? `${path}:${at.line}:${at.col}` : path;
    return new KubeconfigError('KUBECONFIG_INVALID', `${where}: ${message}; correct the file, or choose another`, {
      path,
      line: at?.line,
      column: at?.col,
      cause,
    });
  };

  const [error] = document.errors;
  if (error)
    throw fault(`not YAML: ${error.message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? ''}`, error.pos[0], error);
  if (document.contents === null || (yaml.isScalar(document.contents) && document.contents.value === null)) {
    const comment = document.contents?.comment ?? document.contents?.commentBefore;
    const empty = new yaml.YAMLMap();
    if (comment) empty.commentBefore = comment;
    document.contents = empty;
  }
  const root = document.contents;
  if (!yaml.isMap(root)) throw fault('not a kubeconfig: its top is no mapping', root.range?.[0]);

  /** A part's list; undefined when it is absent or null. */
  const listOf = (part: Part): YAMLSeq | undefined => {
    const node: unknown = root.get(lists[part], true);
    if (node === undefined || (yaml.isScalar(node) && node.value === null)) return undefined;
    const list = yaml.isAlias(node) ? node.resolve(document) : node;
    if (!yaml.isSeq(list)) throw fault(`"${lists[part]}" is no list`, yaml.isNode(node) ? node.range?.[0] : undefined);
    return list;
  };
  const entriesOf = (part: Part): YAMLMap[] =>
    (listOf(part)?.items ?? [])
      .map((item) => (yaml.isAlias(item) ? item.resolve(document) : item))
      .filter((entry): entry is YAMLMap => yaml.isMap(entry));
  const entryOf = (part: Part, name: string): YAMLMap | undefined =>
    entriesOf(part).find((entry) => entry.get('name') === name);
  // Found now, so that nothing of a broken file is written.
  for (const part of parts) listOf(part);

  const print = (): string => {
    try {
      return JSON.stringify(document.toJS());
    } catch (cause) {
      // Aliases of aliases that would fill the memory.
      throw fault(messageOf(cause), undefined, cause);
    }
  };
  const before = print();
  return {
    path,
    get currentContext() {
      const name = root.get('current-context');
      return typeof name === 'string' && name !== '' ? name : undefined;
    },
    setCurrentContext(name) {
      root.set('current-context', name);
    },
    has: (part, name) => entryOf(part, name) !== undefined,
    names: (part) =>
      entriesOf(part)
        .map((entry) => entry.get('name'))
        .filter((name): name is string => typeof name === 'string'),
    get(part, name) {
      const content = entryOf(part, name)?.toJS(document)?.[part];
      if (content === null || content === undefined) return undefined;
      if (typeof content !== 'object' || Array.isArray(content))
        throw fault(`the ${part} "${name}" is no mapping`, entryOf(part, name)?.range?.[0]);
      return content;
    },

    set(part, name, fields, replaced) {
      if (root.items.length === 0) {
        root.flow = false;
        root.set('apiVersion', 'v1');
        root.set('kind', 'Config');
      }
      let list = listOf(part);
      if (list === undefined) {
        list = new yaml.YAMLSeq();
        root.set(lists[part], list);
      }
      let entry = entryOf(part, name);
      if (entry === undefined) {
        entry = new yaml.YAMLMap();
        entry.set('name', name);
        list.add(entry);
        // An empty list is written "[]": what is put into it should not be.
        if (list.items.length === 1) list.flow = false;
      }
      let content: unknown = entry.get(part, true);
      if (!yaml.isMap(content)) {
        content = new yaml.YAMLMap();
        entry.set(part, content);
      }
      if (!yaml.isMap(content)) return;
      for (const key of replaced) if (!(key in fields)) content.delete(key);
      for (const [key, value] of Object.entries(fields)) if (content.get(key) !== value) content.set(key, value);
    },

    remove(part, name) {
      const list = listOf(part);
      if (list) list.items = list.items.filter((item) => !(yaml.isMap(item) && item.get('name') === name));
    },

    get changed() {
      return print() !== before;
    },

    toString: () =>
      document.toString({
        // No folding: certificates are one long line. kubectl writes list items at their key's column; a file that does not is left so.
        lineWidth: 0,
        indentSeq: text !== undefined && /^\s+- /m.test(text) && !/^- /m.test(text),
      }),
  };
}
