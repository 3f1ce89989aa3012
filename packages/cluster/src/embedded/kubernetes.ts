import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScheduler } from '@kmd/km';
import { namespaces } from '@kmd/kube-client';
import { type ApiServer, openJournal, startApiServer, startControllers } from '@kmd/kube-embedded';
import type { DaemonCredentials, EmbeddedPlan } from '../control/protocol.js';
import type { ServiceLogs } from './log.js';
import { readApiCredentials } from '../kubernetes/api-credentials.js';
import { executorCommand } from '../kubernetes/executor-command.js';
import { running } from './service.js';

export async function startKubernetesApi(
  name: string,
  plan: EmbeddedPlan,
  credentials: DaemonCredentials,
  logs: ServiceLogs,
) {
  const file = (base: string) => join(credentials.directory, base);
  const identity = await readApiCredentials({
    certificate: file('apiserver.crt'),
    key: file('apiserver.key'),
    clientCa: file('root-ca.crt'),
    kubeletClient: { certificate: file('apiserver-kubelet-client.crt'), key: file('apiserver-kubelet-client.key') },
    tokens: file('token-users'),
    users: file('basic-users'),
    serviceAccountKey: file('service-accounts.key'),
  });
  const { host, port, insecurePort, serviceCidr, nodePortRange } = plan.apiServer;
  const logger = logs.logger(name);
  const journal = openJournal({ directory: plan.journal, logger });
  const apiServer = await startApiServer({
    host,
    port,
    ...(insecurePort === undefined ? {} : { insecurePort }),
    ...identity,
    serviceCidr,
    nodePortRange,
    store: journal.store,
    logger,
  }).catch((error: unknown) => {
    journal.close();
    throw error;
  });
  const service = running(name, {
    address: apiServer.url,
    check: async () => void (await apiServer.api.get(namespaces, 'default')),
    close: async () => {
      await apiServer.close();
      journal.close();
    },
  });
  return { apiServer, service };
}

export async function startKubernetesControllers(
  name: string,
  apiServer: ApiServer,
  credentials: DaemonCredentials,
  logs: ServiceLogs,
) {
  const read = (base: string): Promise<string> => readFile(join(credentials.directory, base), 'utf8');
  const rootCa = await read('root-ca.crt');
  const controllers = startControllers({
    api: apiServer.api,
    logger: logs.logger(name),
    rootCa,
    signingAuthority: { certificate: rootCa, key: await read('root-ca.key') },
    hollowVolumes: true,
  });
  return running(name, { close: () => controllers.close() });
}

/** The framework: it takes the master's offers and launches pods as tasks, each agent's with an executor process of its own. */
export async function startKubernetesScheduler(
  name: string,
  plan: EmbeddedPlan,
  mesosMaster: string,
  apiServer: ApiServer,
  credentials: DaemonCredentials,
  logs: ServiceLogs,
) {
  const { frameworkName, roles, defaultPodRoles, executorCpus, executorMem } = plan.scheduler;
  const scheduler = await startScheduler({
    mesosMaster,
    kube: apiServer.api,
    frameworkName,
    roles,
    defaultPodRoles,
    executor: {
      cpus: executorCpus,
      mem: executorMem,
      command: executorCommand({
        node: process.execPath,
        program: plan.executorProgram,
        apiServer: apiServer.url,
        ca: join(credentials.directory, 'root-ca.crt'),
        tokens: join(credentials.directory, 'token-users'),
      }),
    },
    logger: logs.logger(name),
  });
  return running(name, {
    check: async () => {
      const { failure, subscribed } = scheduler.health();
      return failure ? failure.message : subscribed ? undefined : 'not subscribed to the Mesos master';
    },
    close: () => scheduler.close(),
  });
}
