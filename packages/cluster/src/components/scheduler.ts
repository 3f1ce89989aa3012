import { startScheduler } from '@kmd/km';
import { awaitAnswer, checkHealth } from '../answers.js';
import { readList } from '../flags.js';
import { executorCommand } from '../kubernetes/executor-command.js';
import { authFolder, connectToApiServer } from './client.js';
import type { Component } from './component.js';

/** The framework of `@kmd/km`: pods become tasks of Mesos. Its executor is in the agents' image. */
export const scheduler: Component = {
  name: 'scheduler',
  summary: 'the Mesos framework that places pods',
  flags: {
    'api-servers': 'address of the API server',
    'mesos-master': 'host:port of the Mesos master',
    'mesos-user': 'user that executors run as (root)',
    'mesos-framework-name': 'name in Mesos (Kubernetes)',
    'mesos-framework-roles': 'Mesos roles (*)',
    'mesos-default-pod-roles': 'roles of pods that name none (all of the framework)',
    'mesos-executor-cpus': 'cpus of an executor (0.25)',
    'mesos-executor-mem': 'megabytes of an executor (128)',
    'executor-node': "Node's path on agents (/usr/local/bin/node)",
    'executor-path': "executor's path on agents (/opt/kmd/executor.js)",
    'executor-auth-dir': `folder with root-ca.crt and token-users on agents (${authFolder})`,
    address: 'address of /healthz and /metrics (0.0.0.0)',
    port: 'port of them (10251)',
  },
  ignored: ['etcd-servers', 'cluster-dns', 'cluster-domain', 'hostname-override', 'allow-privileged', 'v'],
  async start(flags, { logger, signal }) {
    const server = readList(flags.require('api-servers'))[0] ?? '';
    const named = flags.require('mesos-master');
    const mesosMaster = /^https?:\/\//.test(named) ? named : `http://${named}`;
    const kube = await connectToApiServer({ server, userAgent: 'km-scheduler', signal });
    await awaitAnswer(() => checkHealth(`${mesosMaster}/health`), { signal });
    const folder = flags.get('executor-auth-dir') ?? authFolder;
    const roles = readList(flags.get('mesos-framework-roles') ?? '*');
    const running = await startScheduler({
      mesosMaster,
      kube,
      frameworkName: flags.get('mesos-framework-name'),
      user: flags.get('mesos-user'),
      roles,
      defaultPodRoles: readList(flags.get('mesos-default-pod-roles') ?? roles.join(',')),
      executor: {
        cpus: flags.number('mesos-executor-cpus', 0.25),
        mem: flags.number('mesos-executor-mem', 128),
        command: executorCommand({
          node: flags.get('executor-node') ?? '/usr/local/bin/node',
          program: flags.get('executor-path') ?? '/opt/kmd/executor.js',
          apiServer: server,
          ca: `${folder}/root-ca.crt`,
          tokens: `${folder}/token-users`,
          podNetwork: '/run/kmd/pod-network',
        }),
      },
      listen: { host: flags.get('address') ?? '0.0.0.0', port: flags.number('port', 10251) },
      logger,
      signal,
      onFailure: (error) => {
        logger.error({ error }, 'the framework has ended');
        // The container's restart policy, or whoever started this, decides what comes next.
        process.exit(1);
      },
    });
    return {
      state: `framework accepted by ${mesosMaster}, ${running.url ?? ''}`,
      close: async () => {
        await running.close({ teardown: true });
        kube.close();
      },
    };
  },
};
