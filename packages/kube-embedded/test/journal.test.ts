import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configMaps, deployments, endpoints, events, isExpired, pods, services } from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, startControllers } from '../src/index.js';
import { start } from './server.js';

let home: string;
let directory: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kmd-journal-'));
  directory = join(home, 'state');
});
afterEach(() => rmSync(home, { recursive: true }));
const at = { namespace: 'default' };

describe('a server with a journal', () => {
  it('is the same cluster after a restart', async () => {
    const before = openJournal({ directory });
    const first = await start({ store: before.store });
    await first.api.create(configMaps, { metadata: { name: 'kept', ...at }, data: { a: 'b' } });
    const service = await first.api.create(services, {
      metadata: { name: 'web', ...at },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    await first.api.create(deployments, {
      metadata: { name: 'web', ...at },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    const version = (await first.api.list(configMaps, at)).metadata.resourceVersion;
    await first.close();
    before.close();

    const after = openJournal({ directory });
    const second = await start({ store: after.store });
    const controllers = startControllers({ api: second.api });
    await controllers.synced;
    try {
      expect((await second.api.get(configMaps, 'kept', at)).data).toEqual({ a: 'b' });
      // Where the server is now, not where it was.
      const own = await second.api.get(endpoints, 'kubernetes', at);
      expect(own.subsets?.[0]?.ports?.[0]?.port).toBe(second.port);
      const other = await second.api.create(services, {
        metadata: { name: 'b', ...at },
        spec: { ports: [{ port: 1 }] },
      });
      expect(other.spec?.clusterIP).not.toBe(service.spec?.clusterIP);
      await expect.poll(async () => (await second.api.list(pods, at)).items.length).toBe(1);
      // What happened between is not known: a watcher must list again.
      const watch = second.api.watch(configMaps, { ...at, resourceVersion: String(Number(version) - 3) });
      await expect(watch[Symbol.asyncIterator]().next()).rejects.toSatisfy(isExpired);
      expect((await second.api.list(events, at)).items.length).toBeGreaterThan(0);
    } finally {
      await controllers.close();
      await second.close();
      after.close();
    }
  });
});
