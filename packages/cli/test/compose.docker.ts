import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';

const testbed = inject('testbed');
const bin = fileURLToPath(new URL('../bin/kmd.js', import.meta.url));

describe.skipIf(testbed === undefined)('kmd compose on an engine', () => {
  const name = `kmdcli${process.pid}`;
  const image = testbed?.images.small ?? '';
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'compose-cli-'));
  });
  afterEach(async () => {
    await kmd(['down', '-v', '--remove-orphans', '-t', '0']);
    await rm(folder, { recursive: true });
  });

  const kmd = (args: readonly string[], input = ''): Promise<{ code: number; out: string; errors: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, DOCKER_HOST: testbed?.host, IMAGE: image };
      const child = execFile(
        process.execPath,
        [bin, 'compose', '-p', name, '-f', 'docker-compose.yml', ...args],
        { cwd: folder, env },
        (error, out, errors) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, errors }),
      );
      child.stdin?.end(input);
    });
  const file = (text: string): Promise<void> => writeFile(join(folder, 'docker-compose.yml'), text);

  it('brings a cluster up whose file is of 2015: version 1, links, a volume of the socket, scale', async () => {
    await file(`ambassador:
  image: ${image}
  command: sleep 3600
  volumes:
    - "./docker.sock:/var/run/docker.sock"
etcd:
  hostname: etcd
  image: ${image}
  command: sleep 3600
mesosmaster1:
  hostname: mesosmaster1
  image: ${image}
  entrypoint: [ "sh", "-c", "sleep 3600" ]
  environment: [ MESOS_PORT=5050 ]
  ports: [ "127.0.0.1::5050" ]
  links: [ etcd, "ambassador:apiserver" ]
mesosslave:
  image: ${image}
  privileged: true
  command: sleep 3600
  volumes: [ "/sys/fs/cgroup:/sys/fs/cgroup" ]
  links: [ etcd, mesosmaster1, "ambassador:apiserver" ]
`);
    expect(await kmd(['up', '-d', '--scale', 'mesosslave=2'])).toMatchObject({ code: 0, errors: '' });
    const rows = (await kmd(['ps', '--format', 'json'])).out
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row) as object);
    expect(rows.map((row) => Reflect.get(row, 'name'))).toEqual(
      ['ambassador-1', 'etcd-1', 'mesosmaster1-1', 'mesosslave-1', 'mesosslave-2'].map((one) => `${name}-${one}`),
    );
    expect(await kmd(['exec', 'mesosslave', 'ping', '-c', '1', '-W', '5', 'apiserver'])).toMatchObject({ code: 0 });
    expect((await kmd(['port', 'mesosmaster1', '5050'])).out).toMatch(/^127\.0\.0\.1:\d+\n$/);
    expect((await kmd(['up', '-d', '--scale', 'mesosslave=2'])).out).toContain('nothing to do');
    expect((await kmd(['stop', '-t', '0', 'mesosslave'])).code).toBe(0);
    expect((await kmd(['ps', '-q'])).out.trim().split('\n')).toHaveLength(3);
    expect((await kmd(['down', '-t', '0'])).code).toBe(0);
    expect((await kmd(['ps', '-aq'])).out).toBe('');
  });

  it('runs commands with input and exit codes, and prints logs', async () => {
    await file(`services:
  a: { image: "${image}", command: [sh, -c, "echo said; exec sleep 3600"] }
  once: { image: "${image}", depends_on: [a] }
`);
    expect((await kmd(['up', '-d', 'a'])).code).toBe(0);
    expect(await kmd(['exec', '-i', '-T', 'a', 'sh', '-c', 'cat; exit 3'], 'typed')).toMatchObject({
      code: 3,
      out: 'typed',
    });
    expect(await kmd(['run', '--rm', '-e', 'A=b', 'once', 'sh', '-c', 'echo $A; exit 4'])).toMatchObject({
      code: 4,
      out: 'b\n',
    });
    expect((await kmd(['logs', 'a'])).out).toBe('a-1  | said\n');
    expect((await kmd(['stats', 'a'])).out).toContain(`${name}-a-1`);
    expect((await kmd(['kill', 'a'])).code).toBe(0);
    expect((await kmd(['rm', '--force'])).out).toBe(`${name}-a-1\n`);
  });

  it('shows what containers print until Ctrl-C, which stops them', async () => {
    await file(`services:\n  a: { image: "${image}", command: [sh, -c, "echo said; exec sleep 3600"], init: true }\n`);
    const args = [bin, 'compose', '-p', name, '-f', 'docker-compose.yml', 'up'];
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, DOCKER_HOST: testbed?.host } });
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString();
      if (out.includes('a-1  | said\n') && !child.killed) child.kill('SIGINT');
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
    expect(out).toContain('| said\n');
    expect((await kmd(['ps', '-a', '--format', 'json'])).out).toContain('"state":"exited"');
  });

  it('ends with 130 when it is interrupted while it brings a project up, and goes on from there', async () => {
    await file(`services:
  a: { image: "${image}", command: [sleep, "3600"], init: true, healthcheck: { test: [CMD, "false"], retries: 9999 } }
  b: { image: "${image}", command: [sleep, "3600"], init: true, depends_on: { a: { condition: service_healthy } } }
`);
    const args = [bin, 'compose', '-p', name, '-f', 'docker-compose.yml', 'up', '-d'];
    const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, DOCKER_HOST: testbed?.host } });
    let errors = '';
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    child.stdout.on('data', (bytes: Buffer) => {
      if (bytes.toString().includes(`start ${name}-a-1`)) child.kill('SIGINT');
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(130);
    expect(errors).toBe('kmd: interrupted by SIGINT\n');
    await file(`services:\n  a: { image: "${image}", command: [sleep, "3600"], init: true }\n`);
    expect((await kmd(['up', '-d', '--remove-orphans'])).code).toBe(0);
    expect((await kmd(['ps', '-a', '-q'])).out.trim().split('\n')).toHaveLength(1);
  });

  it('copies files both ways, and archives over its streams', async () => {
    await file(`services:\n  a: { image: "${image}", command: [sleep, "3600"], init: true }\n`);
    expect((await kmd(['up', '-d'])).code).toBe(0);
    expect((await kmd(['cp', 'docker-compose.yml', 'a:/tmp/file'])).code).toBe(0);
    expect((await kmd(['exec', 'a', 'cat', '/tmp/file'])).out).toContain('sleep');
    expect((await kmd(['cp', 'a:/tmp/file', './back'])).code).toBe(0);
    expect(await readFile(join(folder, 'back'), 'utf8')).toContain('sleep');
    const archive = (await kmd(['cp', 'a:/tmp/file', '-'])).out;
    expect(archive).toContain('ustar');
    expect((await kmd(['cp', '-', 'a:/home'], archive)).errors).toContain('/home');
    expect((await kmd(['cp', '-', 'a:/root'], archive)).code).toBe(0);
    expect((await kmd(['exec', 'a', 'cat', '/root/file'])).out).toContain('sleep');
    expect((await kmd(['cp', 'one', 'two'])).code).toBe(2);
    expect((await kmd(['cp', './none', 'a:/'])).errors).toMatch(/^kmd: .*none/);
  });

  it('says in words why it failed', async () => {
    await file(`services:\n  a: { image: "${image}", command: [sh, -c, "echo no such luck; exit 3"] }\n`);
    const failed = await kmd(['up', '-d', '--wait']);
    expect(failed.code).toBe(1);
    expect(failed.errors).toContain(`container ${name}-a-1 exited (3)`);
    expect(failed.errors).toContain('no such luck');
    expect(await kmd(['exec', 'a', 'ls'])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('no running container'),
    });
    await file('services:\n  a: { imaged: x }\n');
    expect((await kmd(['up'])).code).toBe(2);
    await file(`services:\n  a: { image: "${image}" }\n`);
  });
});
