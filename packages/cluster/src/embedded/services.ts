import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startScheduler } from '@kmd/km';
import { startApiServer, startControllers } from '@kmd/kube-embedded';
import { startAgent, startMaster } from '@kmd/mesos-embedded';
import type { DaemonCredentials, EmbeddedPlan, ServiceStatus } from '../control/protocol.js';
import type { ServiceLogs } from './log.js';

/** A service of the topology, running in this process. */
export interface RunningService {
  name: string;
  state: 'running' | 'builtin';
  address?: string;
  since: string;
  detail?: string;
  /** Throws, or resolves to a text, when it is not healthy. */
  check(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** The cluster's services, started in the order of the topology and stopped in the reverse. */
export class EmbeddedServices {
  readonly #plan: EmbeddedPlan;
  readonly #logs: ServiceLogs;
  readonly #running: RunningService[] = [];
  #master: Awaited<ReturnType<typeof startMaster>> | undefined;
  #apiServer: Awaited<ReturnType<typeof startApiServer>> | undefined;

  constructor(plan: EmbeddedPlan, logs: ServiceLogs) {
    this.#plan = plan;
    this.#logs = logs;
  }

  get mesosMaster(): string {
    return this.#started(this.#master, 'mesosmaster1').url;
  }

  get apiServer(): { url: string; insecureUrl?: string } {
    return this.#started(this.#apiServer, 'apiserver');
  }

  /** Starts one service of the topology; a scaled one gives one entry a replica. */
  async start(service: string, credentials: () => Promise<DaemonCredentials>): Promise<RunningService[]> {
    const started = await this.#startService(service, credentials);
    this.#running.push(...started);
    return started;
  }

  async status(): Promise<ServiceStatus[]> {
    return Promise.all(
      this.#running.map(async ({ name, state, address, since, detail, check }) => {
        let problem: string | undefined;
        try {
          problem = await check();
        } catch (error) {
          problem = error instanceof Error ? error.message : String(error);
        }
        const text = problem ?? detail;
        return {
          name,
          state,
          healthy: problem === undefined,
          ...(state === 'running' ? { since } : {}),
          ...(address === undefined ? {} : { address }),
          ...(text === undefined ? {} : { detail: text }),
        };
      }),
    );
  }

  async close(): Promise<void> {
    for (const service of this.#running.splice(0).reverse()) {
      await service.close().catch((error: unknown) => {
        this.#logs.logger('kmd').error({ service: service.name, error }, 'the service did not stop cleanly');
      });
    }
  }

  #started<T>(service: T | undefined, name: string): T {
    if (service === undefined)
      throw new Error(`${name} is needed first: give its dependants a depends_on on it in the topology`);
    return service;
  }

  async #startService(service: string, credentials: () => Promise<DaemonCredentials>): Promise<RunningService[]> {
    const plan = this.#plan;
    const since = new Date().toISOString();
    const logger = this.#logs.logger(service);
    const builtin = (detail: string): RunningService[] => [
      { name: service, state: 'builtin', since, detail, check: async () => undefined, close: async () => undefined },
    ];
    switch (service) {
      case 'ambassador':
        return builtin('not needed: every name is this process');
      case 'etcd':
        return builtin("in the API server's memory");
      case 'mesosmaster1': {
        const master = await startMaster({ ...plan.mesosMaster, workDir: join(plan.workDirectory, 'master'), logger });
        this.#master = master;
        return [
          {
            name: service,
            state: 'running',
            since,
            address: master.url,
            check: () => checkHealth(`${master.url}/health`),
            close: () => master.close(),
          },
        ];
      }
      case 'mesosslave': {
        const master = this.mesosMaster;
        return Promise.all(
          plan.agents.map(async ({ name, hostname, resources, attributes }) => {
            const agent = await startAgent({
              master,
              host: '127.0.0.1',
              port: 0,
              hostname,
              resources,
              attributes,
              workDir: join(plan.workDirectory, name),
              logger: this.#logs.logger(name),
            });
            return {
              name,
              state: 'running' as const,
              since,
              address: agent.url,
              check: () => checkHealth(`${agent.url}/health`),
              close: () => agent.close(),
            };
          }),
        );
      }
      case 'apiserver': {
        const { directory } = await credentials();
        const read = (name: string) => readFile(join(directory, name), 'utf8');
        const [cert, key, ca, tokens, users] = await Promise.all(
          ['apiserver.crt', 'apiserver.key', 'root-ca.crt', 'token-users', 'basic-users'].map(read),
        );
        const apiServer = await startApiServer({
          host: plan.apiServer.host,
          port: plan.apiServer.port,
          ...(plan.apiServer.insecurePort === undefined ? {} : { insecurePort: plan.apiServer.insecurePort }),
          tls: { cert: cert ?? '', key: key ?? '' },
          clientCa: ca ?? '',
          tokens: parseUsers(tokens ?? '').map(([token, user, uid, groups]) => ({ token, user, uid, groups })),
          users: parseUsers(users ?? '').map(([password, username, uid, groups]) => ({
            password,
            username,
            uid,
            groups,
          })),
          serviceCidr: plan.apiServer.serviceCidr,
          nodePortRange: plan.apiServer.nodePortRange,
          dnsDomain: plan.apiServer.dnsDomain,
          logger,
        });
        this.#apiServer = apiServer;
        return [
          {
            name: service,
            state: 'running',
            since,
            address: apiServer.url,
            check: async () => undefined,
            close: () => apiServer.close(),
          },
        ];
      }
      case 'controller': {
        const { api } = this.#started(this.#apiServer, 'apiserver');
        const controllers = await startControllers({ api, logger });
        return [
          { name: service, state: 'running', since, check: async () => undefined, close: () => controllers.close() },
        ];
      }
      case 'scheduler': {
        const apiServer = this.#started(this.#apiServer, 'apiserver');
        const { directory } = await credentials();
        const { scheduler } = plan;
        const km = await startScheduler({
          mesosMaster: this.mesosMaster,
          kube: apiServer.api,
          frameworkName: scheduler.frameworkName,
          roles: scheduler.roles,
          defaultPodRoles: scheduler.defaultPodRoles,
          executor: {
            cpus: scheduler.executorCpus,
            mem: scheduler.executorMem,
            command: executorCommand(plan.executorProgram, apiServer.url, directory),
          },
          logger,
        });
        return [{ name: service, state: 'running', since, check: async () => undefined, close: () => km.close() }];
      }
      default:
        throw new Error(
          `the embedded runtime does not know service "${service}": it runs ambassador, etcd, mesosmaster1, mesosslave, apiserver, controller and scheduler`,
        );
    }
  }
}

/** Lines of token and basic-auth files: `secret,name,uid[,"group,group"]` (provider of 2015; kube-apiserver's static files). */
function parseUsers(text: string): [secret: string, name: string, uid: string, groups: string[]][] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [secret = '', name = '', uid = '', ...groups] = line.trim().split(',');
      return [secret, name, uid, groups.map((group) => group.replaceAll('"', '')).filter((group) => group !== '')];
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

async function checkHealth(url: string): Promise<string | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.arrayBuffer();
  return response.ok ? undefined : `${url} answers ${response.status}`;
}
