import { down, kill, ps, remove, restart, start, stop, up } from '@kmd/compose-runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('the life of a project', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  it('stops, starts, restarts, kills and removes', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n  b: { ${idle}, depends_on: [a] }\n`);
    await up(bench.engine, project);
    const before = await bench.ids();
    const stopped = await bench.steps((onProgress) => stop(bench.engine, bench.name, { onProgress }));
    expect(stopped).toEqual(['stop b-1', 'stop a-1']);
    expect(await bench.names(false)).toEqual([]);
    expect(await bench.names()).toEqual(['a-1', 'b-1']);
    await start(bench.engine, project, { services: ['b'] });
    expect(await bench.names(false)).toEqual(['a-1', 'b-1']);
    await restart(bench.engine, bench.name, { services: ['a'] });
    expect(await bench.names(false)).toEqual(['a-1', 'b-1']);
    const again = await bench.steps((onProgress) => restart(bench.engine, project, { services: ['b'], onProgress }));
    expect(again).toEqual(['stop b-1', 'start b-1']);
    const killed = await bench.steps((onProgress) => kill(bench.engine, bench.name, { services: ['b'], onProgress }));
    expect(killed).toEqual(['kill b-1']);
    expect((await ps(bench.engine, bench.name, { all: true })).find((row) => row.service === 'b')?.exitCode).toBe(137);
    expect(await remove(bench.engine, bench.name)).toEqual([`${bench.name}-b-1`]);
    expect(await bench.ids()).toEqual({ 'a-1': before['a-1'] });
    await expect(stop(bench.engine, bench.name, { services: ['none'] })).rejects.toMatchObject({
      code: 'no-such-service',
    });
  });

  it('goes away whole, without its files too, and keeps volumes unless asked', async () => {
    const project = await bench.compose(
      `services:\n  a: { ${idle}, volumes: ["data:/data"] }\n  b: { ${idle}, depends_on: [a] }\nvolumes: { data: {} }\n`,
    );
    await up(bench.engine, project);
    expect(await down(bench.engine, bench.name)).toBe(true);
    expect(await bench.names()).toEqual([]);
    const owned = <T extends { name: string }>(list: T[]): T[] =>
      list.filter(({ name }) => name.startsWith(bench.name));
    expect(owned(await bench.engine.networks())).toEqual([]);
    expect(owned(await bench.engine.volumes())).toHaveLength(1);
    expect(await down(bench.engine, project, { volumes: true })).toBe(true);
    expect(owned(await bench.engine.volumes())).toEqual([]);
    expect(await down(bench.engine, project)).toBe(false);
  });

  it('leaves a network that a container of another project is on, and says so', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n`);
    await up(bench.engine, project);
    const guest = `${bench.name}-guest`;
    const body = {
      Image: testbed?.images.small,
      Cmd: ['sleep', '3600'],
      HostConfig: { NetworkMode: `${bench.name}_default` },
    };
    await bench.engine.start(await bench.engine.create(guest, body));
    const warnings: string[] = [];
    try {
      await down(bench.engine, project, {
        onProgress: (event) => void (event.type === 'warning' && warnings.push(event.text)),
      });
    } finally {
      await bench.engine.remove(guest, { force: true });
    }
    expect(warnings).toEqual([`network ${bench.name}_default is kept: ${guest} is on it`]);
    expect(await bench.names()).toEqual([]);
  });
});
