import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKubeClient, type KubeClient } from './client.js';
import { pods } from './resources.js';
import { waitFor } from './wait.js';

/** Lists one pod at version 1, and sends each of `later` to whoever watches. */
let later: object[];
let refusal: { code: number; reason: string } | undefined;
let urls: string[];
let server: Server;
let api: KubeClient;

const pod = (name: string, version: string, phase: string) => ({
  metadata: { name, namespace: 'ns', uid: name, resourceVersion: version },
  status: { phase },
});

beforeEach(async () => {
  later = [];
  urls = [];
  refusal = undefined;
  server = createServer((request, response) => {
    urls.push(request.url ?? '');
    if (refusal)
      return response.writeHead(refusal.code).end(JSON.stringify({ kind: 'Status', message: 'no', ...refusal }));
    if (!request.url?.includes('watch=true'))
      return response.end(JSON.stringify({ metadata: { resourceVersion: '1' }, items: [pod('a', '1', 'Pending')] }));
    response.writeHead(200).flushHeaders();
    for (const event of later) response.write(`${JSON.stringify(event)}\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  api = createKubeClient({ server: `http://127.0.0.1:${address.port}` });
});
afterEach(() => {
  api.close();
  server.closeAllConnections();
  server.close();
});

describe('waitFor', () => {
  it('resolves to an object once it is as it should be', async () => {
    later = [{ type: 'MODIFIED', object: pod('a', '2', 'Running') }];
    const found = await waitFor(api, pods, 'a', (one) => one?.status?.phase === 'Running', { namespace: 'ns' });
    expect(found?.metadata?.resourceVersion).toBe('2');
    expect(urls[0]).toContain('/namespaces/ns/pods?fieldSelector=metadata.name%3Da');
  });

  it('resolves at once when it is so already', async () => {
    expect(await waitFor(api, pods, 'a', (one) => one !== undefined)).toMatchObject({ status: { phase: 'Pending' } });
  });

  it('waits for an object to be gone', async () => {
    later = [{ type: 'DELETED', object: pod('a', '3', 'Running') }];
    expect(await waitFor(api, pods, 'a', (one) => one === undefined)).toBeUndefined();
  });

  it('waits for all that a selector matches', async () => {
    later = [{ type: 'ADDED', object: pod('b', '2', 'Running') }];
    const all = await waitFor(api, pods, { labelSelector: 'app=x' }, (them) => them.length === 2);
    expect(all.map(({ metadata }) => metadata?.name)).toEqual(['a', 'b']);
    expect(urls[0]).toContain('labelSelector=app%3Dx');
  });

  it('rejects when the time is over, the signal aborts, the server refuses or the predicate throws', async () => {
    await expect(waitFor(api, pods, 'a', () => false, { timeout: 20, namespace: 'ns' })).rejects.toMatchObject({
      code: 'WAIT_TIMEOUT',
      message: 'waited 0.02 s for Pod a in namespace ns in vain',
    });
    const stop = new AbortController();
    const waiting = waitFor(api, pods, 'a', () => false, { signal: stop.signal });
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(
      waitFor(api, pods, 'a', () => {
        throw new Error('mine');
      }),
    ).rejects.toThrow('mine');
    refusal = { code: 403, reason: 'Forbidden' };
    await expect(waitFor(api, pods, 'a', () => true)).rejects.toMatchObject({ code: 'Forbidden' });
  });
});
