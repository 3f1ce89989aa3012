import { EngineError } from '@kmd/image-builder';
import { describe, expect, it } from 'vitest';
import type { EngineContainer } from '../engine/docker-engine.js';
import { removeNetwork } from './remove-network.js';

const network = { id: 'n1', name: 'demo_default' };
const { signal } = new AbortController();

/** An engine whose network has these endpoints, and which lets go of some by itself after a few refusals. */
function engineWith(
  endpoints: Map<string, string>,
  { present = [] as readonly Pick<EngineContainer, 'id' | 'state'>[], letsGoAfter = Infinity } = {},
) {
  const asked: string[] = [];
  let refusals = 0;
  return {
    asked,
    async removeNetwork() {
      if (refusals >= letsGoAfter) endpoints.clear();
      if (endpoints.size === 0) return void asked.push('removed');
      refusals += 1;
      throw new EngineError('engine-refused', 'network demo_default has active endpoints');
    },
    endpoints: async () => [...endpoints].map(([name, container]) => ({ name, container })),
    containers: async () => present as EngineContainer[],
    async disconnect(_network: string, name: string) {
      asked.push(`disconnect ${name}`);
      endpoints.delete(name);
    },
  };
}

describe('the removal of a network', () => {
  const waited: number[] = [];
  const wait = async (milliseconds: number): Promise<void> => void waited.push(milliseconds);

  it('waits until a busy engine has let go of containers that are gone', async () => {
    const engine = engineWith(new Map([['demo-a-1', 'gone']]), { letsGoAfter: 3 });
    await removeNetwork(engine, network, { signal, wait });
    expect(waited).toEqual([100, 200, 300]);
    expect(engine.asked).toEqual(['removed']);
  });

  it('cuts off what an engine never lets go of', async () => {
    const engine = engineWith(
      new Map([
        ['demo-a-1', 'gone'],
        ['demo-b-1', 'stopped'],
      ]),
      { present: [{ id: 'stopped', state: 'exited' }] },
    );
    await removeNetwork(engine, network, { signal, wait });
    expect(engine.asked).toEqual(['disconnect demo-a-1', 'disconnect demo-b-1', 'removed']);
  });

  it('leaves it to a container that runs', async () => {
    const engine = engineWith(new Map([['other', 'here']]), { present: [{ id: 'here', state: 'running' }] });
    await expect(removeNetwork(engine, network, { signal, wait })).rejects.toMatchObject({
      code: 'network-used',
      message: 'network demo_default is kept: other is on it',
    });
    expect(engine.asked).toEqual([]);
  });
});
