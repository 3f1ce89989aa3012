import { existsSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { atEnd, isAlive, temporaryFolder } from '../test/cluster.js';
import { exchange, launch, RawFramework, task } from '../test/raw-framework.js';
import { killGroup } from './agent/launcher.js';
import { run } from './command-line.js';
import { processLauncher, startAgent } from './index.js';

/** Runs a command line until it is told to stop; `line` is the first it prints. */
function start(argv: readonly string[], environment: Record<string, string> = {}) {
  const errors: string[] = [];
  let print: (text: string) => void = () => undefined;
  let stop: (signal?: NodeJS.Signals) => void = () => undefined;
  const line = new Promise<string>((resolve) => (print = resolve));
  const stopped = new Promise<NodeJS.Signals>((resolve) => (stop = (signal = 'SIGUSR1') => resolve(signal)));
  const code = run(argv, environment, {
    out: (text) => {
      print(text);
    },
    error: (text) => errors.push(text),
    stopped: () => stopped,
  });
  return { line, stop, code, errors };
}

describe('mesos-embedded', () => {
  it('runs a master and an agent by the flags and variables of Mesos', async () => {
    const master = start(['master', '--port=0', '--cluster=test']);
    const url = (await master.line).replace('master at ', '');
    const agent = start(['agent', '--port', '0', `--master=${url}`], {
      MESOS_RESOURCES: 'cpus:2;mem:512',
      MESOS_HOSTNAME: 'agent1',
      MESOS_WORK_DIR: await temporaryFolder(),
    });
    const framework = await RawFramework.subscribe(url);
    expect((await framework.offer()).hostname).toBe('agent1');
    const agentUrl = (await agent.line).replace('agent at ', '');
    const id = async (): Promise<unknown> => JSON.parse((await exchange(`${agentUrl}/state`)).body).id;
    await expect.poll(id).not.toBe('');
    agent.stop();
    expect(await agent.code).toBe(0);
    expect((await framework.events.next('FAILURE')).failure.agent_id).toBeDefined();
    master.stop();
    expect(await master.code).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('an agent comes back from %s, with what checkpoints', async (signal) => {
    const master = start(['master', '--port=0']);
    const url = (await master.line).replace('master at ', '');
    const argv = ['agent', '--port=0', `--master=${url}`, `--work_dir=${await temporaryFolder()}`, '--hostname=a', '--resources=cpus:2;mem:512']; // prettier-ignore
    const agent = start(argv);
    const launchOn = async (framework: RawFramework) => {
      const offer = await framework.offer();
      // What is left is for the other.
      await framework.call({ type: 'SUPPRESS' });
      await framework.accept(offer, [launch(task('t', offer, { command: { value: 'exec sleep 1000' } }))]);
      const pid = (await framework.update('t', 'TASK_RUNNING')).container_status?.executor_pid ?? 0;
      atEnd(async () => killGroup(pid, 'SIGKILL'));
      return { agentId: offer.agent_id, pid };
    };
    const kept = await RawFramework.subscribe(url, { checkpoint: true, failover_timeout: 60 });
    const [checkpoints, passing] = [await launchOn(kept), await launchOn(await RawFramework.subscribe(url))];
    agent.stop(signal);
    expect(await agent.code).toBe(0);
    expect([checkpoints.pid, -passing.pid].map(isAlive)).toEqual([true, false]);
    const again = start(argv);
    await again.line;
    await kept.call({ type: 'KILL', kill: { task_id: { value: 't' }, agent_id: checkpoints.agentId } });
    expect(await kept.update('t')).toMatchObject({ state: 'TASK_KILLED', agent_id: checkpoints.agentId });
    expect(kept.events.seen.map(({ type }) => type)).not.toContain('FAILURE');
    again.stop('SIGUSR1');
    expect(await again.code).toBe(0);
    expect((await kept.events.next('FAILURE')).failure.agent_id).toEqual(checkpoints.agentId);
    master.stop();
    expect(await master.code).toBe(0);
  });

  it.each([
    [['frob'], 'unknown command frob'],
    [['master', '--frob=1'], 'unknown flag --frob=1'],
    [['master', '--offer_timout=5secs'], 'unknown flag --offer_timout=5secs (did you mean --offer_timeout?)'],
    [['master', '--port=x'], '--port=x is no number'],
    [['master', '--authenticate_http_readonly'], '--credentials is missing'],
    [['master', '--authenticate_http_readonly', '--credentials=/no/such'], '--credentials=/no/such cannot be read'],
    [['master', '--cluster=file:///no/such'], '--cluster: /no/such cannot be read'],
    [['agent', '--work_dir=/tmp/x', '--resources=cpus:1'], '--master is missing'],
    [
      ['agent', '--master=a:1', '--work_dir=/tmp/x', '--resources=cpus:1', '--recover=not'],
      '--recover=not is none of reconnect, cleanup',
    ],
    [['master', '--allocation_interval=soon'], '--allocation_interval=soon is no duration such as 5secs or 1mins'],
  ])('answers %j with one line and exit code 2', async (argv, message) => {
    const { code, errors } = start(argv);
    expect(await code).toBe(2);
    expect(errors).toEqual([`mesos-embedded: ${message}; see mesos-embedded --help`]);
  });

  it('takes every flag of Mesos, heeds some, shows all, and lets in who is known', async () => {
    const folder = await temporaryFolder();
    writeFileSync(`${folder}/credentials`, 'ann secret\n');
    writeFileSync(`${folder}/cluster`, 'from a file\n');
    const argv = ['master', '--port=0', `--cluster=file://${folder}/cluster`, '--offer_timeout=3secs', '--registry_strict=true', '--no-root_submissions', '--quiet', '--authenticate_http_readonly', `--credentials=${folder}/credentials`]; // prettier-ignore
    const master = start(argv);
    const url = (await master.line).replace('master at ', '');
    expect((await fetch(`${url}/flags`)).status).toBe(401);
    const authorization = `Basic ${Buffer.from('ann:secret').toString('base64')}`;
    const answer = (await (await fetch(`${url}/flags`, { headers: { authorization } })).json()) as { flags: object };
    expect(answer.flags).toMatchObject({ cluster: 'from a file', offer_timeout: '3secs', registry_strict: 'true', root_submissions: 'false' }); // prettier-ignore
    master.stop();
    expect(await master.code).toBe(0);
    expect(master.errors).toEqual([]);
  });

  it.each([
    ['in_memory', false],
    ['replicated_log', true],
  ])('with --registry=%s keeps what must outlive it: %s', async (registry, kept) => {
    const folder = await temporaryFolder();
    const master = start(['master', '--port=0', '--quiet', `--registry=${registry}`, `--work_dir=${folder}/kept`]);
    const url = (await master.line).replace('master at ', '');
    const { flags } = (await (await fetch(`${url}/flags`)).json()) as { flags: Record<string, string> };
    expect(flags['registry']).toBe(registry);
    const weights = JSON.stringify([{ role: 'a', weight: 2 }]);
    expect((await fetch(`${url}/weights`, { method: 'PUT', body: weights })).status).toBe(200);
    master.stop();
    expect(await master.code).toBe(0);
    expect(existsSync(`${folder}/kept/registry.json`)).toBe(kept);
  });

  it('with --recover=cleanup ends what an agent before left, then itself', async () => {
    const argv = ['agent', '--port=0', '--master=http://127.0.0.1:1', '--resources=cpus:1', '--recover=cleanup'];
    const work_dir = await temporaryFolder();
    const before = await startAgent({ master: 'http://127.0.0.1:1', workDir: work_dir, resources: 'cpus:1', id: 'S0' });
    const left = processLauncher.launch({ value: 'exec sleep 1000' }, { env: { MESOS_SANDBOX: `${work_dir}/slaves/S0/x` }, cwd: work_dir, stdout: '/dev/null', stderr: '/dev/null' }); // prettier-ignore
    await before.faults.crash();
    const { code } = start([...argv, `--work_dir=${work_dir}`]);
    expect(await code).toBe(0);
    expect((await left.exited).signal).toBe('SIGKILL');
  });

  it('says what is wrong with resources', async () => {
    const argv = [
      'agent',
      '--port=0',
      '--master=http://127.0.0.1:1',
      `--work_dir=${await temporaryFolder()}`,
      '--resources=cpus:x',
    ];
    const { code, errors } = start(argv);
    expect(await code).toBe(2);
    expect(errors[0]).toMatch(/cpus:x/);
  });
});
