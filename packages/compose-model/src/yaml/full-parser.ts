import type { Alias, Node, Pair as LibraryPair, YAMLMap, YAMLSeq } from 'yaml';
import type { Source } from '../tree/place.js';
import type { Findings } from '../diagnostics/compose-error.js';
import type { Pair, YamlNode } from './node.js';

/** Most lines, and most commas and opening brackets, of a text that only the full parser can read: it takes a second for about this many. */
const limit = 100_000;
const bracketLimit = 1000;

/** What keeps a text from being parsed at all: its size or its depth, guessed from its signs. */
function hindrance(text: string): string | undefined {
  let lines = 1;
  let parts = 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10) lines += 1;
    else if (code === 44) parts += 1;
    else if (code === 91 || code === 123) {
      parts += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if ((code === 93 || code === 125) && depth > 0) depth -= 1;
  }
  if (lines > limit) return `the file has ${lines} lines: at most ${limit} are read`;
  if (deepest > bracketLimit || /(?:- ){1000}/.test(text)) return 'nested too deeply';
  return parts > limit ? `the file has about ${parts} values: at most ${limit} are read` : undefined;
}

/**
 * Reads any YAML with the library, which is loaded when a file needs it. Errors of syntax are findings.
 * @returns one node for each document, `undefined` for an empty one; nothing after an error
 */
export async function parseFully(source: Source, findings: Findings): Promise<readonly (YamlNode | undefined)[]> {
  const text = hindrance(source.text);
  if (text !== undefined) {
    findings.error({ code: 'parse', text, at: { source, offset: 0 }, hint: 'take it apart with include' });
    return [];
  }
  const { isAlias, isMap, isScalar, isSeq, parseAllDocuments, visit } = await import('yaml');
  const parsed = parseAllDocuments(source.text, {
    keepSourceTokens: false,
    schema: 'failsafe',
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
    stringKeys: false,
    merge: false,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  const errors = documents.flatMap((document) => document.errors);
  for (const error of errors) {
    findings.error({ code: 'parse', text: error.message, at: { source, offset: error.pos[0] } });
  }
  if (errors.length > 0) return [];

  return documents.map((document) => {
    const { contents } = document;
    if (contents === null) return undefined;
    // An alias stands for the last node before it with its anchor.
    const anchors = new Map<string, Node>();
    const targets = new Map<Alias, Node>();
    visit(document, {
      Node(_key, node) {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target !== undefined) targets.set(node, target);
        } else if (node.anchor !== undefined) {
          anchors.set(node.anchor, node);
        }
      },
    });
    const made = new Map<Node, YamlNode>();
    const convert = (node: Node): YamlNode => {
      const known = made.get(node);
      if (known !== undefined) return known;
      const base = {
        offset: node.range?.[0] ?? 0,
        ...(node.tag !== undefined && { tag: node.tag }),
      };
      if (isAlias(node)) {
        const target = targets.get(node);
        return {
          kind: 'alias',
          name: node.source,
          offset: base.offset,
          get target() {
            return target === undefined ? undefined : convert(target);
          },
        };
      }
      let result: YamlNode;
      if (isScalar(node)) {
        const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
        result = { kind: 'scalar', text, plain: node.type === 'PLAIN', ...base };
      } else if (isSeq(node)) {
        const items: YamlNode[] = [];
        result = { kind: 'list', items, ...base };
        made.set(node, result);
        for (const item of (node as YAMLSeq<Node>).items) items.push(convert(item));
      } else if (isMap(node)) {
        const pairs: Pair[] = [];
        result = { kind: 'map', pairs, ...base };
        made.set(node, result);
        for (const { key, value } of (node as YAMLMap<Node | null, Node | null>).items as LibraryPair<
          Node | null,
          Node | null
        >[]) {
          pairs.push({
            key: key === null ? undefined : convert(key),
            value: value == null ? undefined : convert(value),
          });
        }
      } else {
        throw new TypeError('unknown YAML construct');
      }
      made.set(node, result);
      return result;
    };
    return convert(contents);
  });
}
