import type { ApiServer } from '@kmd/kube-embedded';
import type { RunningMaster } from '@kmd/mesos-embedded';
import type { AgentPlan, DaemonCredentials, EmbeddedPlan, ServiceStatus } from '../control/protocol.js';
import { startKubernetesApi, startKubernetesControllers, startKubernetesScheduler } from './kubernetes.js';
import type { ServiceLogs } from './log.js';
import { startMesosAgents, startMesosMaster } from './mesos.js';
import { builtin, type RunningService, statusOf } from './service.js';
import { sharedExecutors } from './shared-executors.js';

/** The cluster's services, started in the order of the topology and stopped in the reverse. */
export class EmbeddedServices {
  readonly #plan: EmbeddedPlan;
  readonly #logs: ServiceLogs;
  readonly #running: RunningService[] = [];
  readonly #agents = new Set<string>();
  #master: RunningMaster | undefined;
  #apiServer: ApiServer | undefined;

  constructor(plan: EmbeddedPlan, logs: ServiceLogs) {
    this.#plan = plan;
    this.#logs = logs;
  }

  get mesosMaster(): RunningMaster {
    return started(this.#master, 'mesosmaster1');
  }

  get apiServer(): ApiServer {
    return started(this.#apiServer, 'apiserver');
  }

  /** Starts one service of the topology; a scaled one gives one entry a replica. */
  async start(service: string, credentials: () => Promise<DaemonCredentials>): Promise<RunningService[]> {
    const begun = await this.#start(service, credentials);
    if (service === 'mesosslave') return this.#keep(begun);
    this.#running.push(...begun);
    return begun;
  }

  /** Has these agents, and no others: starts those that are new, and ends those that are not named. */
  async setAgents(agents: readonly AgentPlan[]): Promise<void> {
    const names = new Set(agents.map(({ name }) => name));
    const gone = this.#running.filter(({ name }) => this.#agents.has(name) && !names.has(name));
    const added = agents.filter(({ name }) => !this.#agents.has(name));
    for (const service of gone) {
      this.#running.splice(this.#running.indexOf(service), 1);
      this.#agents.delete(service.name);
    }
    await Promise.all(gone.map((service) => service.close()));
    const begun = await this.#startAgents(added);
    this.#keep(begun);
  }

  #startAgents(agents: AgentPlan[]): Promise<RunningService[]> {
    const { executors, executorProgram: program } = this.#plan;
    const launcher =
      executors === 'shared'
        ? sharedExecutors({ program, kube: () => this.apiServer.api, logger: this.#logs.logger('executors') })
        : undefined;
    return startMesosAgents({ ...this.#plan, agents }, this.mesosMaster, this.#logs, launcher);
  }

  #keep(agents: RunningService[]): RunningService[] {
    for (const { name } of agents) this.#agents.add(name);
    const last = this.#running.findLastIndex(({ name }) => this.#agents.has(name));
    this.#running.splice(last + 1 || this.#running.length, 0, ...agents);
    return agents;
  }

  status(): Promise<ServiceStatus[]> {
    return Promise.all(this.#running.map(statusOf));
  }

  async close(): Promise<void> {
    for (const service of this.#running.splice(0).reverse()) {
      await service.close().catch((error: unknown) => {
        this.#logs.logger('kmd').error({ service: service.name, error }, 'the service did not stop cleanly');
      });
    }
  }

  async #start(name: string, credentials: () => Promise<DaemonCredentials>): Promise<RunningService[]> {
    const [plan, logs] = [this.#plan, this.#logs];
    switch (name) {
      case 'ambassador':
        return [builtin(name, 'not needed: every name is this process')];
      case 'etcd':
        return [builtin(name, "in the API server's journal")];
      case 'mesosmaster1': {
        const { master, service } = await startMesosMaster(name, plan, logs);
        this.#master = master;
        return [service];
      }
      case 'mesosslave':
        return this.#startAgents(plan.agents);
      case 'apiserver': {
        const { apiServer, service } = await startKubernetesApi(name, plan, await credentials(), logs);
        this.#apiServer = apiServer;
        return [service];
      }
      case 'controller':
        return [await startKubernetesControllers(name, this.apiServer, await credentials(), logs)];
      case 'scheduler':
        return [
          await startKubernetesScheduler(name, plan, this.mesosMaster.url, this.apiServer, await credentials(), logs),
        ];
      default:
        throw new Error(
          `the embedded runtime does not know service "${name}": it runs ambassador, etcd, mesosmaster1, mesosslave, apiserver, controller and scheduler`,
        );
    }
  }
}

function started<T>(service: T | undefined, name: string): T {
  if (service === undefined) {
    throw new Error(`${name} is needed first: give its dependants a depends_on on it in the topology`);
  }
  return service;
}
