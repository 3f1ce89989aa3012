import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import { Daemon } from '../cluster/daemon.js';
import { findPorts } from '../cluster/ports.js';
import { AGENTS, makeMesos, MASTER } from '../cluster/topology.js';
import type { FrameworkSettings, ServerSettings } from './settings.js';

export const API_SERVER = 'apiserver';
export const FRAMEWORKS = ['framework-1', 'framework-2'] as const;

/** The processes of a run by the kinds that faults are planned for. Executors come and go by themselves. */
export const PROCESSES: Readonly<Record<string, readonly string[]>> = {
  agent: AGENTS,
  scheduler: FRAMEWORKS,
  executor: [],
  master: [MASTER],
  apiserver: [API_SERVER],
};

/** A Mesos, a Kubernetes, and two instances of the framework between them; none of them started. */
export interface PodTopology {
  readonly master: Daemon;
  readonly agents: readonly Daemon[];
  readonly apiServer: Daemon;
  readonly frameworks: readonly Daemon[];
  readonly masterUrl: string;
  readonly apiServerUrl: string;
}

export async function makePodTopology(folder: string, programs: string, run: string): Promise<PodTopology> {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const [port = 0, insecurePort = 0] = await findPorts(2, Math.random);
  const apiServerUrl = `http://127.0.0.1:${String(insecurePort)}`;
  const { apiserver } = await ensureCredentials({
    dir: join(folder, 'auth'),
    serviceCidr: '10.10.10.0/24',
    dnsDomain: 'cluster.local',
  });
  const mesos = await makeMesos({ folder, programs, logs, resources: 'cpus:4;mem:2048;ports:[31000-31999]' });
  const program = (name: string, file: string, settings: ServerSettings | FrameworkSettings): Daemon => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify(settings));
    return new Daemon({ name, argv: [join(programs, file), path], log: join(logs, `${name}.log`) });
  };
  const { cert, key } = apiserver;
  return {
    ...mesos,
    apiServer: program(API_SERVER, 'apiserver.mjs', {
      journal: join(folder, 'journal'),
      tls: { cert, key },
      port,
      insecurePort,
    }),
    frameworks: FRAMEWORKS.map((name) =>
      program(name, 'framework.mjs', {
        master: mesos.masterUrl,
        apiServer: apiServerUrl,
        executor: [process.execPath, join(programs, 'executor.mjs')],
        run,
      }),
    ),
    apiServerUrl,
  };
}
