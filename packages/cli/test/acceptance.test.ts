import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Workplace } from './command.js';

interface Answer {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

/** The last lines of the acceptance list at the end of the framework's specification; packages/km/test/acceptance.test.ts has the others. */
describe('acceptance', () => {
  const place = new Workplace();
  let apiServer: string;

  beforeAll(async () => {
    const up = await place.up();
    expect(up, up.stderr).toMatchObject({ code: 0 });
    ({ apiServer } = await place.status());
  });
  afterAll(() => place.close());

  const ask = (path: string, authorization?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const ca = readFileSync(join(place.home, '.kmd', 'clusters', 'local', 'auth', 'root-ca.crt'));
      const headers = authorization === undefined ? {} : { authorization };
      request(new URL(path, apiServer), { ca, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, location: response.headers.location, body }));
      })
        .on('error', reject)
        .end();
    });

  it('16: an anonymous request is 401; admin/admin and the token work; /ui leads to the dashboard proxy', async () => {
    const admin = `Basic ${Buffer.from('admin:admin').toString('base64')}`;
    const { users } = parse(readFileSync(place.kubeconfig, 'utf8')) as { users: { user: { token?: string } }[] };
    const token = users[0]?.user.token;
    expect(token).toBeDefined();
    const answers = await Promise.all([undefined, admin, `Bearer ${token}`].map((who) => ask('/api/v1/nodes', who)));
    expect(answers.map(({ status }) => status)).toEqual([401, 200, 200]);
    const way = ['/ui'];
    let page = await ask('/ui', admin);
    while (page.location !== undefined && way.length < 5) {
      way.push(new URL(page.location, new URL(way.at(-1) ?? '', apiServer)).href);
      page = await ask(way.at(-1) ?? '', admin);
    }
    expect(way.at(-1)).toMatch(/\/proxy\/.*\/services\/kubernetes-dashboard\/$/);
    expect(page).toMatchObject({ status: 200, body: expect.stringMatching(/<!doctype html>/i) });
  });

  it('17: up leaves a context (named after its cluster, for there may be several: not "mesos/docker"); down leaves nothing that runs; a failed up leaves logs', async () => {
    const { contexts, 'current-context': current } = parse(readFileSync(place.kubeconfig, 'utf8')) as {
      contexts: { name: string }[];
      'current-context': string;
    };
    expect([current, ...contexts.map(({ name }) => name)]).toEqual(['kmd-local', 'kmd-local']);
    expect((await place.run(['down'])).code).toBe(0);
    expect(place.processes()).toEqual([]);

    // Agents too small for the DNS addon.
    const tiny = { NUM_NODES: '1', MESOS_RESOURCES: 'cpus:0.3;mem:256' };
    const failed = await place.run(
      ['up', '--runtime', 'embedded', '--api-port', '0', '--mesos-port', '0', '--name', 'tiny', '--timeout', '4s'],
      tiny,
    );
    expect(failed.code).not.toBe(0);
    const [, folder = ''] = /(\S+[/\\]log)\b/.exec(failed.stderr) ?? [];
    expect(existsSync(folder), failed.stderr).toBe(true);
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    expect(place.processes()).toEqual([]);
  });
});
