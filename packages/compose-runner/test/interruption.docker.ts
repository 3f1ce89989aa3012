import { down, up } from '@kmd/compose-runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('an interrupted project', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  it('leaves one container of a service when it is interrupted while making it anew', async () => {
    const file = (value: number): string => `services:
  a: { ${idle}, environment: { V: "${value}" } }
  b: { ${idle}, depends_on: [a], environment: { V: "${value}" } }
`;
    await up(bench.engine, await bench.compose(file(0)));
    let total = Number.POSITIVE_INFINITY;
    for (let after = 0; after < total; after += 1) {
      const interrupting = new AbortController();
      let begun = 0;
      const work = up(bench.engine, await bench.compose(file(after + 1)), {
        signal: interrupting.signal,
        onProgress: (event) => {
          if (event.type !== 'step' || event.state !== 'begun') return;
          if (begun === after) interrupting.abort(new Error('interrupted'));
          begun += 1;
        },
      });
      await work.then(
        () => (total = begun),
        (error: unknown) => expect(error).toMatchObject({ message: 'interrupted' }),
      );
      expect(await bench.names()).toEqual(['a-1', 'b-1']);
    }
    expect(total).toBe(4);
    expect(await bench.names(false)).toEqual(['a-1', 'b-1']);
  });

  it('can be interrupted after any step, and taken away or finished then', async () => {
    const project = await bench.compose(`services:
  a: { ${idle}, healthcheck: { test: [CMD, "true"], interval: 100ms }, volumes: ["data:/data"] }
  b: { ${idle}, depends_on: { a: { condition: service_healthy } } }
volumes: { data: {} }
`);
    let total = Number.POSITIVE_INFINITY;
    for (let after = 0; after < total; after += 1) {
      const interrupting = new AbortController();
      let done = 0;
      const reason = new Error('interrupted');
      const work = up(bench.engine, project, {
        signal: interrupting.signal,
        onProgress: (event) => {
          if (event.type !== 'step' || event.state !== 'begun') return;
          if (done === after) interrupting.abort(reason);
          done += 1;
        },
      });
      await work.then(
        () => (total = done),
        (error: unknown) => expect(error).toBe(reason),
      );
      await down(bench.engine, bench.name, { volumes: true });
      expect(await bench.names()).toEqual([]);
      const left = [...(await bench.engine.networks()), ...(await bench.engine.volumes())].filter(({ name }) =>
        name.startsWith(bench.name),
      );
      expect(left).toEqual([]);
    }
    expect(total).toBeLessThan(20);
  });
});
