import { existsSync, renameSync, rmSync } from 'node:fs';
import { findEngine } from '@kmd/compose-runner';
import { deployAddons, dnsAddon, ensureCredentials, renderKubeconfig, waitForAddon } from '@kmd/kube-bootstrap';
import { createKubeClient } from '@kmd/kube-client';
import { endLeftovers } from '@kmd/mesos-embedded';
import { connectionOf } from '../connection.js';
import { StepRecorder } from '../progress.js';
import type { ClusterPaths } from '../state/paths.js';
import { type ClusterRecord, writePrivateFile, writeRecord } from '../state/record.js';
import { awaitAgents } from './agents.js';
import type { UpContext } from './context.js';
import { writeContext } from './kubeconfig.js';
import { type DaemonHandle, launchDaemon } from './launch.js';
import { awaitNodes } from './nodes.js';
import { loadTopology } from './plan.js';
import { choosePorts } from './ports.js';
import { locatePrograms } from './programs.js';
import { chooseRuntime } from './runtime.js';
import { explain, type Made, takeBack } from './take-back.js';
import { together } from './together.js';

/** Brings the embedded cluster up: the whole life of `kmd up`, a step a line. The caller holds the cluster's lock. */
export async function bringUp(context: UpContext): Promise<{ record: ClusterRecord; daemon: DaemonHandle }> {
  const made: Made = {};
  const steps = new StepRecorder(context.onProgress);
  // Asked at the moment of the abort: the steps close while what was started is taken back.
  let underWay: string[] = [];
  const look = () => (underWay = steps.open);
  context.signal.addEventListener('abort', look, { once: true });
  try {
    return await runSteps(context, steps, made);
  } catch (error) {
    if (!context.spec.retain || !made.record) await takeBack(context, made);
    else await made.daemon?.release();
    throw explain(error, context, underWay);
  } finally {
    context.signal.removeEventListener('abort', look);
  }
}

async function runSteps(
  context: UpContext,
  steps: StepRecorder,
  made: Made,
): Promise<{ record: ClusterRecord; daemon: DaemonHandle }> {
  const { spec, paths, environment, signal } = context;
  const programs = locatePrograms();

  const engine = findEngine({ environment, signal });
  const topology = await loadTopology(programs.topology, spec, paths, process.cwd());
  for (const warning of topology.warnings) steps.note(warning, 'warning');
  chooseRuntime(spec, await engine, steps);
  const ports = await choosePorts(spec, topology, steps);
  signal.throwIfAborted();

  // A cluster whose process was killed may have left tasks behind.
  endLeftovers(paths.mesos);
  rmSync(paths.mesos, { recursive: true, force: true });
  keepLogs(paths);
  const daemon = launchDaemon(programs.daemon, { logDirectory: paths.log, title: `kmd:${spec.name}` });
  made.daemon = daemon;
  const onAbort = () => void daemon.stop();
  signal.addEventListener('abort', onAbort, { once: true });

  const started = steps.run('services', 'Start the services', async ({ waitingFor, detail }) => {
    const result = await untilAborted(
      signal,
      daemon.untilStarted((event) => {
        if (event.type === 'service' && event.state === 'starting') waitingFor(event.service);
      }),
    );
    detail(topology.services.filter((service) => service !== 'ambassador').join(', '));
    return result;
  });
  started.catch(() => undefined);
  daemon.send({
    type: 'plan',
    plan: {
      name: spec.name,
      logDirectory: paths.log,
      workDirectory: paths.mesos,
      executorProgram: programs.executor,
      services: topology.services,
      mesosMaster: { host: topology.mesosMaster.host, port: ports.mesos },
      agents: topology.agents,
      apiServer: {
        host: topology.apiServer.host,
        port: ports.api,
        ...(topology.apiServer.insecurePort === undefined ? {} : { insecurePort: topology.apiServer.insecurePort }),
        serviceCidr: topology.apiServer.serviceCidr,
        nodePortRange: topology.apiServer.nodePortRange,
        dnsDomain: topology.dnsDomain,
      },
      scheduler: topology.scheduler,
    },
  });
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
  const endpoints = await started;

  const addons = topology.addons.dns.enabled
    ? [
        dnsAddon({
          clusterIp: topology.addons.dns.server,
          domain: topology.dnsDomain,
          replicas: topology.addons.dns.replicas,
        }),
      ]
    : [];
  const record: ClusterRecord = {
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
    user: { name: 'admin', password: credentials.users.find(({ username }) => username === 'admin')?.password ?? '' },
    addons: addons.map(({ name }) => name),
  };
  made.record = record;
  writeRecord(paths, record);

  const connection = connectionOf(paths, record);
  const kube = createKubeClient(connection);
  try {
    const entry = {
      context: `kmd-${spec.name}`,
      cluster: { server: connection.server, caData: connection.ca },
      user: { token: connection.token },
    };
    writePrivateFile(paths.kubeconfig, renderKubeconfig(entry));
    await together(signal, [
      (either) =>
        steps.run('agents', 'Wait for the Mesos agents', async ({ waitingFor, detail }) =>
          detail(await awaitAgents(record.mesosMaster, topology.agents, { signal: either, waitingFor })),
        ),
      (either) =>
        steps.run('nodes', 'Wait for the Kubernetes nodes', async ({ waitingFor, detail }) =>
          detail(
            await awaitNodes(
              kube,
              topology.agents.map(({ hostname }) => hostname),
              { signal: either, waitingFor },
            ),
          ),
        ),
      ...addons.map(
        (addon) => (either: AbortSignal) =>
          steps.run(`addon-${addon.name}`, `Deploy addon ${addon.name}`, async ({ waitingFor }) => {
            await deployAddons(kube, [addon], { signal: either });
            await waitForAddon(kube, addon, {
              signal: either,
              timeout: topology.addons.timeout,
              onProgress: ({ missing }) => waitingFor(missing.join('; ')),
            });
          }),
      ),
      () => writeContext(context, steps, record, entry),
    ]);
  } finally {
    kube.close();
  }
  signal.throwIfAborted();
  record.phase = 'ready';
  writeRecord(paths, record);
  signal.removeEventListener('abort', onAbort);
  return { record, daemon };
}

/** Each life of a cluster has its own logs; those of the one before are kept beside them. */
function keepLogs(paths: ClusterPaths): void {
  if (!existsSync(paths.log)) return;
  rmSync(paths.previousLog, { recursive: true, force: true });
  renameSync(paths.log, paths.previousLog);
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
