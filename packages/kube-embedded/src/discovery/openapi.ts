import { createHash } from 'node:crypto';
import type { JsonObject } from '../json/tree.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { patchTypesOf } from '../patch/types.js';
import { definitionFor, definitionNames, definitionOf } from '../schema/definition.js';
import { groupVersions } from './documents.js';
import { publishedName, schemas } from './schemas.js';
import { gitVersion } from './version.js';

const base = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;

const gvk = ({ group, version, kind }: Kind): JsonObject => ({ group, version, kind });

const queryParameter = (name: string, type: string, version: 2 | 3): JsonObject =>
  version === 3
    ? { name, in: 'query', schema: { type, uniqueItems: true } }
    : { name, in: 'query', type, uniqueItems: true };

const pathParameter = (name: string, version: 2 | 3): JsonObject =>
  version === 3
    ? { name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } }
    : { name, in: 'path', required: true, type: 'string', uniqueItems: true };

/** The paths of the kinds given: what a client needs to know which verbs, patches and parameters are taken. */
function paths(served: readonly Kind[], version: 2 | 3): JsonObject {
  const all: JsonObject = {};
  const prefix = version === 3 ? '#/components/schemas/' : '#/definitions/';
  for (const kind of served) {
    const known = definitionFor(kind);
    const schema: JsonObject = known ? { $ref: `${prefix}${publishedName(known)}` } : { type: 'object' };
    const answer: JsonObject =
      version === 3
        ? { description: 'OK', content: { 'application/json': { schema } } }
        : { description: 'OK', schema };
    const operation = (verb: string, action: string, more: JsonObject = {}): JsonObject => ({
      operationId: `${verb}${kind.group === '' ? 'Core' : (kind.group.split('.')[0] ?? '')}${kind.version}${kind.namespaced ? 'Namespaced' : ''}${kind.kind}`,
      responses: { '200': answer },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvk(kind),
      ...more,
    });
    const writing = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) =>
      queryParameter(name, 'string', version),
    );
    const bodyOf = (types: readonly string[], body: JsonObject): JsonObject =>
      version === 3
        ? {
            requestBody: { required: true, content: Object.fromEntries(types.map((type) => [type, { schema: body }])) },
          }
        : { consumes: [...types] };
    const bodyParameter = (body: JsonObject): JsonObject[] =>
      version === 3 ? [] : [{ name: 'body', in: 'body', required: true, schema: body }];
    const collection = kind.namespaced
      ? `${base(kind)}/namespaces/{namespace}/${kind.plural}`
      : `${base(kind)}/${kind.plural}`;
    const outer = kind.namespaced ? [pathParameter('namespace', version)] : [];
    const on = (verb: Kind['verbs'][number], key: string, made: JsonObject): JsonObject =>
      kind.verbs.includes(verb) ? { [key]: made } : {};
    all[collection] = {
      ...on('list', 'get', operation('list', 'list')),
      ...on(
        'create',
        'post',
        operation('create', 'post', {
          ...bodyOf(['application/json'], schema),
          parameters: [...bodyParameter(schema), ...writing],
        }),
      ),
      ...on('deletecollection', 'delete', operation('deleteCollection', 'deletecollection')),
      ...(outer.length > 0 ? { parameters: outer } : {}),
    };
    if (!kind.verbs.includes('get')) continue;
    const patchBody: JsonObject = { type: 'object' };
    all[`${collection}/{name}`] = {
      ...on('get', 'get', operation('read', 'get')),
      ...on(
        'update',
        'put',
        operation('replace', 'put', {
          ...bodyOf(['application/json'], schema),
          parameters: [...bodyParameter(schema), ...writing],
        }),
      ),
      ...on(
        'patch',
        'patch',
        operation('patch', 'patch', {
          ...bodyOf(patchTypesOf(kind), patchBody),
          parameters: [...bodyParameter(patchBody), ...writing, queryParameter('force', 'boolean', version)],
        }),
      ),
      ...on('delete', 'delete', operation('delete', 'delete')),
      parameters: [pathParameter('name', version), ...outer],
    };
  }
  return all;
}

const info: JsonObject = { title: 'Kubernetes', version: gitVersion };

const second = new WeakMap<readonly Kind[], string>();

/** `/openapi/v2`: one document of everything. Made once for each list of kinds. */
export function openApiV2(kinds: readonly Kind[]): string {
  let text = second.get(kinds);
  if (text === undefined) {
    const custom = kinds.flatMap((kind) => (kind.custom ? [kind.custom.definition] : []));
    text = JSON.stringify({
      swagger: '2.0',
      info,
      paths: paths(kinds, 2),
      definitions: schemas(2, '#/definitions/', [...definitionNames(), ...custom]),
    });
    second.set(kinds, text);
  }
  return text;
}

const third = new WeakMap<readonly Kind[], Map<string, string>>();

/** `/openapi/v3/api/v1`, `/openapi/v3/apis/GROUP/VERSION`; undefined for what is not served. */
export function openApiV3(kinds: readonly Kind[], group: string, version: string): string | undefined {
  const key = groupVersion({ group, version });
  let documents = third.get(kinds);
  if (!documents) third.set(kinds, (documents = new Map<string, string>()));
  let text = documents.get(key);
  if (text === undefined) {
    const served = kinds.filter((kind) => kind.group === group && kind.version === version);
    if (served.length === 0) return undefined;
    const names = served.flatMap((kind) => {
      const own = definitionFor(kind);
      const others = kind.subresources.map((sub) =>
        definitionOf(sub.group ?? kind.group, sub.version ?? kind.version, sub.kind ?? kind.kind),
      );
      return [own, ...others].flatMap((known) => (known ? [known.name] : []));
    });
    text = JSON.stringify({
      openapi: '3.0.0',
      info,
      paths: paths(served, 3),
      components: { schemas: schemas(3, '#/components/schemas/', [...names, 'meta.v1.DeleteOptions']) },
    });
    documents.set(key, text);
  }
  return text;
}

const indexes = new WeakMap<readonly Kind[], object>();
/** `/openapi/v3`: where each group's document is. The hash lets clients keep what they have read. */
export function openApiV3Index(kinds: readonly Kind[]): object {
  let index = indexes.get(kinds);
  if (!index) {
    // The documents follow from the version and the table of kinds: their hash need not wait for them to be made.
    const hash = createHash('sha256').update(gitVersion).update(JSON.stringify(kinds)).digest('hex').toUpperCase();
    index = {
      paths: Object.fromEntries(
        groupVersions(kinds).map(([group, version]) => {
          const path = base({ group, version }).slice(1);
          return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
        }),
      ),
    };
    indexes.set(kinds, index);
  }
  return index;
}
