import type { ServerResponse } from 'node:http';
import type { KubeClient } from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveApi } from '../../test/api-server.js';
import type { Addon } from './addon.js';
import { waitForAddon } from './wait.js';

/** An API server with the pods and events of a namespace: what the test puts there goes to whoever watches. */
let api: KubeClient;
let close: () => void;
let version: number;
let objects: Record<string, Map<string, object>>;
let history: { plural: string; version: number; line: string }[];
let watchers: { plural: string; response: ServerResponse }[];

beforeEach(async () => {
  version = 1;
  objects = { pods: new Map(), events: new Map() };
  history = [];
  watchers = [];
  const server = await serveApi((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const plural = pathname.split('/').at(-1) ?? '';
    if (searchParams.has('watch')) {
      response.writeHead(200).flushHeaders();
      const since = Number(searchParams.get('resourceVersion'));
      for (const one of history) if (one.plural === plural && one.version > since) response.write(one.line);
      watchers.push({ plural, response });
    } else {
      const items = [...(objects[plural]?.values() ?? [])];
      response.end(JSON.stringify({ metadata: { resourceVersion: String(version) }, items }));
    }
  });
  ({ api, close } = server);
});
afterEach(() => close());

function put(plural: 'pods' | 'events', name: string, body: object): void {
  const metadata = { name, namespace: 'kube-system', uid: name, resourceVersion: String(++version) };
  const object = { ...body, metadata };
  const type = objects[plural]?.has(name) ? 'MODIFIED' : 'ADDED';
  objects[plural]?.set(name, object);
  const line = `${JSON.stringify({ type, object })}\n`;
  history.push({ plural, version, line });
  for (const one of watchers) if (one.plural === plural) one.response.write(line);
}

const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const addon: Addon = {
  name: 'dns',
  objects: [],
  ready: { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns', replicas: 2 },
};

describe('waitForAddon', () => {
  it('follows the pods until all are ready, saying what is missing and why', async () => {
    const told: string[] = [];
    /** What the cluster does next, once the wait has told of the last. */
    const story = [
      () => put('pods', 'a', { status: { phase: 'Pending' } }),
      () =>
        put('events', 'e1', {
          involvedObject: { uid: 'a' },
          reason: 'FailedScheduling',
          message: 'no offer fits: 64 MB short',
          lastTimestamp: '2024-01-01T00:00:00Z',
        }),
      () => put('pods', 'a', { spec: { nodeName: 'n1' }, status: { phase: 'Running' } }),
      () => put('pods', 'a', { spec: { nodeName: 'n1' }, status: running }),
      () =>
        put('pods', 'b', {
          spec: { nodeName: 'n1' },
          status: {
            phase: 'Pending',
            containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull', message: 'no such' } } }],
          },
        }),
      () => put('pods', 'b', { spec: { nodeName: 'n1' }, status: running }),
    ];
    await waitForAddon(api, addon, {
      onProgress: ({ ready, wanted, missing }) => {
        told.push(`${ready}/${wanted} ${missing.join('; ')}`);
        story.shift()?.();
      },
    });
    expect(told).toEqual([
      '0/2 no pod yet',
      '0/2 a Pending; 1 more pod(s) to be made',
      '0/2 a Pending (no offer fits: 64 MB short); 1 more pod(s) to be made',
      '0/2 a Running (not ready); 1 more pod(s) to be made',
      '1/2 1 more pod(s) to be made',
      '1/2 b Pending (ErrImagePull: no such)',
      '2/2 ',
    ]);
  });

  it('returns at once when everything is ready', async () => {
    put('pods', 'a', { status: running });
    put('pods', 'b', { status: running });
    await waitForAddon(api, addon, { timeout: 5_000 });
    expect(watchers.filter(({ plural }) => plural === 'events')).toEqual([]);
  });

  it('says what is missing when the time is over, and stops at the signal', async () => {
    put('pods', 'a', { status: running });
    await expect(waitForAddon(api, addon, { timeout: 500 })).rejects.toMatchObject({
      code: 'ADDON_NOT_READY',
      message: 'addon dns is not ready after 0.5 s (1 of 2 pods): 1 more pod(s) to be made',
    });
    const stop = new AbortController();
    const reason = new Error('enough');
    const waiting = waitForAddon(api, addon, { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(waiting).rejects.toBe(reason);
  });
});
