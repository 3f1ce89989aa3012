import { customResourceDefinitions, type KubeObject, type Resource, configMaps } from '@kmd/kube-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiServer } from '../src/index.js';
import { start } from './server.js';

const at = { namespace: 'default' };
const gates: Resource<KubeObject & { spec?: object }> = {
  group: 'example.org',
  version: 'v1',
  plural: 'gates',
  kind: 'Gate',
  namespaced: true,
};
let server: ApiServer;
beforeEach(async () => {
  server = await start();
});
afterEach(() => server.close());

const define = (spec: object) =>
  server.api.create(customResourceDefinitions, {
    metadata: { name: 'gates.example.org' },
    spec: {
      group: 'example.org',
      scope: 'Namespaced',
      names: { plural: 'gates', kind: 'Gate' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  });
const outcome = (spec: object): Promise<string> =>
  server.api.create(gates, { metadata: { generateName: 'g-', ...at }, spec }).then(
    () => 'fine',
    (error: unknown) => (error instanceof Error ? error.message.replace(/^.*? is invalid: /, '') : String(error)),
  );
const rule = (text: string, message?: string) => ({ rule: text, ...(message === undefined ? {} : { message }) });

it('holds the kind of rules that definitions of gateways have', async () => {
  const text = { type: 'string', maxLength: 253 };
  await define({
    type: 'object',
    properties: {
      listeners: {
        type: 'array',
        maxItems: 64,
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: {
          type: 'object',
          required: ['name', 'port', 'protocol'],
          properties: {
            name: text,
            hostname: text,
            port: { type: 'integer' },
            protocol: text,
            tls: {
              type: 'object',
              properties: { mode: text, certificateRefs: { type: 'array', maxItems: 64, items: text } },
              'x-kubernetes-validations': [
                rule(
                  "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 : true",
                  'certificates must be named when mode is Terminate',
                ),
              ],
            },
          },
        },
        'x-kubernetes-validations': [
          rule(
            "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
            "tls must not be given for protocols ['HTTP', 'TCP', 'UDP']",
          ),
          rule(
            'self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))',
            'port, protocol and hostname must be unique',
          ),
        ],
      },
    },
  });
  const http = { name: 'http', port: 80, protocol: 'HTTP' };
  const https = { name: 'https', port: 443, protocol: 'HTTPS', tls: { mode: 'Terminate', certificateRefs: ['one'] } };
  expect(await outcome({ listeners: [http, https] })).toBe('fine');
  expect(await outcome({ listeners: [{ ...http, tls: { mode: 'Passthrough' } }] })).toBe(
    `spec.listeners: Invalid value: "array": tls must not be given for protocols ['HTTP', 'TCP', 'UDP']`,
  );
  expect(await outcome({ listeners: [http, { ...http, name: 'again' }] })).toBe(
    'spec.listeners: Invalid value: "array": port, protocol and hostname must be unique',
  );
  expect(await outcome({ listeners: [http, { ...http, name: 'other', hostname: 'a.example' }] })).toBe('fine');
  expect(await outcome({ listeners: [{ ...https, tls: { mode: 'Terminate', certificateRefs: [] } }] })).toBe(
    'spec.listeners[0].tls: Invalid value: "object": certificates must be named when mode is Terminate',
  );
  expect(await outcome({ listeners: [{ ...https, tls: { mode: 'Terminate' } }] })).toBe(
    'spec.listeners[0].tls: Invalid value: "object": no such key: certificateRefs evaluating rule: certificates must be named when mode is Terminate',
  );
});

it('stops a rule that costs too much, and serves everybody else', async () => {
  const list = { type: 'array', items: { type: 'integer' } };
  await define({
    type: 'object',
    properties: { list },
    'x-kubernetes-validations': [
      rule('self.list.all(a, self.list.all(b, self.list.all(c, a + b + c >= 0)))', 'all sums are positive'),
    ],
  });
  expect(await outcome({ list: Array(20).fill(1) })).toBe('fine');
  expect(await outcome({ list: Array(2000).fill(1) })).toBe(
    `spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: all sums are positive`,
  );
  expect(await server.api.create(configMaps, { metadata: { name: 'other', ...at } })).toBeDefined();
});

it('runs no more rules for an object than they may cost together', async () => {
  const costly = rule('self.list.all(a, self.list.all(b, a >= b))', 'all are alike');
  await define({
    type: 'object',
    properties: { list: { type: 'array', items: { type: 'integer' } } },
    'x-kubernetes-validations': Array.from({ length: 30 }, () => costly),
  });
  expect(await outcome({ list: Array(400).fill(1) })).toBe(
    'spec: Invalid value: "object": validation failed due to running out of cost budget, no further validation rules will be run',
  );
});

it('reads each value once, however many rules look at it', async () => {
  await define({
    type: 'object',
    properties: { list: { type: 'array', items: { type: 'object', properties: { a: { type: 'integer' } } } } },
    'x-kubernetes-validations': Array.from({ length: 500 }, () => rule('size(self.list) > 0')),
  });
  expect(await outcome({ list: Array.from({ length: 5000 }, (_, a) => ({ a })) })).toBe('fine');
});
