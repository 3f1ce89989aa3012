import {
  attach,
  down,
  exec,
  kill,
  listProjects,
  logs,
  port,
  ps,
  remove,
  restart,
  run,
  start,
  stats,
  stop,
  up,
  type RunnerEvent,
} from '@kmd/compose-runner';
import { createServer } from 'node:net';
import { load, scale } from '@kmd/compose-model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('a project on a real engine', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  const idle = 'image: IMAGE, command: [sleep, "3600"], stop_grace_period: 0s';
  const names = async (all = true): Promise<string[]> =>
    (await ps(bench.engine, bench.name, { all })).map((row) => row.name.slice(bench.name.length + 1)).sort();
  const ids = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await ps(bench.engine, bench.name, { all: true })).map((row) => [row.name.slice(bench.name.length + 1), row.id]),
    );
  const text = async (service: string, command: string[]): Promise<string> => {
    let out = '';
    await exec(bench.engine, bench.name, service, command, {
      onOutput: (_from, bytes) => (out += Buffer.from(bytes).toString()),
    });
    return out.trim();
  };
  const steps = async (work: (onProgress: (event: RunnerEvent) => void) => Promise<void>): Promise<string[]> => {
    const seen: string[] = [];
    await work(
      (event) =>
        void (event.type === 'step' && event.state === 'done' && seen.push(event.id.replace(`${bench.name}-`, ''))),
    );
    return seen;
  };

  it('comes up in order, with conditions, networks, volumes, secrets and configs', async () => {
    await bench.write({ 'app.txt': 'configured' });
    const project = await bench.compose(
      `services:
  db:
    image: IMAGE
    command: [sleep, "3600"]
    stop_grace_period: 0s
    environment: { A: "1" }
    volumes: [ "data:/data", "./:/host:ro" ]
    networks: { back: { aliases: [database] } }
    healthcheck: { test: [CMD, test, -f, /data/ready], interval: 200ms, start_period: 10s, retries: 50 }
  seed: { image: IMAGE, command: [touch, /data/ready], volumes: [ "data:/data" ], depends_on: [db], networks: [back] }
  web:
    image: IMAGE
    command: [httpd, -f, -p, "80", -h, /etc]
    depends_on: { db: { condition: service_healthy }, seed: { condition: service_completed_successfully } }
    ports: [ "127.0.0.1::80" ]
    networks: [front, back]
    configs: [ { source: app, target: /etc/app } ]
    secrets: [ token ]
    stop_grace_period: 0s
    cap_add: [NET_ADMIN]
    tmpfs: [/run/cache]
    ulimits: { nofile: 512 }
    deploy: { resources: { limits: { memory: 64M } } }
networks: { front: {}, back: {} }
volumes: { data: {} }
configs: { app: { file: ./app.txt } }
secrets: { token: { environment: TOKEN } }
`,
      { TOKEN: 's3cret' },
    );
    await up(bench.engine, project, { wait: true, configFiles: [bench.file] });
    const rows = await ps(bench.engine, bench.name, { all: true });
    expect(rows.map(({ service, state, health, exitCode }) => ({ service, state, health, exitCode }))).toEqual([
      { service: 'db', state: 'running', health: 'healthy', exitCode: undefined },
      { service: 'seed', state: 'exited', health: undefined, exitCode: 0 },
      { service: 'web', state: 'running', health: undefined, exitCode: undefined },
    ]);
    expect(await text('web', ['cat', '/run/secrets/token', '/etc/app'])).toBe('s3cretconfigured');
    expect(await text('web', ['sh', '-c', 'ulimit -n; nslookup database >/dev/null && echo found'])).toBe('512\nfound');
    expect(await text('db', ['sh', '-c', 'echo $A; cat /host/app.txt'])).toBe('1\nconfigured');
    const address = await port(bench.engine, bench.name, 'web', 80);
    expect(await (await fetch(`http://${address}/app`)).text()).toBe('configured');
    expect(await listProjects(bench.engine)).toContainEqual({
      name: bench.name,
      running: 2,
      containers: 3,
      workingDir: bench.folder,
      configFiles: [bench.file],
    });
    // One-shot services run again at each up, as with docker compose; all else stays.
    const before = await ids();
    expect(await steps((onProgress) => up(bench.engine, project, { wait: true, onProgress }))).toEqual([
      'start seed-1',
    ]);
    expect(await ids()).toEqual(before);
  });

  it('leaves alone what has not changed, and makes anew what has', async () => {
    const file = `services:\n  a: { ${idle} }\n  b: { ${idle}, environment: { V: "1" } }\n`;
    await up(bench.engine, await bench.compose(file));
    const before = await ids();
    const events: RunnerEvent[] = [];
    await up(bench.engine, await bench.compose(file), { onProgress: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'unchanged' }]);
    await up(bench.engine, await bench.compose(file.replace('"1"', '"2"')));
    const after = await ids();
    expect(after['a-1']).toBe(before['a-1']);
    expect(after['b-1']).not.toBe(before['b-1']);
    expect(Object.keys(after)).toEqual(['a-1', 'b-1']);
    expect(await text('b', ['sh', '-c', 'echo $V'])).toBe('2');
    await up(bench.engine, await bench.compose(file.replace('"1"', '"2"')), { recreate: 'always' });
    expect((await ids())['a-1']).not.toBe(before['a-1']);
  });

  it('hands anonymous volumes on to the new container', async () => {
    const file = (value: string): string =>
      `services:\n  a: { ${idle}, volumes: [/anon], environment: { V: "${value}" } }\n`;
    await up(bench.engine, await bench.compose(file('1')));
    await text('a', ['sh', '-c', 'echo kept > /anon/file']);
    await up(bench.engine, await bench.compose(file('2')));
    expect(await text('a', ['sh', '-c', 'cat /anon/file; echo $V'])).toBe('kept\n2');
    await up(bench.engine, await bench.compose(file('3')), { renewVolumes: true });
    expect(await text('a', ['ls', '/anon'])).toBe('');
  });

  it('scales up and down, highest numbers first', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n`);
    await up(bench.engine, scale(project, { a: 3 }));
    expect(await names()).toEqual(['a-1', 'a-2', 'a-3']);
    const before = await ids();
    await up(bench.engine, scale(project, { a: 1 }));
    expect(await ids()).toEqual({ 'a-1': before['a-1'] });
    await up(bench.engine, scale(project, { a: 0 }));
    expect(await names()).toEqual([]);
  });

  it('ties containers to the namespace of another, and makes them anew with it', async () => {
    const file = (value: string): string =>
      `services:\n  a: { ${idle}, hostname: parent, environment: { V: "${value}" } }\n  b: { ${idle}, network_mode: "service:a" }\n`;
    const first = await bench.compose(file('1'));
    await up(bench.engine, first);
    const before = await ids();
    expect(await steps((onProgress) => up(bench.engine, first, { onProgress }))).toEqual([]);
    await up(bench.engine, await bench.compose(file('2')));
    const after = await ids();
    expect(after['b-1']).not.toBe(before['b-1']);
    expect(await ps(bench.engine, bench.name)).toHaveLength(2);
  });

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

  it('comes up whole when two bring it up at once, if not at once then the next time', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle}, scale: 2 }\n  b: { ${idle}, depends_on: [a] }\n`);
    const outcomes = await Promise.allSettled([up(bench.engine, project), up(bench.engine, project)]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'RunnerError', code: 'engine-refused' });
    }
    await up(bench.engine, project, { wait: true });
    expect(await names(false)).toEqual(['a-1', 'a-2', 'b-1']);
    expect((await bench.engine.networks()).filter(({ name }) => name.startsWith(bench.name))).toHaveLength(1);
  });

  it('refuses an image that cannot be had, before anything is made', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n  b: { image: "127.0.0.1:9/none:1" }\n`);
    await expect(up(bench.engine, project)).rejects.toMatchObject({ code: 'pull-failed' });
    expect(await names()).toEqual([]);
  });

  it('pulls what is missing, and only that', async () => {
    const image = testbed?.pullable ?? '';
    const project = await bench.compose(
      `services:\n  a: { image: "${image}", command: [sleep, "3600"], stop_grace_period: 0s }\n  b: { ${idle} }\n`,
    );
    const pulled = new Set<string>();
    const onProgress = (event: RunnerEvent): void => void (event.type === 'image' && pulled.add(event.image));
    await up(bench.engine, project, { services: ['b'], onProgress });
    expect([...pulled]).toEqual([]);
    await up(bench.engine, project, { onProgress });
    expect([...pulled]).toEqual([image]);
    await down(bench.engine, project);
    await bench.engine.removeImage(image);
  });

  it('takes a file of version 1 as it is: links, scale by option, no networks', async () => {
    await bench.write({
      'docker-compose.yml': `web:
  image: ${testbed?.images.small}
  command: sleep 3600
  links: [ "db:database" ]
db:
  image: ${testbed?.images.small}
  command: sleep 3600
`,
    });
    const { project } = await load({
      files: [`${bench.folder}/docker-compose.yml`],
      workingDir: bench.folder,
      projectName: bench.name,
      environment: {},
    });
    await up(bench.engine, scale(project, { web: 2 }), { stopTimeout: 0 });
    expect(await names()).toEqual(['db-1', 'web-1', 'web-2']);
    expect(await text('web', ['sh', '-c', 'ping -c 1 -W 5 database >/dev/null && echo found'])).toBe('found');
    const before = await ids();
    await up(bench.engine, scale(project, { web: 2 }));
    expect(await ids()).toEqual(before);
  });

  it('gives links that go in a circle', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n  b: { ${idle} }\n`);
    const linked = (from: string, to: string): object => ({
      [from]: { ...project.services[from], links: [`${to}:other`] },
    });
    const circle = { ...project, services: { ...project.services, ...linked('a', 'b'), ...linked('b', 'a') } };
    await up(bench.engine, circle);
    expect(await text('a', ['ping', '-c', '1', '-W', '5', 'other'])).toContain('1 packets received');
    expect(await text('b', ['ping', '-c', '1', '-W', '5', 'other'])).toContain('1 packets received');
  });

  it('builds what has a build, once', async () => {
    await bench.write({ 'web/Dockerfile': `FROM ${testbed?.images.small}\nCOPY word /word\n`, 'web/word': 'built' });
    const file = `services:\n  web: { build: ./web, command: [sleep, "3600"], stop_grace_period: 0s }\n`;
    await up(bench.engine, await bench.compose(file));
    expect(await text('web', ['cat', '/word'])).toBe('built');
    const before = await ids();
    await up(bench.engine, await bench.compose(file), { build: true });
    expect(await ids()).toEqual(before);
    await bench.write({ 'web/word': 'again' });
    await up(bench.engine, await bench.compose(file), { build: true });
    expect(await text('web', ['cat', '/word'])).toBe('again');
    await down(bench.engine, await bench.compose(file), { images: 'local' });
    expect(await bench.engine.findImage(`${bench.name}-web`)).toBeUndefined();
  });

  it('gives builds their secrets', async () => {
    await bench.write({
      Dockerfile: `FROM ${testbed?.images.small}\nRUN --mount=type=secret,id=a --mount=type=secret,id=b cat /run/secrets/a /run/secrets/b > /word\n`,
      'secret.txt': 'from a file, ',
    });
    const project = await bench.compose(
      `services:
  a: { build: { context: ., secrets: [ a, { source: other, target: b } ], no_cache: true }, command: [sleep, "3600"], stop_grace_period: 0s }
secrets: { a: { file: ./secret.txt }, other: { environment: OTHER } }
`,
      { OTHER: 'and of the environment' },
    );
    await up(bench.engine, project);
    expect(await text('a', ['cat', '/word'])).toBe('from a file, and of the environment');
    await down(bench.engine, project, { images: 'local' });
  });

  it('asks for more memory than a number holds as it is written', async () => {
    // The engine refuses no such limit; one more than the most that it counts it would.
    await up(
      bench.engine,
      await bench.compose(`services:\n  a: { ${idle}, memswap_limit: -1, mem_limit: 9223372036854771712 }\n`),
    );
    expect((await ps(bench.engine, bench.name)).map(({ state }) => state)).toEqual(['running']);
  });

  it('warns of orphans, and removes them when asked', async () => {
    await up(bench.engine, await bench.compose(`services:\n  a: { ${idle} }\n  b: { ${idle} }\n`));
    const without = await bench.compose(`services:\n  a: { ${idle} }\n`);
    const events: RunnerEvent[] = [];
    await up(bench.engine, without, { onProgress: (event) => events.push(event) });
    expect(events).toContainEqual({ type: 'warning', text: expect.stringContaining(`${bench.name}-b-1`) });
    await up(bench.engine, without, { removeOrphans: true });
    expect(await names()).toEqual(['a-1']);
  });

  it('stops, starts, restarts, kills and removes', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n  b: { ${idle}, depends_on: [a] }\n`);
    await up(bench.engine, project);
    const before = await ids();
    await stop(bench.engine, bench.name);
    expect(await names(false)).toEqual([]);
    expect(await names()).toEqual(['a-1', 'b-1']);
    await start(bench.engine, project, { services: ['b'] });
    expect(await names(false)).toEqual(['a-1', 'b-1']);
    await restart(bench.engine, bench.name, { services: ['a'] });
    expect(await names(false)).toEqual(['a-1', 'b-1']);
    await kill(bench.engine, bench.name, { services: ['b'] });
    expect((await ps(bench.engine, bench.name, { all: true })).find((row) => row.service === 'b')?.exitCode).toBe(137);
    expect(await remove(bench.engine, bench.name)).toEqual([`${bench.name}-b-1`]);
    expect(await ids()).toEqual({ 'a-1': before['a-1'] });
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
    expect(await names()).toEqual([]);
    const owned = <T extends { name: string }>(list: T[]): T[] =>
      list.filter(({ name }) => name.startsWith(bench.name));
    expect(owned(await bench.engine.networks())).toEqual([]);
    expect(owned(await bench.engine.volumes())).toHaveLength(1);
    expect(await down(bench.engine, project, { volumes: true })).toBe(true);
    expect(owned(await bench.engine.volumes())).toEqual([]);
    expect(await down(bench.engine, project)).toBe(false);
  });

  it('merges logs, and follows containers that start again', async () => {
    const project = await bench.compose(`services:
  a: { image: IMAGE, command: [sh, -c, "echo one; echo two >&2; exec sleep 3600"], stop_grace_period: 0s }
  b: { image: IMAGE, command: [printf, three], stop_grace_period: 0s }
`);
    await up(bench.engine, project);
    const collect = async (): Promise<string[]> => {
      const seen: string[] = [];
      for await (const { service, from, text: line } of logs(bench.engine, bench.name))
        seen.push(`${service} ${from} ${line}`);
      return seen.sort();
    };
    await expect.poll(collect, { timeout: 10_000 }).toEqual(['a stderr two', 'a stdout one', 'b stdout three']);
    const stopping = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const line of logs(bench.engine, bench.name, {
        follow: true,
        services: ['a'],
        signal: stopping.signal,
      })) {
        seen.push(line.text);
      }
    })();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2);
    await restart(bench.engine, bench.name, { services: ['a'] });
    await expect
      .poll(() => seen.filter((line) => line === 'one').length, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(2);
    stopping.abort();
    await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('runs one-off containers, with what the service needs', async () => {
    const project = await bench.compose(`services:
  a: { ${idle} }
  b: { ${idle}, depends_on: [a], environment: { A: "1" }, ports: ["127.0.0.1::80"], volumes: ["data:/data"] }
volumes: { data: {} }
`);
    let out = '';
    const onOutput = (_from: string, bytes: Uint8Array): void => void (out += Buffer.from(bytes).toString());
    const command = ['sh', '-c', 'echo $A $B; nslookup a >/dev/null && echo found; exit 5'];
    expect(await run(bench.engine, project, 'b', { command, environment: { B: '2' }, onOutput })).toBe(5);
    expect(out).toBe('1 2\nfound\n');
    expect(await names()).toEqual(['a-1']);
    expect(await run(bench.engine, project, 'b', { command: ['true'], keep: true, name: `${bench.name}-once` })).toBe(
      0,
    );
    expect(await names()).toEqual(['a-1', 'once']);
    await up(bench.engine, project, { removeOrphans: true });
    expect(await names()).toEqual(['a-1', 'b-1']);
    const cancelling = new AbortController();
    const work = run(bench.engine, project, 'b', {
      command: ['sh', '-c', 'echo up; sleep 60'],
      signal: cancelling.signal,
      onOutput: () => cancelling.abort(new Error('enough')),
    });
    await expect(work).rejects.toThrow('enough');
    expect(await names()).toEqual(['a-1', 'b-1']);
  });

  it('gives input to a command, and its exit code back', async () => {
    await up(bench.engine, await bench.compose(`services:\n  a: { ${idle} }\n`));
    let out = '';
    const code = await exec(bench.engine, bench.name, 'a', ['sh', '-c', 'cat; exit 7'], {
      stdin: [Buffer.from('read '), Buffer.from('back')],
      onOutput: (_from, bytes) => (out += Buffer.from(bytes).toString()),
    });
    expect({ code, out }).toEqual({ code: 7, out: 'read back' });
  });

  it('takes part in what a container reads and prints', async () => {
    await up(
      bench.engine,
      await bench.compose(
        `services:\n  a: { image: IMAGE, command: [sh, -c, "read line; echo got $$line; exec sleep 3600"], stdin_open: true, stop_grace_period: 0s }\n`,
      ),
    );
    const letting = new AbortController();
    let out = '';
    // Input that does not end, as that of a terminal: with its end the engine would let go.
    async function* typed(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('word\n');
      await new Promise((resolve) => letting.signal.addEventListener('abort', resolve));
    }
    const attached = attach(bench.engine, bench.name, 'a', {
      signal: letting.signal,
      stdin: typed(),
      onOutput: (_from, bytes) => {
        out += Buffer.from(bytes).toString();
        if (out === 'got word\n') letting.abort(new Error('seen'));
      },
    });
    await expect(attached).rejects.toThrow('seen');
    expect(await names(false)).toEqual(['a-1']);
  });

  it('tells what containers use', async () => {
    await up(
      bench.engine,
      await bench.compose(`services:
  a: { ${idle}, mem_limit: 64M }
  b: { image: IMAGE, command: [sh, -c, "while true; do :; done"], cpus: 0.2, stop_grace_period: 0s }
`),
    );
    const [a, b] = await stats(bench.engine, bench.name);
    expect(a).toMatchObject({ service: 'a', container: `${bench.name}-a-1`, memoryLimit: 64 * 2 ** 20, processes: 1 });
    expect(a?.memory).toBeGreaterThan(0);
    expect(a?.memory).toBeLessThan(64 * 2 ** 20);
    expect(b?.cpuPercent).toBeGreaterThan(1);
    expect(a?.cpuPercent).toBeLessThan(b?.cpuPercent ?? 0);
  });

  it('gives a one-off input, and all of its output', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n`);
    // The engine hands the two on side by side: which comes first is open.
    const out = { stdout: '', stderr: '' };
    const command = ['sh', '-c', 'cat; echo end >&2'];
    const onOutput = (from: 'stdout' | 'stderr', bytes: Uint8Array): void =>
      void (out[from] += Buffer.from(bytes).toString());
    expect(await run(bench.engine, project, 'a', { command, stdin: [Buffer.from('read\n')], onOutput })).toBe(0);
    expect(out).toEqual({ stdout: 'read\n', stderr: 'end\n' });
    expect(await run(bench.engine, project, 'a', { command })).toBe(0);
  });

  it('starts what is tied to a service again when that is made anew or restarted', async () => {
    const file = (value: string): string => `services:
  a: { ${idle}, environment: { V: "${value}" } }
  b: { ${idle}, depends_on: { a: { condition: service_started, restart: true } } }
  c: { ${idle}, depends_on: [a] }
`;
    const started = async (): Promise<string[]> =>
      Promise.all(['b', 'c'].map((service) => text(service, ['stat', '-c', '%Y %Z', '/proc/1'])));
    await up(bench.engine, await bench.compose(file('1')));
    const before = await ids();
    const times = await started();
    expect(await steps(async (onProgress) => up(bench.engine, await bench.compose(file('2')), { onProgress }))).toEqual(
      ['stop b-1', 'recreate a-1', 'start a-1', 'start b-1'],
    );
    const after = await ids();
    expect([after['b-1'], after['c-1']]).toEqual([before['b-1'], before['c-1']]);
    await restart(bench.engine, bench.name, { services: ['a'] });
    const then = await started();
    expect(then[0]).not.toBe(times[0]);
    expect(then[1]).toBe(times[1]);
  });

  it('warns when another folder has a project of that name', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n`);
    await up(bench.engine, project);
    const events: RunnerEvent[] = [];
    await up(bench.engine, { ...project, workingDir: '/elsewhere' }, { onProgress: (event) => events.push(event) });
    expect(events).toContainEqual({
      type: 'warning',
      text: `project ${bench.name} was brought up from ${bench.folder}: its containers become those of /elsewhere; another project name keeps the two apart`,
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
      expect(await names()).toEqual(['a-1', 'b-1']);
    }
    expect(total).toBe(4);
    expect(await names(false)).toEqual(['a-1', 'b-1']);
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
      expect(await names()).toEqual([]);
      const left = [...(await bench.engine.networks()), ...(await bench.engine.volumes())].filter(({ name }) =>
        name.startsWith(bench.name),
      );
      expect(left).toEqual([]);
    }
    expect(total).toBeLessThan(20);
  });
});
