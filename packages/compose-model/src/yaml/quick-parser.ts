import type { AliasNode, ListNode, MapNode, Pair, ScalarNode, YamlNode } from './node.js';
import { leave, readBlock, readQuoted } from './quick-scalars.js';

const depthLimit = 200;
const space = 32;
const newline = 10;
const hash = 35;
const colon = 58;
const dash = 45;

/** Texts that are left to the full parser: tabs, carriage returns, control characters, several documents, directives. */
const unusual = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufeff\ufffe\uffff]|^(?:---|\.\.\.|%)/m;

/**
 * Reads the YAML that Compose files are mostly made of: block mappings and lists, flow ones, texts in quotes on one line, block scalars,
 * anchors and aliases. It is several times faster than a full parser since it makes no syntax tree in between.
 * @param limit most scalars to read
 * @returns the document; `undefined` for anything else, right or wrong, which the full parser shall read and judge;
 *   `too many` when there are more scalars than the limit
 */
export function parseQuickly(text: string, limit: number): YamlNode | 'too many' | undefined {
  const start = text.startsWith('---\n') ? 4 : 0;
  if (unusual.test(start === 0 ? text : text.slice(start))) return undefined;
  const parser = new QuickParser(text, start, limit);
  try {
    return parser.document();
  } catch (error) {
    if (error === leave) return parser.count > limit ? 'too many' : undefined;
    throw error;
  }
}

class QuickParser {
  readonly text: string;
  readonly limit: number;
  readonly anchors = new Map<string, YamlNode>();
  /** Nodes that aliases stand for. */
  readonly aliased = new Set<YamlNode>();
  count = 0;
  at: number;
  /** Indentation of the content at `at`; -1 behind the last. */
  indent = 0;
  depth = 0;

  constructor(text: string, start: number, limit: number) {
    this.text = text;
    this.at = start;
    this.limit = limit;
  }

  document(): YamlNode {
    this.nextLine();
    if (this.indent < 0) throw leave;
    const node = this.block();
    if (this.indent >= 0) throw leave;
    return node;
  }

  /** Goes to the first content of this line or the next ones. `at` stands at the start of a line. */
  nextLine(): void {
    const { text } = this;
    for (;;) {
      let at = this.at;
      while (text.charCodeAt(at) === space) at += 1;
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) {
        this.at = at;
        this.indent = -1;
        return;
      }
      if (code !== newline && code !== hash) {
        this.indent = at - this.at;
        this.at = at;
        return;
      }
      this.skipLine(at);
    }
  }

  skipLine(from: number): void {
    const end = this.text.indexOf('\n', from);
    this.at = end < 0 ? this.text.length : end + 1;
  }

  /** Whether nothing but a comment follows on this line; goes behind spaces otherwise. */
  isLineDone(): boolean {
    const before = this.at;
    while (this.text.charCodeAt(this.at) === space) this.at += 1;
    const code = this.text.charCodeAt(this.at);
    if (Number.isNaN(code) || code === newline) return true;
    return code === hash && this.at > before;
  }

  /** Ends the line behind a value, and goes to the next content, which must not belong to the value. */
  endLine(parent: number): void {
    if (!this.isLineDone()) throw leave;
    this.skipLine(this.at);
    this.nextLine();
    if (this.indent > parent) throw leave;
  }

  isItem(at: number): boolean {
    if (this.text.charCodeAt(at) !== dash) return false;
    const next = this.text.charCodeAt(at + 1);
    return next === space || next === newline || Number.isNaN(next);
  }

  /** A collection that starts at `at`, in a line of its own or behind the dash of a list. */
  block(): YamlNode {
    this.depth += 1;
    if (this.depth > depthLimit) throw leave;
    const node = this.isItem(this.at) ? this.list() : this.keyAhead() ? this.map() : this.flowAlone();
    this.depth -= 1;
    return node;
  }

  flowAlone(): YamlNode {
    const char = this.text.charAt(this.at);
    if (char !== '{' && char !== '[') throw leave;
    const parent = this.indent - 1;
    const node = this.flow(parent, 0);
    this.endLine(parent);
    return node;
  }

  /** Whether a key and a colon stand at `at`. */
  keyAhead(): boolean {
    const { text, at } = this;
    const char = text.charAt(at);
    if (char === '"' || char === "'") {
      let { end } = readQuoted(text, at);
      while (text.charCodeAt(end) === space) end += 1;
      return text.charCodeAt(end) === colon;
    }
    if (/[{[&*!|>@`%?#,\]}]/.test(char)) return false;
    return this.colonOf(at) >= 0;
  }

  /** Offset of the colon that ends a plain key; -1 when there is none on the line. */
  colonOf(from: number): number {
    const { text } = this;
    for (let at = from; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === newline || Number.isNaN(code)) return -1;
      if (code === hash && text.charCodeAt(at - 1) === space) return -1;
      if (code !== colon) continue;
      const next = text.charCodeAt(at + 1);
      if (next === space || next === newline || Number.isNaN(next)) return at;
    }
  }

  map(): MapNode {
    const { indent, text } = this;
    const pairs: Pair[] = [];
    const node: MapNode = { kind: 'map', pairs, offset: this.at };
    while (this.indent === indent) {
      if (this.isItem(this.at) || !this.keyAhead()) throw leave;
      const start = this.at;
      const char = text.charAt(start);
      let key: ScalarNode;
      if (char === '"' || char === "'") {
        const quoted = readQuoted(text, start);
        key = this.scalar(quoted.value, false, start);
        this.at = quoted.end;
        while (text.charCodeAt(this.at) === space) this.at += 1;
      } else {
        const end = this.colonOf(start);
        key = this.scalar(text.slice(start, end).trimEnd(), true, start);
        this.at = end;
      }
      if (this.at - start > 1000) throw leave;
      this.at += 1;
      const next = text.charCodeAt(this.at);
      if (next !== space && next !== newline && !Number.isNaN(next)) throw leave;
      pairs.push({ key, value: this.value(indent, true) });
    }
    if (this.indent > indent) throw leave;
    return node;
  }

  list(): ListNode {
    const { indent, text } = this;
    const items: YamlNode[] = [];
    const node: ListNode = { kind: 'list', items, offset: this.at };
    while (this.indent === indent && this.isItem(this.at)) {
      const lineStart = this.at - indent;
      this.at += 1;
      const before = this.at;
      if (!this.isLineDone()) {
        const compact = this.isItem(this.at) || (!/[{[]/.test(text.charAt(this.at)) && this.keyAhead());
        if (compact) {
          this.indent = this.at - lineStart;
          items.push(this.block());
          continue;
        }
      }
      this.at = before;
      items.push(this.value(indent, false) ?? this.scalar('', true, before));
    }
    if (this.indent > indent) throw leave;
    return node;
  }

  /** The value behind a key's colon or an item's dash; `undefined` for none. Stands at the next content afterwards. */
  value(parent: number, behindKey: boolean): YamlNode | undefined {
    const { text } = this;
    let anchor: string | undefined;
    let tag: string | undefined;
    let done = this.isLineDone();
    while (!done) {
      const mark = text.charAt(this.at);
      if (mark !== '&' && mark !== '!') break;
      const word = /[^\s]*/y;
      word.lastIndex = this.at;
      const found = word.exec(text)?.[0] ?? '';
      if (mark === '&') {
        if (anchor !== undefined || !/^&[\w.-]+$/.test(found)) throw leave;
        anchor = found.slice(1);
      } else {
        if (tag !== undefined || (found !== '!reset' && found !== '!override')) throw leave;
        tag = found;
      }
      this.at += found.length;
      done = this.isLineDone();
    }
    const marks = { ...(anchor !== undefined && { anchor }), ...(tag !== undefined && { tag }) };
    if (!done) return this.inline(parent, marks, anchor);
    const here = this.at;
    this.skipLine(this.at);
    this.nextLine();
    const below = this.indent > parent || (behindKey && this.indent === parent && this.isItem(this.at));
    if (!below) {
      if (anchor === undefined && tag === undefined) return undefined;
      return this.keep(Object.assign(this.scalar('', true, here), marks), anchor);
    }
    if (anchor === undefined && tag === undefined) return this.block();
    return this.keep(
      Object.assign(
        this.guarded(anchor, () => this.block()),
        marks,
      ),
      anchor,
    );
  }

  /** A node that may not be its own content: an alias to itself is a cycle, for the full parser to say. */
  guarded(anchor: string | undefined, read: () => YamlNode): YamlNode {
    if (anchor === undefined) return read();
    const open: YamlNode = { kind: 'list', items: [], offset: this.at };
    this.anchors.set(anchor, open);
    const node = read();
    if (this.aliased.has(open)) throw leave;
    return node;
  }

  keep<T extends YamlNode>(node: T, anchor: string | undefined): T {
    if (anchor !== undefined) this.anchors.set(anchor, node);
    return node;
  }

  inline(parent: number, marks: { anchor?: string; tag?: string }, anchor: string | undefined): YamlNode {
    const { text } = this;
    const start = this.at;
    const char = text.charAt(start);
    let node: YamlNode;
    if (char === '"' || char === "'") {
      const quoted = readQuoted(text, start);
      this.at = quoted.end;
      node = this.scalar(quoted.value, false, start);
    } else if (char === '|' || char === '>') {
      const block = readBlock(text, start, parent);
      node = this.keep(Object.assign(this.scalar(block.value, false, start), marks), anchor);
      this.at = block.end;
      this.nextLine();
      if (this.indent > parent) throw leave;
      return node;
    } else if (char === '{' || char === '[') {
      node = this.guarded(anchor, () => this.flow(parent, 0));
    } else if (char === '*') {
      if (marks.anchor !== undefined || marks.tag !== undefined) throw leave;
      node = this.alias(/[^\s]+/y);
    } else {
      node = this.plain();
    }
    Object.assign(node, marks);
    this.keep(node, anchor);
    this.endLine(parent);
    return node;
  }

  plain(): ScalarNode {
    const { text, at } = this;
    const first = text.charAt(at);
    if (/[,[\]{}#&*!|>'"%@`]/.test(first)) throw leave;
    if (/[-?:]/.test(first) && /^(?:\s|$)/.test(text.charAt(at + 1))) throw leave;
    if (this.colonOf(at) >= 0) throw leave;
    const lineEnd = text.indexOf('\n', at);
    const line = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    const comment = line.indexOf(' #');
    const value = (comment < 0 ? line : line.slice(0, comment)).trimEnd();
    this.at = at + value.length;
    return this.scalar(value, true, at);
  }

  alias(word: RegExp): AliasNode {
    const { text, at } = this;
    word.lastIndex = at + 1;
    const name = word.exec(text)?.[0] ?? '';
    if (!/^[\w.-]+$/.test(name)) throw leave;
    this.at = at + 1 + name.length;
    const target = this.anchors.get(name);
    if (target !== undefined) this.aliased.add(target);
    this.counted();
    return { kind: 'alias', name, target, offset: at };
  }

  counted(): void {
    this.count += 1;
    if (this.count > this.limit) throw leave;
  }

  scalar(value: string, plain: boolean, offset: number): ScalarNode {
    this.counted();
    return { kind: 'scalar', text: value, plain, offset };
  }

  /** Behind spaces, line ends and comments inside a flow collection. Its lines must be indented more than its parent. */
  skipFlow(parent: number): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === space) this.at += 1;
      else if (code === newline) {
        const lineStart = this.at + 1;
        this.at = lineStart;
        while (text.charCodeAt(this.at) === space) this.at += 1;
        const next = text.charCodeAt(this.at);
        if (next !== newline && next !== hash && this.at - lineStart <= parent) throw leave;
      } else if (code === hash) {
        const before = text.charCodeAt(this.at - 1);
        if (before !== space && before !== newline) throw leave;
        const end = text.indexOf('\n', this.at);
        if (end < 0) throw leave;
        this.at = end;
      } else return;
    }
  }

  flow(parent: number, depth: number): YamlNode {
    if (depth + this.depth > depthLimit) throw leave;
    const { text } = this;
    const offset = this.at;
    const isMap = text.charAt(offset) === '{';
    const close = isMap ? '}' : ']';
    const items: YamlNode[] = [];
    const pairs: Pair[] = [];
    this.at += 1;
    for (;;) {
      this.skipFlow(parent);
      if (text.charAt(this.at) === close) break;
      const node = this.flowValue(parent, depth);
      if (isMap) {
        if (node.kind !== 'scalar') throw leave;
        const line = this.at;
        while (text.charCodeAt(this.at) === space) this.at += 1;
        let value: YamlNode | undefined;
        if (text.charCodeAt(this.at) === colon) {
          if (line - node.offset > 1000) throw leave;
          this.at += 1;
          const next = text.charAt(this.at);
          if (node.plain && !/[\s,[\]{}]/.test(next)) throw leave;
          this.skipFlow(parent);
          const here = text.charAt(this.at);
          value = here === ',' || here === close ? undefined : this.flowValue(parent, depth);
        }
        pairs.push({ key: node, value });
      } else {
        items.push(node);
      }
      this.skipFlow(parent);
      const after = text.charAt(this.at);
      if (after === close) break;
      if (after !== ',') throw leave;
      this.at += 1;
    }
    this.at += 1;
    return isMap ? { kind: 'map', pairs, offset } : { kind: 'list', items, offset };
  }

  flowValue(parent: number, depth: number): YamlNode {
    const { text } = this;
    const start = this.at;
    const char = text.charAt(start);
    if (char === '{' || char === '[') return this.flow(parent, depth + 1);
    if (char === '*') return this.alias(/[^\s,[\]{}]+/y);
    if (char === '"' || char === "'") {
      const quoted = readQuoted(text, start);
      this.at = quoted.end;
      return this.scalar(quoted.value, false, start);
    }
    if (char === '' || /[,\]}#&!|>%@`]/.test(char)) throw leave;
    if (/[-?:]/.test(char) && /^(?:[\s,[\]{}]|$)/.test(text.charAt(start + 1))) throw leave;
    let at = start;
    for (; ; at += 1) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) throw leave;
      if (code === newline || /[,[\]{}]/.test(text.charAt(at))) break;
      if (code === hash && text.charCodeAt(at - 1) === space) break;
      if (code === colon && /^[\s,[\]{}]/.test(text.charAt(at + 1))) break;
    }
    this.at = at;
    return this.scalar(text.slice(start, at).trimEnd(), true, start);
  }
}
