import { down, ps, restart, run, stop, up, type RunnerEvent } from '@kmd/compose-runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('hooks of services', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  const log = async (): Promise<string[]> => (await bench.text('keeper', ['cat', '/data/log'])).split('\n');
  const left = async (): Promise<string[]> =>
    (await bench.engine.containers([`com.docker.compose.project=${bench.name}`])).map(({ name }) => name);

  it('run before the first start, after each start, and before each stop', async () => {
    const hook = (word: string): string => `{ command: [sh, -c, "echo ${word} $$WHO $$(hostname) >> /data/log"] }`;
    const project = await bench.compose(`services:
  keeper: { ${idle}, volumes: ["data:/data"] }
  a:
    image: IMAGE
    command: [sh, -c, "echo started >> /data/log; exec sleep 3600"]
    stop_grace_period: 0s
    hostname: a
    scale: 2
    depends_on: [keeper]
    environment: { WHO: me }
    volumes: ["data:/data"]
    pre_start: [ { command: [sh, -c, "echo before $$WHO $$EXTRA >> /data/log; sleep 0.2"], environment: { EXTRA: more } } ]
    post_start: [ ${hook('after')}, { command: [sh, -c, "pwd; id -u; echo $$X"], user: "65534", working_dir: /tmp, environment: { X: y } } ]
    pre_stop: [ ${hook('last')} ]
volumes: { data: {} }
`);
    const heard: string[] = [];
    const onProgress = (event: RunnerEvent): void =>
      void (
        event.type === 'hook' && heard.push(`${event.kind} ${event.container.replace(bench.name, '')} ${event.text}`)
      );
    await up(bench.engine, project, { onProgress });
    const begun = await log();
    expect(begun[0]).toBe('before me more');
    expect(begun.slice(1).sort()).toEqual(['after me a', 'after me a', 'started', 'started']);
    expect(heard).toEqual(
      ['1', '2'].flatMap((number) => ['/tmp', '65534', 'y'].map((text) => `post_start -a-${number} ${text}`)),
    );
    await restart(bench.engine, project, { services: ['a'] });
    const again = (await log()).slice(begun.length);
    expect([...again].sort()).toEqual(['after me a', 'after me a', 'last me a', 'last me a', 'started', 'started']);
    await stop(bench.engine, project, { services: ['a'] });
    expect((await log()).slice(-2)).toEqual(['last me a', 'last me a']);
    await run(bench.engine, project, 'a', { command: ['sleep', '1'] });
    expect((await log()).at(-1)).toMatch(/^after me /);
    expect((await left()).sort()).toEqual(['a-1', 'a-2', 'keeper-1'].map((name) => `${bench.name}-${name}`));
  });

  it('keep a service from starting when they fail, and say why', async () => {
    const failing = `[ { command: [sh, -c, "echo no such luck; exit 4"] } ]`;
    const before = await bench.compose(`services:\n  a: { ${idle}, pre_start: ${failing} }\n`);
    await expect(up(bench.engine, before)).rejects.toMatchObject({
      code: 'hook-failed',
      service: 'a',
      output: ['no such luck'],
      message: expect.stringContaining('ended with 4'),
    });
    expect((await ps(bench.engine, bench.name, { all: true })).map(({ state }) => state)).toEqual(['created']);
    expect(await left()).toHaveLength(1);
    const after = await bench.compose(`services:\n  a: { ${idle}, post_start: ${failing} }\n`);
    await expect(up(bench.engine, after)).rejects.toMatchObject({ code: 'hook-failed', output: ['no such luck'] });
  });

  it('do not keep a project from being taken away', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle}, pre_stop: [ { command: ["false"] } ] }\n`);
    await up(bench.engine, project);
    const warnings: string[] = [];
    await down(bench.engine, project, {
      onProgress: (event) => void (event.type === 'warning' && warnings.push(event.text)),
    });
    expect(warnings).toEqual([expect.stringContaining('services.a.pre_stop: false ended with 1')]);
    expect(await left()).toEqual([]);
  });

  it('go away with the project when they were cut off', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle}, pre_start: [ { command: [sleep, "60"] } ] }\n`);
    const interrupting = new AbortController();
    const work = up(bench.engine, project, { signal: interrupting.signal });
    work.catch(() => undefined);
    await expect.poll(left, { timeout: 20_000 }).toContain(`${bench.name}-a-1-pre-start`);
    interrupting.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
    expect(await left()).toEqual([`${bench.name}-a-1`]);
    // One of a process that was killed: nothing but its labels tells of it.
    await bench.engine.create(`${bench.name}-left`, {
      Image: testbed?.images.small,
      Labels: { 'com.docker.compose.project': bench.name, 'com.docker.compose.hook': 'pre_start' },
    });
    await down(bench.engine, project);
    expect(await left()).toEqual([]);
  });
});
