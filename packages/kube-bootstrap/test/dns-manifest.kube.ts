import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceFolder } from '@kmd/tools-testbed/kube';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { dnsAddon } from '../src/index.js';

const folder = await sourceFolder().catch((error: unknown) => {
  console.log(`SKIPPED: the DNS addon beside Kubernetes' own manifest: ${String(error)}`);
});

it.skipIf(folder === undefined)("the DNS addon has what Kubernetes' own manifest has", async () => {
  const text = await readFile(join(folder ?? '', 'cluster/addons/dns/coredns/coredns.yaml.base'), 'utf8');
  const filled = text
    .replaceAll('__DNS__DOMAIN__', 'cluster.local')
    .replaceAll('__DNS__SERVER__', '10.10.10.10')
    .replaceAll('__DNS__MEMORY__LIMIT__', '170Mi');
  const own = dnsAddon({ clusterIp: '10.10.10.10', domain: 'cluster.local' }).objects;
  const theirs = parseAllDocuments(filled).map((document): unknown => document.toJS());
  expect(own.map(({ kind }) => kind).sort()).toEqual(theirs.map((one) => read(one, 'kind')).sort());
  for (const one of theirs)
    expect(own.find(({ kind }) => kind === read(one, 'kind'))).toMatchObject(without(one) as object);
});

const read = (value: unknown, key: string): unknown => Object.entries(value ?? {}).find(([name]) => name === key)?.[1];

/** What only the addon manager reads, or is ours to choose: the image's version, and that any node will do. */
const theirOwn = [
  'addonmanager.kubernetes.io/mode',
  'kubernetes.io/bootstrapping',
  'rbac.authorization.kubernetes.io/autoupdate',
  'image',
  'nodeSelector',
];

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !theirOwn.includes(name))
      .map(([name, inner]): [string, unknown] => [name, without(inner)])
      // Labels of which nothing is left.
      .filter(([, inner]) => JSON.stringify(inner) !== '{}'),
  );
}
