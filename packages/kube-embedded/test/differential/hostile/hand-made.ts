import { gzipSync } from 'node:zlib';
import type { FuzzedRequest } from '../../hostile/request-fuzz.js';

const maps = '/api/v1/namespaces/fuzz/configmaps';
const things = '/apis/fuzz.example.com/v1/namespaces/fuzz/things';
const mebibyte = 1024 * 1024;
const json = 'application/json';

const sent = (
  body: Buffer | string,
  {
    method = 'POST',
    path = maps,
    type = json,
    headers = {},
  }: Partial<Omit<FuzzedRequest, 'body'>> & { type?: string } = {},
): FuzzedRequest => {
  const bytes = Buffer.from(body);
  return {
    method,
    path,
    headers: { accept: json, 'content-type': type, 'content-length': String(bytes.length), ...headers },
    body: bytes,
  };
};

const asked = (path: string, headers: FuzzedRequest['headers'] = {}): FuzzedRequest => ({
  method: 'GET',
  path,
  headers: { accept: json, ...headers },
  body: undefined,
});

const patched = (type: string, body: Buffer | string, path = `${maps}/a`): FuzzedRequest =>
  sent(body, { method: 'PATCH', path, type: `application/${type}` });

const map = (data: string): string => `{"metadata":{"name":"made"},"data":{"a":${data}}}`;
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const yaml = 'application/yaml';

/** Requests that somebody thought of, each after a way in which servers were brought down or led astray. */
export const handMade: Readonly<Record<string, FuzzedRequest>> = {
  'a body beyond what is read': sent(map(`"${'x'.repeat(4 * mebibyte)}"`)),
  'an object beyond what is kept': sent(map(`"${'x'.repeat(2 * mebibyte)}"`)),
  'a merge patch beyond what is read': patched('merge-patch+json', map(`"${'x'.repeat(4 * mebibyte)}"`)),
  'an apply beyond what is read': patched('apply-patch+yaml', 'x'.repeat(4 * mebibyte), `${maps}/a?fieldManager=m`),
  'a JSON patch of 10,001 operations': patched(
    'json-patch+json',
    JSON.stringify(Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }))),
  ),
  'lists nested 10,001 deep': sent('['.repeat(10_001)),
  'objects nested 10,001 deep in a patch': patched('merge-patch+json', nested(10_001)),
  'a custom resource nested 10,001 deep': sent(nested(10_001), { path: things }),
  'a number beyond all numbers': sent(map('1e400')),
  'a number of 65 bits': sent('{"metadata":{"name":"made","generation":18446744073709551616}}'),
  'a number of 64 bits': sent('{"metadata":{"name":"made","generation":9223372036854775808}}'),
  'a fraction for a number': sent('{"metadata":{"name":"made","generation":1.5}}'),
  'a number beyond 32 bits': sent('{"metadata":{"name":"made"},"spec":{"replicas":2147483648}}', {
    path: '/apis/apps/v1/namespaces/fuzz/deployments',
  }),
  'a name with a NUL': sent('{"metadata":{"name":"ma\\u0000de"}}'),
  'a raw NUL': sent('{"metadata":{"name":"ma\0de"}}'),
  'a name of half a surrogate pair': sent('{"metadata":{"name":"\\ud800"}}'),
  'a name that is no UTF-8': sent(Buffer.from('{"metadata":{"name":"\xff"}}', 'latin1')),
  'keys said twice, strictly': sent('{"metadata":{"name":"made"},"data":{"a":"b","a":"c"}}', {
    path: `${maps}?fieldValidation=Strict`,
  }),
  'a mark of byte order': sent('\ufeff{"metadata":{"name":"made"}}'),
  'two objects': sent('{"metadata":{"name":"made"}}{"metadata":{"name":"made"}}'),
  nothing: sent(''),
  'only spaces': sent(' \n '),
  'a text': sent('"text"'),
  'YAML with aliases': sent('metadata: &m {name: made}\nother: *m\n', { type: yaml }),
  'YAML that holds itself': sent('metadata: &m {name: made, again: *m}\n', { type: yaml }),
  'YAML with a tag': sent('metadata: {name: !!binary aGk=}\n', { type: yaml }),
  'YAML that merges': sent('base: &b {name: made}\nmetadata: {<<: *b}\n', { type: yaml }),
  'two documents of YAML': sent('metadata: {name: made}\n---\nmetadata: {name: other}\n', { type: yaml }),
  'a key of YAML that is a number': sent('metadata: {name: made}\ndata: {1: a}\n', { type: yaml }),
  'protobuf that is none': sent('{}', { type: 'application/vnd.kubernetes.protobuf' }),
  'a gzipped body': sent(gzipSync(map('"b"')), { headers: { 'content-encoding': 'gzip' } }),
  'a charset nobody knows': sent(map('"b"'), { type: 'application/json; charset=utf-7' }),
  'a type with a broken parameter': sent(map('"b"'), { type: 'application/json; charset' }),
  'a type in capitals': sent(map('"b"'), { type: 'Application/JSON' }),
  'gzip wanted': asked(maps, { 'accept-encoding': 'gzip' }),
  'types with odd qualities': asked(maps, { accept: 'application/json;q=2, */*;q=-1' }),
  'two slashes': asked('//api/v1/namespaces/fuzz/configmaps'),
  'two slashes within': asked('/api/v1//namespaces/fuzz/configmaps'),
  'a slash at the end': asked(`${maps}/a/`),
  'dots up': asked('/api/v1/namespaces/fuzz/../../../../etc/passwd'),
  'dots up, escaped': asked('/api/v1/namespaces/fuzz/%2e%2e/%2e%2e/secrets'),
  'a slash in a name, escaped': asked(`${maps}/a%2fb`),
  'a NUL in a name': asked(`${maps}/a%00`),
  'a percent sign in a name': asked(`${maps}/a%25`),
  'a name of 20,000 letters': asked(`${maps}/${'a'.repeat(20_000)}`),
  'a selector of 20,000 letters': asked(`${maps}?labelSelector=${'a'.repeat(20_000)}`),
  'a selector of 5,000 requirements': asked(
    `${maps}?labelSelector=${Array.from({ length: 5000 }, (_, index) => `a${index}!=b`).join()}`,
  ),
  'a selector of 10,000 brackets': asked(`${maps}?labelSelector=${encodeURIComponent('('.repeat(10_000))}`),
  '1,000 parameters': asked(`${maps}?${Array.from({ length: 1000 }, (_, index) => `p${index}=1`).join('&')}`),
  '1,000 limits': asked(`${maps}?${Array.from({ length: 1000 }, (_, index) => `limit=${index}`).join('&')}`),
  'a header of 100,000 letters': asked(maps, { 'x-long': 'a'.repeat(100_000) }),
  'a watch with an upgrade that is none': asked(`${maps}?watch=true`, { connection: 'upgrade', upgrade: 'nothing' }),
  'a continue of another server': asked(`${maps}?continue=${'A'.repeat(10_000)}`),
  'a watch that lives for no time': asked(`${maps}?watch=true&timeoutSeconds=-5`),
  'a limit below nothing': asked(`${maps}?limit=-5`),
  'a custom resource without a kind': sent('{"metadata":{"name":"made"}}', { path: things }),
  'a custom resource without a version': sent('{"kind":"Thing","metadata":{"name":"made"}}', { path: things }),
  'a table with what is none in its rows': asked(`${maps}?includeObject=All`, {
    accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  }),
  'an object of a namespace that is none': sent('{"metadata":{"name":"made","namespace":"other"}}'),
};
