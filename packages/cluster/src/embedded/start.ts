import { rmSync } from 'node:fs';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import { endLeftovers } from '@kmd/mesos-embedded';
import type { EmbeddedPlan } from '../control/protocol.js';
import type { StepRecorder } from '../progress.js';
import type { EmbeddedRecord } from '../state/record.js';
import type { UpContext } from '../up/context.js';
import { type DaemonHandle, launchDaemon } from './launch.js';
import type { Topology } from '../up/plan.js';
import { locatePrograms } from '../up/programs.js';
import { addonsOf } from '../addons/built-in.js';
import type { Started } from '../up/started.js';

/** Starts the embedded cluster's background process and its services. `made` gets what is to be taken back if that fails. */
export async function startEmbedded(
  context: UpContext,
  topology: Topology,
  steps: StepRecorder,
  made: { started?: Started },
): Promise<EmbeddedRecord> {
  const { spec, paths, signal } = context;
  const programs = locatePrograms();
  // A cluster whose process was killed may have left tasks behind.
  endLeftovers(paths.mesos);
  rmSync(paths.mesos, { recursive: true, force: true });
  // The objects of a cluster that ended without `down` are not lost; those of another one, of that name, are nobody's.
  if (!context.stale) rmSync(paths.journal, { recursive: true, force: true });
  const daemon = launchDaemon(programs.daemon, { logDirectory: paths.log, title: `kmd:${spec.name}` });
  const holder: Started = {
    release: () => daemon.release(),
    unref: () => daemon.unref(),
    failed: daemon.ended,
    stop: async ({ remove }) => {
      await daemon.stop();
      endLeftovers(paths.mesos);
      rmSync(paths.mesos, { recursive: true, force: true });
      if (remove) rmSync(paths.journal, { recursive: true, force: true });
    },
  };
  made.started = holder;
  const onAbort = () => void daemon.stop();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const [endpoints, password] = await startServices(context, topology, steps, daemon, programs.executor);
    const record: EmbeddedRecord = {
      version: 1,
      name: spec.name,
      runtime: 'embedded',
      created: new Date().toISOString(),
      phase: 'starting',
      process: daemon.identity,
      control: endpoints.control,
      apiServer: endpoints.apiServer,
      ...(endpoints.insecureApiServer === undefined ? {} : { insecureApiServer: endpoints.insecureApiServer }),
      mesosMaster: endpoints.mesosMaster,
      agents: topology.agents.length,
      user: { name: 'admin', password },
      addons: [],
    };
    record.addons = addonsOf(topology, record).map(({ name }) => name);
    holder.record = record;
    return record;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function startServices(
  { spec, paths, signal }: UpContext,
  topology: Topology,
  steps: StepRecorder,
  daemon: DaemonHandle,
  executorProgram: string,
) {
  const started = steps.run('services', 'Start the services', async ({ waitingFor, detail }) => {
    const result = await untilAborted(
      signal,
      daemon.untilStarted((event) => {
        if (event.type === 'service' && event.state === 'starting') waitingFor(event.service);
      }),
    );
    detail(topology.services.join(', '));
    return result;
  });
  started.catch(() => undefined);
  const { insecurePort, ...apiServer } = topology.apiServer;
  const plan: EmbeddedPlan = {
    name: spec.name,
    logDirectory: paths.log,
    workDirectory: paths.mesos,
    journal: paths.journal,
    executorProgram,
    executors: topology.executors,
    services: topology.services,
    mesosMaster: topology.mesosMaster,
    agents: topology.agents,
    apiServer: {
      ...apiServer,
      ...(insecurePort === undefined ? {} : { insecurePort }),
      dnsDomain: topology.dnsDomain,
    },
    scheduler: topology.scheduler,
  };
  daemon.send({ type: 'plan', plan });
  // Keys are made while the background process loads and starts Mesos.
  const credentials = await steps.run('credentials', 'Make certificates, keys and tokens', async ({ detail }) => {
    const result = await ensureCredentials({
      dir: paths.auth,
      serviceCidr: topology.apiServer.serviceCidr,
      dnsDomain: topology.dnsDomain,
      ...(spec.adminPassword === undefined ? {} : { adminPassword: spec.adminPassword }),
    });
    if (result.written.length === 0) detail('reused');
    return result;
  });
  daemon.send({ type: 'credentials', credentials: { directory: paths.auth } });
  const password = credentials.users.find(({ username }) => username === 'admin')?.password ?? '';
  return [await started, password] as const;
}

/** Rejects as soon as the signal is aborted, whatever the promise does. */
function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
