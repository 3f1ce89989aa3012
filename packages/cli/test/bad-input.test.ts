import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually, finish, Workplace } from './command.js';

/** One line on stderr that starts with the program's name. */
const oneLine = /^kmd: [^\n]+\n$/;

describe('bad input', () => {
  const place = new Workplace();
  afterAll(() => place.close());

  it.each([
    ['an unknown command', ['upp'], /upp/],
    ['an unknown command of a command', ['compose', 'upp'], /upp/],
    ['a word that names nothing', ['down', 'two'], /two/],
    ['what cannot be scaled', ['scale', 'agents=many'], /agents=many/],
    ['a port that is none', ['compose', 'port', 'web', 'http'], /http/],
    ['an unknown flag', ['up', '--agent', '3'], /--agent/],
    ['a number that is none', ['up', '--agents', 'many'], /many/],
    ['too many agents', ['up', '--agents', '100000'], /100000/],
    ['a name that cannot be one', ['up', '--name', 'No Way'], /No Way/],
    ['a duration that is none', ['up', '--timeout', 'soon'], /soon/],
    ['a runtime that is none', ['up', '--runtime', 'podman'], /podman/],
    ['a file that is not there', ['up', '-f', '/no/such/file.yaml'], /\/no\/such\/file\.yaml/],
    ['logs of an unknown service', ['logs', 'nobody'], /nobody/],
  ])('%s ends with 2 and says what', async (_, args, what) => {
    const { code, stdout, stderr } = await place.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^kmd: /);
    expect(stderr).toMatch(what);
    expect(existsSync(join(place.home, '.kmd', 'clusters', 'local', 'cluster.json'))).toBe(false);
  });

  it('names file, line and column of a malformed override', async () => {
    const file = join(place.home, 'override.yaml');
    writeFileSync(file, 'services:\n  mesosslave:\n    scale: many\n');
    const { code, stderr } = await place.run(['up', '-f', file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:3:12`);
    expect(stderr).toContain('services.mesosslave.scale');
  });

  it.each(['cpus:x', 'cpus', 'ports:[9-1', 'cpus:-1'])('refuses MESOS_RESOURCES=%s', async (resources) => {
    const { code, stderr } = await place.run(['up'], { MESOS_RESOURCES: resources });
    expect(code).toBe(2);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain('MESOS_RESOURCES');
    expect(stderr).toContain(resources);
  });

  it('refuses a port that was asked for by number and is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr } = await place.run(['up', '--api-port', String(port)]);
    server.close();
    expect(code).toBe(4);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain(String(port));
    expect(place.processes()).toEqual([]);
  });

  it('refuses a home that cannot be written', async () => {
    const file = join(place.home, 'a-file');
    writeFileSync(file, 'not a folder');
    const { code, stderr } = await place.run(['up'], { KMD_HOME: join(file, 'kmd') });
    expect(code).toBe(4);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe('not a folder');
  });

  it('leaves a kubeconfig alone that is not YAML, and leaves nothing running', async () => {
    writeFileSync(place.kubeconfig, 'clusters: [oops\n\t- : }');
    const before = readFileSync(place.kubeconfig);
    const { code, stderr } = await place.up();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain(place.kubeconfig);
    expect(readFileSync(place.kubeconfig)).toEqual(before);
    expect(place.processes()).toEqual([]);
    writeFileSync(place.kubeconfig, '');
  });

  it('refuses the docker runtime in one line', async () => {
    const { code, stderr } = await place.run(['up', '--runtime', 'docker']);
    expect(code).toBe(4);
    expect(stderr).toMatch(oneLine);
  });

  it('refuses another provider', async () => {
    const { code, stderr } = await place.run(['up'], { KUBERNETES_PROVIDER: 'gce' });
    expect(code).toBe(2);
    expect(stderr).toContain('gce');
  });

  it('says that there is nothing to take down', async () => {
    const { code, stdout, stderr } = await place.run(['down']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('There is no cluster "local"');
  });

  it.each([['status'], ['kubectl', 'get', 'pods'], ['kubeconfig', 'get']])(
    'says that no cluster runs: %s',
    async (...args) => {
      const { code, stderr } = await place.run(args);
      expect(code).toBe(3);
      expect(stderr).toMatch(oneLine);
      expect(stderr).toContain('kmd up');
    },
  );

  it('says that kubectl is missing', async () => {
    const bin = join(place.home, 'empty');
    mkdirSync(bin, { recursive: true });
    expect((await place.up()).code).toBe(0);
    const { code, stderr } = await place.run(['kubectl', 'get', 'pods'], { PATH: bin, KUBECTL_PATH: undefined });
    expect(code).toBe(4);
    expect(stderr).toMatch(oneLine);
    expect((await place.run(['down'])).code).toBe(0);
  });

  it('keeps secrets from others', async () => {
    chmodSync(place.home, 0o755);
    expect((await place.up()).code).toBe(0);
    const { stdout } = await finish(
      (await import('node:child_process')).spawn('find', [join(place.home, '.kmd'), '-type', 'f', '-perm', '/077'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    // Sandboxes and certificates are no secrets; keys, tokens, records and logs are.
    expect(
      stdout
        .split('\n')
        .filter((path) => path !== '' && !path.includes('/mesos/') && !path.endsWith('.crt') && !path.endsWith('.pub')),
    ).toEqual([]);
    expect((await place.run(['down'])).code).toBe(0);
  });
});

describe('interruptions', () => {
  const place = new Workplace();
  afterAll(() => place.close());

  it('comes up again after its background process was killed', async () => {
    expect((await place.up()).code).toBe(0);
    const { process: first } = await place.status();
    process.kill(first.pid, 'SIGKILL');
    await eventually(
      async () => (await place.run(['list', '--json'])).stdout,
      (text) => text.includes('"stopped"'),
    );
    expect((await place.run(['status'])).code).toBe(3);
    const again = await place.up();
    expect(again.code, again.stderr).toBe(0);
    const { process: second, state } = await place.status();
    expect(second.pid).not.toBe(first.pid);
    expect(state).toBe('running');
    expect((await place.run(['down'])).code).toBe(0);
    await eventually(
      async () => place.processes(),
      (processes) => processes.length === 0,
    );
    expect(readFileSync(place.kubeconfig, 'utf8')).not.toContain('kmd-local');
  });

  it('takes down what is left of a killed cluster', async () => {
    expect((await place.up()).code).toBe(0);
    process.kill((await place.status()).process.pid, 'SIGKILL');
    const { code } = await place.run(['down']);
    expect(code).toBe(0);
    await eventually(
      async () => place.processes(),
      (processes) => processes.length === 0,
    );
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'leaves nothing running when up gets %s at any moment',
    async (signal) => {
      for (const delay of [30, 150, 300, 500, 700]) {
        const child = place.start(['up', '--runtime', 'embedded', '--api-port', '0', '--mesos-port', '0']);
        const result = finish(child);
        await new Promise((resolve) => setTimeout(resolve, delay));
        child.kill(signal);
        const { code } = await result;
        // It may have been ready before the signal came: then it is a cluster like any other.
        if (code === 0) await place.run(['down']);
        else if (signal !== 'SIGKILL') expect(code === 130 || code === null).toBe(true);
        await eventually(
          async () => place.processes(),
          (processes) => processes.length === 0,
        );
      }
      const after = await place.up();
      expect(after.code, after.stderr).toBe(0);
      expect((await place.run(['down'])).code).toBe(0);
    },
  );

  it('lets one of two that come at the same time bring it up', async () => {
    const results = await Promise.all([place.up(), place.up()]);
    expect(results.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(1);
    for (const { code, stderr } of results) if (code !== 0) expect(stderr).toMatch(/another kmd \(process \d+\)/);
    expect((await place.status()).state).toBe('running');
    expect((await place.run(['down'])).code).toBe(0);
  });
});
