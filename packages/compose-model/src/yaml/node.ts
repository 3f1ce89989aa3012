/** What stands at a place of a YAML document, before anchors are followed and types resolved. */
export interface NodeBase {
  /** Offset of the value in the text, behind its anchor and tag. */
  readonly offset: number;
  anchor?: string;
  tag?: string;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly text: string;
  /** Without quotes and on one line: only such a text may be a number, a boolean or null. */
  readonly plain: boolean;
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly pairs: readonly Pair[];
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  /** The last node before it with that anchor; it may be one that the alias stands in. */
  readonly target: YamlNode | undefined;
}

/** An entry of a mapping. */
export interface Pair {
  readonly key: YamlNode | undefined;
  readonly value: YamlNode | undefined;
}

export type YamlNode = ScalarNode | ListNode | MapNode | AliasNode;
