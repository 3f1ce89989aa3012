import type { Difference } from '../verdict.js';

/** A kind of hostile request that the embedded server is known to answer otherwise than the real one. */
interface KnownKind {
  /** The request, where it is one; or a line that tells of a difference of this kind. */
  readonly in?: string;
  readonly line?: RegExp;
  readonly reason: string;
}

const kinds: readonly KnownKind[] = [
  {
    line: /^type: .*the real one says "application\/vnd\.kubernetes\.protobuf"$/,
    reason: 'answers are in JSON or YAML',
  },
  {
    line: /^message: .* says "socket hang up"$/,
    reason: 'the real one breaks off over protobuf that is none, of custom resources',
  },
  {
    line: /^message: .* says "Parse Error: Data after `Connection: close`"$/,
    reason: "Go's net/http answers HEAD with a body where a path is broken",
  },
  { line: /^message: .*real one says ".*yaml: /, reason: "the texts of Go's parser of YAML" },
  {
    line: /^message: .*into Go struct field (\S+) of type string", the real one says .*into Go struct field \1 of type v\d\w*\.\w+"$/,
    reason: "Go's names for kinds of texts",
  },
  {
    line: /^message: " \\"\\" is invalid: patch: Invalid value: .* real one says " \\"\\" is invalid: patch: Invalid value: /,
    reason: 'the patched object is shown with its fields in another order, or in the form that it is stored in',
  },
  {
    line: /^message: .*json: cannot unmarshal.*, the real one says .*json: cannot unmarshal/,
    reason:
      'of several values of wrong types the first of the object is told; the real one sorts the fields of patches',
  },
  {
    line: /real one says .* cannot be handled as a Thing: json: /,
    reason: 'metadata of custom resources are decoded after their kind is looked at',
  },
  { line: /real one says .*IngressRule\{\}/, reason: 'an empty list is none' },
  { line: /^message: .* real one says .*\\\\x[89a-f]/, reason: 'bytes that are no UTF-8 are not kept' },
  { line: /the real one says .*KIND/, reason: "Go's decoder takes kind in capitals for kind" },
  {
    line: /^message: .*CustomResourceDefinition.* is invalid: |real one says "CustomResourceDefinition/,
    reason: 'definitions of custom resources are held against fewer rules, in another order',
  },
  { in: 'two tokens', reason: 'who is not known is told so as in 2015' },
  { in: 'a length and chunks', reason: 'refused here, because requests are smuggled so' },
  { in: 'a chunk that is none', reason: "Node's parser ends the connection" },
  { in: 'a folded header', reason: "Node's parser refuses it, as RFC 9112 says" },
  { in: 'line feeds alone', reason: "Node's parser refuses them" },
  { in: 'a header with a space before its colon', reason: 'refused here in fewer words' },
];

/** Why the answers to a hostile request are known to differ. */
export const reasonOf = ({ name, lines }: Difference): string | undefined =>
  kinds.find(({ in: request, line }) => request === name || lines.some((one) => line?.test(one) === true))?.reason;
