import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { down, exec, ps, up, type RunnerEvent } from '@kmd/compose-runner';
import { scale } from '@kmd/compose-model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, testbed, type Workbench } from './engine.js';

const run = promisify(execFile);

describe.skipIf(testbed?.compose === undefined)('beside docker compose on one engine', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  const compose = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, DOCKER_HOST: testbed?.host, TOKEN: 's3', COMPOSE_ANSI: 'never' };
    const { stdout, stderr } = await run(testbed?.compose ?? '', ['-f', bench.file, ...args], {
      cwd: bench.folder,
      env,
    });
    return stdout + stderr;
  };
  const ids = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await ps(bench.engine, bench.name, { all: true })).map(({ name, id }) => [name, id]));

  const file = `services:
  db:
    image: IMAGE
    command: [sleep, "3600"]
    stop_grace_period: 0s
    environment: { A: "1" }
    volumes: [ "data:/data", BIND ]
    networks: { back: { aliases: [database] } }
    healthcheck: { test: [CMD, "true"], interval: 200ms }
  web:
    image: IMAGE
    command: [sleep, "3600"]
    stop_grace_period: 0s
    depends_on: { db: { condition: service_healthy } }
    ports: [ "127.0.0.1::80" ]
    networks: [front, back]
    secrets: [ tok ]
    deploy: { replicas: 2 }
  side: { image: IMAGE, command: [sleep, "3600"], stop_grace_period: 0s, network_mode: "service:db" }
networks: { front: {}, back: { labels: { a: b } } }
volumes: { data: { labels: { keep: "yes" } } }
secrets: { tok: { environment: TOKEN } }
`;
  // Builds of docker compose do not agree on the hash of a bind mount in short form; ours takes either over.
  const withBind = file.replace('BIND', '"./:/here:ro"');
  const load = (content = file.replace(', BIND', '')): ReturnType<Workbench['compose']> =>
    bench.compose(content, { TOKEN: 's3' });

  it('finds nothing to do in a project that docker compose brought up, then changes it and takes it away', async () => {
    const project = await load(withBind);
    await compose('up', '-d', '--wait');
    const before = await ids();
    const events: RunnerEvent[] = [];
    await up(bench.engine, project, { wait: true, onProgress: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'unchanged' }]);
    expect(await ids()).toEqual(before);
    await up(bench.engine, scale(await load(withBind.replace('"1"', '"2"')), { web: 1 }), { wait: true });
    const after = await ids();
    expect(Object.keys(after).map((name) => name.slice(bench.name.length + 1))).toEqual(['db-1', 'side-1', 'web-1']);
    expect(after[`${bench.name}-web-1`]).toBe(before[`${bench.name}-web-1`]);
    expect(after[`${bench.name}-db-1`]).not.toBe(before[`${bench.name}-db-1`]);
    await down(bench.engine, project, { volumes: true });
    expect(await compose('ps', '-a', '-q')).toBe('');
    const left = [...(await bench.engine.networks()), ...(await bench.engine.volumes())];
    expect(left.filter(({ name }) => name.startsWith(bench.name))).toEqual([]);
  });

  it('brings a project up that docker compose finds nothing to do in, sees, changes and takes away', async () => {
    await up(bench.engine, await load(), { wait: true, configFiles: [bench.file] });
    const before = await ids();
    await compose('up', '-d', '--wait');
    expect(await ids()).toEqual(before);
    const listed = (await compose('ps', '-a', '--format', '{{.Service}} {{.State}} {{.Health}}'))
      .trim()
      .split('\n')
      .sort();
    expect(listed.map((line) => line.trim())).toEqual([
      'db running healthy',
      'side running',
      'web running',
      'web running',
    ]);
    expect(await compose('ls', '--format', 'json')).toContain(`"Name":"${bench.name}"`);
    expect((await compose('exec', '-T', '--index', '2', 'web', 'cat', '/run/secrets/tok')).trim()).toBe('s3');
    await compose('up', '-d', '--scale', 'web=3');
    expect(await ps(bench.engine, bench.name, { services: ['web'] })).toHaveLength(3);
    await compose('down', '-v');
    expect(await ids()).toEqual({});
    expect((await bench.engine.networks()).filter(({ name }) => name.startsWith(bench.name))).toEqual([]);
  });

  it('runs side by side with changes of both', async () => {
    await up(bench.engine, await load(), { wait: true });
    const changed = file.replace(', BIND', '').replace('"1"', '"3"');
    await load(changed);
    await compose('up', '-d', '--wait');
    let out = '';
    await exec(bench.engine, bench.name, 'db', ['sh', '-c', 'echo $A'], {
      onOutput: (_from, bytes) => (out += Buffer.from(bytes).toString()),
    });
    expect(out).toBe('3\n');
    const events: RunnerEvent[] = [];
    await up(bench.engine, await load(changed), { onProgress: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'unchanged' }]);
  });
});
