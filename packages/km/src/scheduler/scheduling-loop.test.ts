import { describe, expect, it, vi } from 'vitest';
import { silentLogger, type Pod } from '@kmd/kube-client';
import { AgentBook } from './agents.js';
import { SchedulerMetrics } from './metrics.js';
import { PodQueue } from './queue.js';
import { SchedulingLoop } from './scheduling-loop.js';

const pod = (name: string): Pod => ({
  metadata: { name, namespace: 'default', uid: name },
  spec: { containers: [{ name: 'main', image: 'hollow' }] },
});

/** A loop whose pods find no place; `unseen` agents' offers are not in hand. */
function loopWithoutPlaces(unseen: number) {
  const agents = new AgentBook('executor');
  agents.take({
    id: { value: 'o-1' },
    framework_id: { value: 'f' },
    agent_id: { value: 'a-1' },
    hostname: 'a-1',
    resources: [],
  });
  const explain = vi.fn(() => '0/1 agents fit');
  const place = vi.fn(() => ({ explain, unseen }));
  const record = vi.fn();
  const queue = new PodQueue({ initialBackoff: 60_000, onDue: () => undefined });
  const stop = new AbortController();
  const loop = new SchedulingLoop({
    queue,
    desk: { agents, hasMore: false, suppressed: false, revive: () => undefined },
    placer: { place },
    launcher: { assign: () => undefined, flush: () => undefined },
    events: { record, flush: () => Promise.resolve() },
    placing: 'pack',
    isSubscribed: () => true,
    metrics: new SchedulerMetrics(),
    logger: silentLogger,
    signal: stop.signal,
  });
  const close = (): void => {
    stop.abort();
    loop.close();
    queue.close();
  };
  return { loop, queue, place, record, close };
}

describe('SchedulingLoop', () => {
  it('looks for a place once for pods made by hand that ask for the same, and tells each why it waits', async () => {
    const { loop, queue, place, record, close } = loopWithoutPlaces(0);
    for (let index = 0; index < 10; index++) queue.put(pod(`p-${index}`));
    loop.wake();
    await vi.waitFor(() => expect(record).toHaveBeenCalledTimes(10));
    expect(place).toHaveBeenCalledTimes(1);
    close();
  });

  it('tells nobody of a first wait while offers are on their way', async () => {
    const { loop, queue, place, record, close } = loopWithoutPlaces(5);
    for (let index = 0; index < 10; index++) queue.put(pod(`p-${index}`));
    loop.wake();
    await vi.waitFor(() => expect(queue.list().every(({ due }) => !due)).toBe(true));
    expect(place).toHaveBeenCalledTimes(1);
    expect(record).not.toHaveBeenCalled();
    close();
  });
});
