import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkPort } from './doctor.js';
import type { ClusterRecord } from './state/record.js';

describe('a port', () => {
  const server = createServer();
  afterEach(() => server.close());

  async function take(): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  function cluster(port: number, phase: ClusterRecord['phase'] = 'ready'): ClusterRecord {
    return {
      ...{
        version: 1,
        name: 'mine',
        created: '',
        phase,
        runtime: 'docker',
        engine: '',
        project: '',
        agents: 1,
        addons: [],
      },
      ...{
        apiServer: `https://127.0.0.1:${port}`,
        mesosMaster: 'http://127.0.0.1:1',
        user: { name: '', password: '' },
      },
    };
  }

  it('that nobody has is free', async () => {
    const port = await take();
    server.close();
    await once(server, 'close');
    expect(await checkPort('A port', port, [])).toEqual({ what: 'A port', result: 'ok', found: `${port} is free` });
  });

  it("that a cluster of kmd's own has is said to be its own", async () => {
    const port = await take();
    expect(await checkPort('A port', port, [cluster(port)])).toEqual({
      what: 'A port',
      result: 'ok',
      found: `${port} is held by cluster "mine"`,
    });
  });

  it('that another program has is a note, also where a stopped cluster had it once', async () => {
    const port = await take();
    const taken = { result: 'note', found: `${port} is taken` };
    expect(await checkPort('A port', port, [cluster(port + 1)])).toMatchObject(taken);
    expect(await checkPort('A port', port, [cluster(port, 'stopped')])).toMatchObject(taken);
  });
});
