import { createServer } from 'node:net';
import { port, up } from '@kmd/compose-runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('a project that does not come up', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  it('says why a dependency failed, with its last lines', async () => {
    const project = await bench.compose(`services:
  bad: { image: IMAGE, command: [sh, -c, "echo no such luck >&2; exit 3"] }
  a: { ${idle}, depends_on: { bad: { condition: service_completed_successfully } } }
`);
    await expect(up(bench.engine, project)).rejects.toMatchObject({
      code: 'dependency-failed',
      service: 'bad',
      container: `${bench.name}-bad-1`,
      output: ['no such luck'],
      message: expect.stringContaining('did not complete successfully: exit 3'),
    });
  });

  it('says what a health check that never passes had to say', async () => {
    const project = await bench.compose(`services:
  sick: { ${idle}, healthcheck: { test: [CMD-SHELL, "echo too cold; exit 1"], interval: 100ms, retries: 2 } }
  a: { ${idle}, depends_on: { sick: { condition: service_healthy } } }
`);
    await expect(up(bench.engine, project)).rejects.toThrow('is unhealthy (its check says: too cold)');
  });

  it('says which services are not ready when the time is up', async () => {
    const project = await bench.compose(`services:
  slow: { ${idle}, healthcheck: { test: [CMD, "false"], interval: 100ms, start_period: 60s } }
  a: { ${idle} }
`);
    await expect(up(bench.engine, project, { wait: true, waitTimeout: 600 })).rejects.toMatchObject({
      code: 'wait-timeout',
      message: 'not ready after 0.6 s: slow',
    });
  });

  it('shows the last lines of what does not become ready', async () => {
    const project = await bench.compose(`services:
  slow: { image: IMAGE, command: [sh, -c, "echo still loading; exec sleep 3600"], stop_grace_period: 0s, healthcheck: { test: [CMD, "false"], interval: 100ms, start_period: 60s } }
`);
    await expect(up(bench.engine, project, { wait: true, waitTimeout: 1000 })).rejects.toMatchObject({
      code: 'wait-timeout',
      service: 'slow',
      output: ['still loading'],
    });
  });

  it('says that a port is taken, and by which container it was wanted', async () => {
    const first = await bench.compose(`services:\n  a: { ${idle}, ports: ["127.0.0.1::80"] }\n`);
    await up(bench.engine, first);
    const taken = (await port(bench.engine, bench.name, 'a', 80)).split(':')[1];
    const second = await bench.compose(
      `services:\n  a: { ${idle}, ports: ["127.0.0.1::80"] }\n  b: { ${idle}, ports: ["127.0.0.1:${taken}:80"] }\n`,
    );
    await expect(up(bench.engine, second)).rejects.toMatchObject({
      code: 'engine-refused',
      container: `${bench.name}-b-1`,
      message: expect.stringMatching(/cannot be started: .*port is already allocated/),
    });
  });

  it('says that a port is taken by another program', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const taken = typeof address === 'object' ? address?.port : 0;
    try {
      const project = await bench.compose(`services:\n  a: { ${idle}, ports: ["127.0.0.1:${taken}:80"] }\n`);
      await expect(up(bench.engine, project)).rejects.toMatchObject({
        code: 'engine-refused',
        service: 'a',
        message: expect.stringMatching(/cannot be started: .*address already in use/),
      });
    } finally {
      other.close();
    }
  });

  it('refuses an image that cannot be had, before anything is made', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n  b: { image: "127.0.0.1:9/none:1" }\n`);
    await expect(up(bench.engine, project)).rejects.toMatchObject({ code: 'pull-failed' });
    expect(await bench.names()).toEqual([]);
  });
});
