import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScheduler } from '@kmd/km';
import { namespaces } from '@kmd/kube-client';
import { type ApiServer, startApiServer, startControllers } from '@kmd/kube-embedded';
import type { DaemonCredentials, EmbeddedPlan } from '../control/protocol.js';
import type { ServiceLogs } from './log.js';
import { running } from './service.js';

export async function startKubernetesApi(
  name: string,
  plan: EmbeddedPlan,
  credentials: DaemonCredentials,
  logs: ServiceLogs,
) {
  const read = (file: string) => readFile(join(credentials.directory, file), 'utf8');
  const [cert, key, clientCa, tokens, users, serviceAccountKey] = await Promise.all([
    read('apiserver.crt'),
    read('apiserver.key'),
    read('root-ca.crt'),
    read('token-users'),
    read('basic-users'),
    read('service-accounts.key'),
  ]);
  const { host, port, insecurePort, serviceCidr, nodePortRange } = plan.apiServer;
  const apiServer = await startApiServer({
    host,
    port,
    ...(insecurePort === undefined ? {} : { insecurePort }),
    tls: { cert, key },
    clientCa,
    tokens: parseUsers(tokens).map(({ secret, ...user }) => ({
      token: secret,
      user: user.name,
      uid: user.uid,
      groups: user.groups,
    })),
    users: parseUsers(users).map(({ secret, name, uid, groups }) => ({
      password: secret,
      username: name,
      uid,
      groups,
    })),
    serviceAccounts: { key: serviceAccountKey },
    serviceCidr,
    nodePortRange,
    logger: logs.logger(name),
  });
  const service = running(name, {
    address: apiServer.url,
    check: async () => void (await apiServer.api.get(namespaces, 'default')),
    close: () => apiServer.close(),
  });
  return { apiServer, service };
}

export async function startKubernetesControllers(
  name: string,
  apiServer: ApiServer,
  credentials: DaemonCredentials,
  logs: ServiceLogs,
) {
  const rootCa = await readFile(join(credentials.directory, 'root-ca.crt'), 'utf8');
  const controllers = startControllers({ api: apiServer.api, logger: logs.logger(name), rootCa });
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
      command: executorCommand(plan.executorProgram, apiServer.url, credentials.directory),
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

/** Lines of token and basic-auth files: `secret,name,uid[,"group,group"]`, as kube-apiserver reads them. */
function parseUsers(text: string): { secret: string; name: string; uid: string; groups: string[] }[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [secret = '', name = '', uid = '', ...groups] = line.trim().split(',');
      return {
        secret,
        name,
        uid,
        groups: groups.map((group) => group.replaceAll('"', '')).filter((group) => group !== ''),
      };
    });
}

function executorCommand(program: string, apiServer: string, directory: string) {
  const variables = {
    KM_API_SERVER: apiServer,
    KM_API_CA: join(directory, 'root-ca.crt'),
    KM_API_TOKEN_FILE: join(directory, 'token-users'),
  };
  return {
    shell: false,
    value: process.execPath,
    arguments: [process.execPath, program],
    environment: {
      variables: Object.entries(variables).map(([name, value]) => ({ name, type: 'VALUE' as const, value })),
    },
  };
}
