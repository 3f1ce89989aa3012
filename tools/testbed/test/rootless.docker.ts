import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { run } from '../src/command.mjs';
import { obstacle } from '../src/engine.mjs';
import { images, makeImages } from '../src/images.mjs';
import { openRootlessEngine, type RootlessEngine } from '../src/rootless-engine.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe.skipIf(inject('testbed') === undefined || obstacle() !== undefined)('on a rootless engine', () => {
  let engine: RootlessEngine;

  beforeAll(async () => {
    engine = await openRootlessEngine(root);
    await makeImages({ host: engine.host }, ['small', 'base', 'etcd']);
  });
  afterAll(() => engine.close());

  interface Ended {
    code: number;
    stdout: string;
    stderr: string;
  }

  /** Runs `kmd` as the user whose engine it is, in a folder of that user's. */
  function kmd(args: readonly string[], folder = engine.home): Promise<Ended> {
    const inCheckout = relative(root, process.execPath);
    const node = inCheckout.startsWith('..') ? process.execPath : join(engine.checkout, inCheckout);
    const [command = '', ...words] = engine.asUser([
      ...['sh', '-c', 'cd "$0" && exec "$@"', folder],
      ...[node, join(engine.checkout, 'packages/cli/bin/kmd.js'), ...args],
    ]);
    const env = {
      PATH: process.env['PATH'],
      KUBECTL_PATH: join(engine.checkout, 'tools/kubectl/vendor/kubectl'),
      DOCKER_HOST: engine.host,
      KMD_BASE_IMAGE: images.base,
      KMD_ETCD_IMAGE: images.etcd,
      KMD_ETCD_PORT: '0',
    };
    return new Promise((resolve) => {
      execFile(command, words, { env }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, stdout, stderr }),
      );
    });
  }

  it("a project is built and comes up, with the user's own files and a port", async () => {
    const folder = join(engine.home, 'project');
    mkdirSync(folder);
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${images.small}\nRUN echo built > /built\n`);
    writeFileSync(join(folder, 'page'), 'served\n');
    const service = 'command: [httpd, -f, -p, "80", -h, /www], volumes: ["./:/www"], ports: ["127.0.0.1::80"]';
    writeFileSync(join(folder, 'compose.yaml'), `name: rootless\nservices:\n  web: { build: ., ${service} }\n`);
    const owner = statSync(engine.home).uid;
    for (const name of ['', 'Dockerfile', 'page', 'compose.yaml']) chownSync(join(folder, name), owner, owner);
    expect(await kmd(['compose', 'up', '-d', '--wait'], folder)).toMatchObject({ code: 0 });
    const { stdout } = await kmd(['compose', 'port', 'web', '80'], folder);
    expect(stdout).toMatch(/^127\.0\.0\.1:\d+\n$/);
    expect(await (await fetch(`http://${stdout.trim()}/page`)).text()).toBe('served\n');
    expect(await kmd(['compose', 'exec', '-T', 'web', 'cat', '/built'], folder)).toMatchObject({ stdout: 'built\n' });
    expect(await kmd(['compose', 'down', '--volumes'], folder)).toMatchObject({ code: 0 });
    expect(await kmd(['compose', 'ps', '-aq'], folder)).toMatchObject({ code: 0, stdout: '' });
  });

  it('a cluster comes up, works, and goes away', async () => {
    const up = ['up', '--runtime', 'docker', '--agents', '1', '--api-port', '0', '--mesos-port', '0'];
    expect(await kmd(up)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The engine is rootless') as string,
    });
    const apply = ['kubectl', 'apply', '-f', join(engine.checkout, 'examples/guestbook')];
    expect(await kmd(apply)).toMatchObject({ code: 0 });
    const wait = ['kubectl', 'wait', '--for=condition=Available', 'deployment', '--all', '--timeout=90s'];
    expect(await kmd(wait)).toMatchObject({ code: 0 });
    expect(await kmd(['validate'])).toMatchObject({ code: 0 });
    expect(await kmd(['down'])).toMatchObject({ code: 0 });
    const label = ['--filter', 'label=com.docker.compose.project'];
    for (const listing of [
      ['ps', '-aq'],
      ['network', 'ls', '-q'],
      ['volume', 'ls', '-q'],
    ]) {
      expect(await run('/usr/bin/docker', ['--host', engine.host, ...listing, ...label]), listing.join(' ')).toBe('');
    }
  });
});
