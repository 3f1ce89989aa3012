import type { KubeError } from '@kmd/kube-client';
import type * as Yaml from 'yaml';
import type { Alias, Document, Tags } from 'yaml';
import type { Json } from '../json/tree.js';

const binary = 'tag:yaml.org,2002:binary';

/** YAML 1.1 as Go's parser reads it: bytes are texts, times and numbers of base 60 no more than what is written. */
const tagsOf = (tags: Tags): Tags => [
  ...tags.filter(
    (tag) =>
      typeof tag === 'string' ||
      (tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.tag !== binary && tag.format !== 'TIME'),
  ),
  { tag: binary, resolve: (text: string) => Buffer.from(text, 'base64').toString() },
];

/** The first alias that stands within what it names. */
function selfReference({ isNode, visit }: typeof Yaml, document: Document): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias(_, alias, above) {
      if (!above.some((node) => isNode(node) && 'anchor' in node && node.anchor === alias.source)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * The first document of a text in YAML, the parser of which is loaded for the first one. At most a hundred aliases: a small text must not become a large
 * object. Of keys said twice the last counts, as in Go; to look for them takes the square of their number.
 */
export async function parseYaml(text: string, refuse: (why: string) => KubeError): Promise<Json> {
  const yaml = await import('yaml');
  const [document] = yaml.parseAllDocuments(text, { schema: 'yaml-1.1', customTags: tagsOf, uniqueKeys: false });
  if (document === undefined) return null;
  const [problem] = document.errors;
  if (problem) throw refuse(`error converting YAML to JSON: yaml: ${problem.message}`);
  const circle = selfReference(yaml, document);
  if (circle) throw refuse(`yaml: anchor '${circle.source}' value contains itself`);
  try {
    const value: Json = document.toJS({ maxAliasCount: 100 });
    return value;
  } catch (cause) {
    throw refuse(`error converting YAML to JSON: yaml: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
