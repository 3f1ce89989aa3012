import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, type ApiServer } from '../server.js';
import { startControllers, type Controllers } from './index.js';
import { runHollowKubelet } from './testing/cluster.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const kubectlPath = join(root, 'node_modules/.bin/kubectl');
const guestbook = join(root, 'examples/guestbook');
const hasKubectl = spawnSync(kubectlPath, ['version', '--client'], { stdio: 'ignore' }).status === 0;

describe.skipIf(!hasKubectl)(
  hasKubectl ? 'the guestbook, by kubectl' : 'the guestbook: skipped, kubectl does not run here',
  () => {
    const home = mkdtempSync(join(tmpdir(), 'kmd-controllers-'));
    const kubeconfig = join(home, 'config');
    const stop = new AbortController();
    let server: ApiServer;
    let client: KubeClient;
    let controllers: Controllers;
    let kubelet: Promise<void>;

    /** What kubectl prints; rejects when it fails. */
    const kubectl = async (...args: string[]): Promise<string> => {
      const { stdout } = await promisify(execFile)(kubectlPath, ['--kubeconfig', kubeconfig, ...args], {
        env: { ...process.env, HOME: home },
      });
      return stdout;
    };
    const rolledOut = (name: string) => kubectl('rollout', 'status', `deployment/${name}`, '--timeout=20s');
    const names = async (...args: string[]) =>
      (await kubectl('get', ...args, '-o', 'name')).trim().split('\n').filter(Boolean);
    const image = (selector: string) =>
      kubectl('get', 'pods', '-l', selector, '-o', 'jsonpath={.items[*].spec.containers[0].image}');

    beforeAll(async () => {
      const read = (file: string) => readFileSync(new URL(`../../testdata/${file}`, import.meta.url), 'utf8');
      server = await startApiServer({
        port: 0,
        tls: { cert: read('server.crt'), key: read('server.key') },
        tokens: [{ token: 'test', user: 'admin', uid: '1', groups: ['system:masters'] }],
      });
      // Over HTTPS, as against a server elsewhere: the other tests have them in the server's process.
      client = createKubeClient({ server: server.url, ca: read('server.crt'), token: 'test' });
      controllers = startControllers({ api: client });
      await controllers.synced;
      kubelet = runHollowKubelet(server.api, stop.signal);
      writeFileSync(
        kubeconfig,
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          'current-context': 'test',
          contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
          clusters: [{ name: 'test', cluster: { server: server.url, 'insecure-skip-tls-verify': true } }],
          users: [{ name: 'test', user: { token: 'test' } }],
        }),
      );
      await kubectl('apply', '-f', guestbook);
    });
    afterAll(async () => {
      stop.abort();
      await kubelet;
      await controllers.close();
      await server.close();
      rmSync(home, { recursive: true });
    });

    it('comes up, with endpoints', async () => {
      for (const name of ['redis-leader', 'redis-follower', 'frontend']) {
        expect(await rolledOut(name)).toContain(`deployment "${name}" successfully rolled out`);
      }
      expect(await names('pods')).toHaveLength(6);
      expect(await kubectl('describe', 'service', 'redis-leader')).toMatch(/Endpoints: +10\.2\.\d+\.\d+:6379/);
    });

    it('changes nothing when it is applied again', async () => {
      const lines = (await kubectl('apply', '-f', guestbook)).trim().split('\n');
      expect(lines.filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
    });

    it('rolls a new image out, and back with rollout undo', async () => {
      await rolledOut('redis-follower');
      const before = await image('role=follower');
      await kubectl('set', 'image', 'deployment/redis-follower', 'redis=redis:next');
      await rolledOut('redis-follower');
      expect(await image('role=follower')).toBe('redis:next redis:next');
      await kubectl('rollout', 'undo', 'deployment/redis-follower');
      await rolledOut('redis-follower');
      expect(await image('role=follower')).toBe(before);
      expect(await kubectl('rollout', 'history', 'deployment/redis-follower')).toMatch(/^2 .*\n3 /m);
      expect(await kubectl('describe', 'deployment', 'redis-follower')).toMatch(
        /Progressing +True +NewReplicaSetAvailable/,
      );
    });

    it('keeps a paused change back until it is resumed', async () => {
      await kubectl('rollout', 'pause', 'deployment/redis-leader');
      await kubectl('set', 'image', 'deployment/redis-leader', 'redis=redis:later');
      expect(
        await kubectl(
          'wait',
          'deployment/redis-leader',
          '--for=jsonpath={.status.conditions[?(@.reason=="DeploymentPaused")].status}=Unknown',
          '--timeout=20s',
        ),
      ).toContain('condition met');
      expect(await image('role=leader')).not.toContain('later');
      await kubectl('rollout', 'resume', 'deployment/redis-leader');
      await rolledOut('redis-leader');
      expect(await image('role=leader')).toBe('redis:later');
    });

    it('scales', async () => {
      await kubectl('scale', 'deployment/frontend', '--replicas=5');
      await rolledOut('frontend');
      expect(await names('pods', '-l', 'tier=frontend')).toHaveLength(5);
    });

    it('goes in the foreground, or leaves its pods, as asked', async () => {
      await kubectl('delete', 'deployment', 'frontend', '--cascade=foreground', '--timeout=20s');
      expect(await names('pods,rs', '-l', 'tier=frontend')).toEqual([]);
      await kubectl('delete', 'deployment', 'redis-leader', '--cascade=orphan', '--timeout=20s');
      expect(await names('pods', '-l', 'role=leader')).toHaveLength(1);
    });

    it('takes a namespace away with all that is in it', async () => {
      await kubectl('create', 'namespace', 'team');
      await kubectl('-n', 'team', 'create', 'deployment', 'x', '--image=i', '--replicas=2');
      await kubectl('-n', 'team', 'rollout', 'status', 'deployment/x', '--timeout=20s');
      await kubectl('delete', 'namespace', 'team', '--timeout=20s');
      expect(await names('pods', '-A', '-l', 'app=x')).toEqual([]);
    });
  },
);
