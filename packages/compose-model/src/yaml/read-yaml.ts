import type { Findings } from '../diagnostics/compose-error.js';
import { locate, type Place, type Source } from '../tree/place.js';
import { printPath, type Path, type Steps } from '../tree/path.js';
import { scalar, type MapTree, type Tree } from '../tree/tree.js';
import { parseFully } from './full-parser.js';
import type { AliasNode, ListNode, MapNode, ScalarNode, YamlNode } from './node.js';
import { parseQuickly } from './quick-parser.js';
import { resolvePlain } from './scalar.js';

/** One YAML document: its tree, and the paths whose earlier definitions its tags take away. */
export interface YamlDocument {
  readonly tree: Tree;
  /** Paths marked `!reset` (absent from the tree) or `!override` (present in it). */
  readonly removals: readonly Path[];
}

/** Values in one document, aliases counted each time they are used: enough for any real file, too little for an alias bomb. */
const nodeLimit = 100_000;
const depthLimit = 200;

class Refused extends Error {}

interface Reading {
  readonly source: Source;
  readonly findings: Findings;
  readonly removals: Path[];
  /** Aliases that are being followed: one that meets itself is a cycle. */
  readonly open: Map<YamlNode, Path>;
  nodes: number;
  aliased: number;
}

/** Reads every document of a file. Positions are kept; duplicate keys, keys that are not text, and alias bombs are findings. */
export async function readYaml(source: Source, findings: Findings): Promise<readonly YamlDocument[]> {
  const zero = source.text.indexOf('\u0000');
  if (zero >= 0) {
    findings.error({
      code: 'parse',
      text: 'this is not text: it holds a zero byte',
      at: { source, offset: zero },
      hint: 'Compose files are YAML in UTF-8',
    });
    return [];
  }
  const quick = parseQuickly(source.text, nodeLimit);
  if (quick === 'too many') {
    findings.error({ code: 'parse', text: tooMany, at: { source, offset: 0 } });
    return [];
  }
  const nodes = quick === undefined ? await parseFully(source, findings) : [quick];
  return nodes.flatMap((node) => {
    const made = node === undefined ? undefined : readDocument(node, source, findings);
    return made === undefined ? [] : [made];
  });
}

const tooMany = `compose file exceeds maximum node visit limit (${nodeLimit})`;

function readDocument(contents: YamlNode, source: Source, findings: Findings): YamlDocument | undefined {
  const reading: Reading = { source, findings, removals: [], open: new Map(), nodes: 0, aliased: 0 };
  try {
    const tree = readNode(contents, reading, []);
    return tree === undefined ? undefined : { tree, removals: reading.removals };
  } catch (error) {
    if (error instanceof Refused) return undefined;
    if (error instanceof RangeError) {
      findings.error({ code: 'parse', text: 'nested too deeply', at: { source, offset: 0 } });
      return undefined;
    }
    throw error;
  }
}

function placeOf(node: YamlNode, reading: Reading): Place {
  return { source: reading.source, offset: node.offset };
}

function refuse(reading: Reading, text: string, node: YamlNode, path: Path, code: 'parse' | 'cycle' = 'parse'): never {
  reading.findings.error({ code, text, path, sentence: true, at: placeOf(node, reading) });
  throw new Refused();
}

/** `undefined` for what `!reset` takes away. */
function readNode(node: YamlNode, reading: Reading, path: Steps): Tree | undefined {
  reading.nodes += 1;
  if (reading.open.size > 0) reading.aliased += 1;
  // The rule of the Go library: a large share of values made by aliases is an attack, not a file.
  if (reading.nodes > nodeLimit) {
    const text = reading.aliased > reading.nodes * 0.9 ? 'document contains excessive aliasing' : tooMany;
    refuse(reading, text, node, path);
  }
  if (path.length > depthLimit) refuse(reading, `nested too deeply: more than ${depthLimit} levels`, node, path);
  if (node.tag === '!reset' || node.tag === '!override') {
    reading.removals.push([...path]);
    if (node.tag === '!reset') return undefined;
  }
  switch (node.kind) {
    case 'alias':
      return readAlias(node, reading, path);
    case 'map':
      return readMap(node, reading, path);
    case 'list':
      return readList(node, reading, path);
    case 'scalar':
      return readScalar(node, reading);
  }
}

function readAlias(node: AliasNode, reading: Reading, path: Steps): Tree | undefined {
  const { target } = node;
  if (target === undefined) return refuse(reading, `unknown anchor '${node.name}' referenced`, node, path);
  const opened = reading.open.get(target);
  if (opened !== undefined) {
    const [here, there] = [printPath(path), printPath(opened)];
    refuse(reading, `cycle detected: node at path ${here} references node at path ${there}`, node, path, 'cycle');
  }
  reading.open.set(target, [...path]);
  const tree = readNode(target, reading, path);
  reading.open.delete(target);
  return tree;
}

function readList(node: ListNode, reading: Reading, path: Steps): Tree {
  const items: Tree[] = [];
  node.items.forEach((item, index) => {
    path.push(index);
    const tree = readNode(item, reading, path);
    path.pop();
    if (tree !== undefined) items.push(tree);
  });
  return { kind: 'list', items, at: placeOf(node, reading) };
}

function readScalar(node: ScalarNode, reading: Reading): Tree {
  const at = placeOf(node, reading);
  const { tag, text } = node;
  if (tag === 'tag:yaml.org,2002:binary') {
    const bytes = Uint8Array.from(decodeBase64(text, node, reading), (byte) => byte.charCodeAt(0));
    return scalar(new TextDecoder().decode(bytes), at);
  }
  if (tag === 'tag:yaml.org,2002:str') return scalar(text, at);
  if (tag?.startsWith('tag:yaml.org,2002:') !== true && !node.plain) return scalar(text, at);
  return { kind: 'scalar', at, ...resolvePlain(text) };
}

function decodeBase64(text: string, node: ScalarNode, reading: Reading): string {
  try {
    return atob(text.replace(/\s/g, ''));
  } catch {
    return refuse(reading, '!!binary value contains invalid base64 data', node, []);
  }
}

function readMap(node: MapNode, reading: Reading, path: Steps): Tree {
  const entries = new Map<string, Tree>();
  const keys = new Map<string, Place>();
  const merges: YamlNode[] = [];
  const written = new Map<string, Place>();
  for (const { key: keyNode, value: valueNode } of node.pairs) {
    const key = readKey(keyNode, node, reading, path);
    const at = keyNode === undefined ? placeOf(node, reading) : placeOf(keyNode, reading);
    if (key === undefined) continue;
    if (key === '<<' && keyNode?.kind === 'scalar' && keyNode.plain) {
      if (valueNode !== undefined) merges.push(valueNode);
      continue;
    }
    const earlier = written.get(key);
    if (earlier !== undefined) {
      const [here, there] = [locate(at).line, locate(earlier).line];
      const text = `line ${here}: mapping key "${key}" already defined at line ${there}`;
      reading.findings.error({ code: 'parse', text, path: [...path, key], sentence: true, at });
      continue;
    }
    written.set(key, at);
    path.push(key);
    const value = valueNode === undefined ? scalar(null, at) : readNode(valueNode, reading, path);
    path.pop();
    if (value === undefined) continue;
    entries.set(key, value);
    keys.set(key, at);
  }
  if (merges.length === 0) return { kind: 'map', entries, keys, at: placeOf(node, reading) };
  return applyMerges({ kind: 'map', entries, keys, at: placeOf(node, reading) }, merges, path, reading, written);
}

function readKey(keyNode: YamlNode | undefined, map: MapNode, reading: Reading, path: Path): string | undefined {
  const target = keyNode?.kind === 'alias' ? keyNode.target : keyNode;
  if (target?.kind === 'scalar') {
    const tree = readScalar(target, reading);
    if (tree.kind === 'scalar' && typeof tree.value === 'string') return tree.value;
    if (tree.kind === 'scalar') {
      const where = path.length === 0 ? 'at top level' : `in ${printPath(path)}`;
      const text = `non-string key ${where}: ${tree.written ?? (tree.value === null ? '<nil>' : String(tree.value))}`;
      reading.findings.error({ code: 'shape', text, path, sentence: true, at: tree.at, hint: 'put it in quotes' });
    }
    return undefined;
  }
  const at = placeOf(keyNode ?? map, reading);
  const text = keyNode === undefined ? 'a key is missing' : 'a list or mapping cannot be a map key';
  reading.findings.error({ code: 'parse', text, path, at });
  return undefined;
}

/** `<<`: what the mapping writes itself wins; among several merged ones the first does. */
function applyMerges(
  own: MapTree,
  merges: readonly YamlNode[],
  path: Steps,
  reading: Reading,
  written: ReadonlyMap<string, Place>,
): MapTree {
  const entries = new Map(own.entries);
  const keys = new Map(own.keys);
  const add = (tree: Tree | undefined, node: YamlNode): void => {
    if (tree === undefined) return;
    if (tree.kind === 'list') {
      for (const item of tree.items) add(item, node);
    } else if (tree.kind === 'map') {
      for (const [key, value] of tree.entries) {
        if (entries.has(key) || written.has(key)) continue;
        entries.set(key, value);
        keys.set(key, tree.keys.get(key) ?? value.at);
      }
    } else if (tree.value !== null) {
      const text = 'map merge requires map or sequence of maps as the value';
      reading.findings.error({ code: 'parse', text, path, at: placeOf(node, reading) });
    }
  };
  for (const value of merges) add(readNode(value, reading, path), value);
  return { ...own, entries, keys };
}
