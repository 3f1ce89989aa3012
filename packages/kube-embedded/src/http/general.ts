import { methodNotAllowed, notAcceptable, resourceNotServed } from '../errors.js';
import {
  aggregatedDiscovery,
  apiGroupDocument,
  apiGroupList,
  apiResourceList,
  apiVersions,
  rootPaths,
} from '../discovery/documents.js';
import { openApiV2, openApiV3, openApiV3Index } from '../discovery/openapi.js';
import type { Kind } from '../kinds/kind.js';
import { versionDocument } from '../discovery/version.js';
import type { Backend } from '../requests/backend.js';
import { checkAccept, chooseForm, parseAccept } from './accept.js';
import { type Exchange, type Reply, documentReply, jsonReply, textReply } from './exchange.js';
import { metricsText } from './metrics.js';

/** Where the 2015 provider's UI lives: the redirect chain is that of the original. */
const uiPath = '/api/v1/proxy/namespaces/kube-system/services/kubernetes-dashboard';

const redirect = (status: number, location: string, words: string): Reply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', location },
  body: `<a href="${location}">${words}</a>.\n\n`,
});

const wantsAggregated = (accept: string | undefined): boolean =>
  parseAccept(accept).some(
    ({ type, parameters }) =>
      type === 'application/json' &&
      parameters['g'] === 'apidiscovery.k8s.io' &&
      parameters['v'] === 'v2' &&
      parameters['as'] === 'APIGroupDiscoveryList',
  );

const aggregated = (kinds: readonly Kind[], core: boolean): Reply =>
  documentReply(aggregatedDiscovery(kinds, core), {
    'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    vary: 'Accept',
  });

const checks = ['ping', 'log', 'storage'];

function health(path: string, { query }: Exchange): Reply | undefined {
  const [, name = 'healthz', check, ...rest] = path.split('/');
  if (rest.length > 0 || (check !== undefined && !checks.includes(check))) return undefined;
  if (query.get('verbose') === null) return textReply(200, 'ok');
  return textReply(200, [...checks.map((check) => `[+]${check} ok`), `${name} check passed`, ''].join('\n'));
}

/** Of some paths the real server looks at the method, and takes GET alone: not even HEAD. Others it answers whatever the method is. */
const onlyRead =
  /^\/(version|api|api\/[^/]*|apis\/[^/]+\/[^/]+|openid\/v1\/jwks|\.well-known\/openid-configuration)\/?$/;

/** Paths that are about the server and not about objects: discovery, health, version. Undefined for any other path. */
export function handleGeneral(backend: Backend, exchange: Exchange, serverAddress: string): Reply | undefined {
  const found = generalReply(backend, exchange, serverAddress);
  if (found && exchange.method !== 'GET' && onlyRead.test(exchange.path)) throw methodNotAllowed();
  return found;
}

function generalReply(backend: Backend, exchange: Exchange, serverAddress: string): Reply | undefined {
  const { path, request } = exchange;
  const accept = request.headers.accept;
  const found = (document: object | undefined): Reply | undefined => {
    if (!document) return undefined;
    // The list of groups is not routed.
    if (path !== '/apis') checkAccept(accept, false);
    chooseForm(accept);
    return jsonReply(200, document);
  };
  const parts = path.split('/').slice(1);
  const kinds = backend.kinds.list();
  switch (parts[0]) {
    case '':
      return parts.length === 1 ? documentReply(rootPaths(kinds)) : undefined;
    case 'api':
      if (parts.length === 1 || (parts.length === 2 && parts[1] === '')) {
        return wantsAggregated(accept) ? aggregated(kinds, true) : found(apiVersions(serverAddress));
      }
      return parts.length === 2 ? found(apiResourceList(kinds, '', parts[1] ?? '')) : undefined;
    case 'apis':
      if (parts.length === 1 || (parts.length === 2 && parts[1] === '')) {
        return wantsAggregated(accept) ? aggregated(kinds, false) : found(apiGroupList(kinds));
      }
      if (parts.length === 2) return found(apiGroupDocument(kinds, parts[1] ?? ''));
      return parts.length === 3 ? found(apiResourceList(kinds, parts[1] ?? '', parts[2] ?? '')) : undefined;
    case 'version':
      if (parts.length > 1) throw resourceNotServed();
      return documentReply(JSON.stringify(versionDocument, undefined, 2));
    case 'healthz':
    case 'livez':
    case 'readyz':
      return health(path, exchange);
    case 'metrics':
      return parts.length === 1
        ? {
            status: 200,
            headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores' },
            body: metricsText(backend),
          }
        : undefined;
    case '.well-known':
      return parts[1] === 'openid-configuration'
        ? documentReply(openIdConfiguration(backend, serverAddress))
        : undefined;
    case 'openid':
      return path === '/openid/v1/jwks'
        ? documentReply(backend.tokens.keySet(), { 'content-type': 'application/jwk-set+json' })
        : undefined;
    case 'openapi':
      return openApi(kinds, parts.slice(1), accept);
    case 'ui':
      return parts.length === 1
        ? redirect(301, '/ui/', 'Moved Permanently')
        : redirect(307, uiPath, 'Temporary Redirect');
    default:
      return undefined;
  }
}

/** Where others find the keys that tokens of service accounts are checked with (OpenID Connect Discovery). */
const openIdConfiguration = ({ tokens: { issuer, algorithms } }: Backend, serverAddress: string): object => ({
  issuer,
  jwks_uri: `https://${serverAddress}/openid/v1/jwks`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: algorithms,
});

function openApi(kinds: readonly Kind[], parts: readonly string[], accept: string | undefined): Reply | undefined {
  if (parts[0] !== 'v2' && parts[0] !== 'v3') return undefined;
  const onlyProtobuf = !parseAccept(accept).some(({ type }) => type === 'application/json' || type.includes('*'));
  if (onlyProtobuf) throw notAcceptable(['application/json']);
  if (parts[0] === 'v2') return documentReply(openApiV2(kinds));
  if (parts.length === 1) return documentReply(openApiV3Index(kinds));
  const document =
    parts[1] === 'api' ? openApiV3(kinds, '', parts[2] ?? '') : openApiV3(kinds, parts[2] ?? '', parts[3] ?? '');
  return document === undefined ? undefined : documentReply(document);
}
