import { load, scale } from '@kmd/compose-model';
import { listProjects, port, ps, restart, up, type RunnerEvent } from '@kmd/compose-runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('a project on a real engine', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

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
    expect(await bench.text('web', ['cat', '/run/secrets/token', '/etc/app'])).toBe('s3cretconfigured');
    expect(await bench.text('web', ['sh', '-c', 'ulimit -n; nslookup database >/dev/null && echo found'])).toBe(
      '512\nfound',
    );
    expect(await bench.text('db', ['sh', '-c', 'echo $A; cat /host/app.txt'])).toBe('1\nconfigured');
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
    const before = await bench.ids();
    expect(await bench.steps((onProgress) => up(bench.engine, project, { wait: true, onProgress }))).toEqual([
      'start seed-1',
    ]);
    expect(await bench.ids()).toEqual(before);
  });

  it('leaves alone what has not changed, and makes anew what has', async () => {
    const file = `services:\n  a: { ${idle} }\n  b: { ${idle}, environment: { V: "1" } }\n`;
    await up(bench.engine, await bench.compose(file));
    const before = await bench.ids();
    const events: RunnerEvent[] = [];
    await up(bench.engine, await bench.compose(file), { onProgress: (event) => events.push(event) });
    expect(events).toEqual([{ type: 'unchanged' }]);
    await up(bench.engine, await bench.compose(file.replace('"1"', '"2"')));
    const after = await bench.ids();
    expect(after['a-1']).toBe(before['a-1']);
    expect(after['b-1']).not.toBe(before['b-1']);
    expect(Object.keys(after)).toEqual(['a-1', 'b-1']);
    expect(await bench.text('b', ['sh', '-c', 'echo $V'])).toBe('2');
    await up(bench.engine, await bench.compose(file.replace('"1"', '"2"')), { recreate: 'always' });
    expect((await bench.ids())['a-1']).not.toBe(before['a-1']);
  });

  it('hands anonymous volumes on to the new container', async () => {
    const file = (value: string): string =>
      `services:\n  a: { ${idle}, volumes: [/anon], environment: { V: "${value}" } }\n`;
    await up(bench.engine, await bench.compose(file('1')));
    await bench.text('a', ['sh', '-c', 'echo kept > /anon/file']);
    await up(bench.engine, await bench.compose(file('2')));
    expect(await bench.text('a', ['sh', '-c', 'cat /anon/file; echo $V'])).toBe('kept\n2');
    await up(bench.engine, await bench.compose(file('3')), { renewVolumes: true });
    expect(await bench.text('a', ['ls', '/anon'])).toBe('');
  });

  it('scales up and down, highest numbers first', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n`);
    await up(bench.engine, scale(project, { a: 3 }));
    expect(await bench.names()).toEqual(['a-1', 'a-2', 'a-3']);
    const before = await bench.ids();
    await up(bench.engine, scale(project, { a: 1 }));
    expect(await bench.ids()).toEqual({ 'a-1': before['a-1'] });
    await up(bench.engine, scale(project, { a: 0 }));
    expect(await bench.names()).toEqual([]);
  });

  it('ties containers to the namespace of another, and makes them anew with it', async () => {
    const file = (value: string): string =>
      `services:\n  a: { ${idle}, hostname: parent, environment: { V: "${value}" } }\n  b: { ${idle}, network_mode: "service:a" }\n`;
    const first = await bench.compose(file('1'));
    await up(bench.engine, first);
    const before = await bench.ids();
    expect(await bench.steps((onProgress) => up(bench.engine, first, { onProgress }))).toEqual([]);
    await up(bench.engine, await bench.compose(file('2')));
    const after = await bench.ids();
    expect(after['b-1']).not.toBe(before['b-1']);
    expect(await ps(bench.engine, bench.name)).toHaveLength(2);
  });

  it('starts what is tied to a service again when that is made anew or restarted', async () => {
    const file = (value: string): string => `services:
  a: { ${idle}, environment: { V: "${value}" } }
  b: { ${idle}, depends_on: { a: { condition: service_started, restart: true } } }
  c: { ${idle}, depends_on: [a] }
`;
    const started = async (): Promise<string[]> =>
      Promise.all(['b', 'c'].map((service) => bench.text(service, ['stat', '-c', '%Y %Z', '/proc/1'])));
    await up(bench.engine, await bench.compose(file('1')));
    const before = await bench.ids();
    const times = await started();
    expect(
      await bench.steps(async (onProgress) => up(bench.engine, await bench.compose(file('2')), { onProgress })),
    ).toEqual(['stop b-1', 'recreate a-1', 'start a-1', 'start b-1']);
    const after = await bench.ids();
    expect([after['b-1'], after['c-1']]).toEqual([before['b-1'], before['c-1']]);
    await restart(bench.engine, bench.name, { services: ['a'] });
    const then = await started();
    expect(then[0]).not.toBe(times[0]);
    expect(then[1]).toBe(times[1]);
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
    expect(await bench.names()).toEqual(['db-1', 'web-1', 'web-2']);
    expect(await bench.text('web', ['sh', '-c', 'ping -c 1 -W 5 database >/dev/null && echo found'])).toBe('found');
    const before = await bench.ids();
    await up(bench.engine, scale(project, { web: 2 }));
    expect(await bench.ids()).toEqual(before);
  });

  it('gives links that go in a circle', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n  b: { ${idle} }\n`);
    const linked = (from: string, to: string): object => ({
      [from]: { ...project.services[from], links: [`${to}:other`] },
    });
    const circle = { ...project, services: { ...project.services, ...linked('a', 'b'), ...linked('b', 'a') } };
    await up(bench.engine, circle);
    expect(await bench.text('a', ['ping', '-c', '1', '-W', '5', 'other'])).toContain('1 packets received');
    expect(await bench.text('b', ['ping', '-c', '1', '-W', '5', 'other'])).toContain('1 packets received');
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
    expect(await bench.names()).toEqual(['a-1']);
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

  it('comes up whole when two bring it up at once, if not at once then the next time', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle}, scale: 2 }\n  b: { ${idle}, depends_on: [a] }\n`);
    const outcomes = await Promise.allSettled([up(bench.engine, project), up(bench.engine, project)]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ name: 'RunnerError', code: 'engine-refused' });
    }
    await up(bench.engine, project, { wait: true });
    expect(await bench.names(false)).toEqual(['a-1', 'a-2', 'b-1']);
    expect((await bench.engine.networks()).filter(({ name }) => name.startsWith(bench.name))).toHaveLength(1);
  });
});
