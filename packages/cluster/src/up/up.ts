import { existsSync, renameSync, rmSync } from 'node:fs';
import { findEngine } from '@kmd/compose-runner';
import {
  deployAddons,
  dnsAddon,
  ensureCredentials,
  mergeKubeconfig,
  renderKubeconfig,
  waitForAddon,
} from '@kmd/kube-bootstrap';
import { createKubeClient } from '@kmd/kube-client';
import { connectionOf } from '../connection.js';
import { forgetContext } from '../down.js';
import { endLeftovers } from '@kmd/mesos-embedded';
import { ClusterError, messageOf, systemCode } from '../errors.js';
import type { ClusterSpec } from '../options.js';
import { type ProgressListener, StepRecorder } from '../progress.js';
import type { ClusterPaths } from '../state/paths.js';
import { type ClusterRecord, writePrivateFile, writeRecord } from '../state/record.js';
import { type DaemonHandle, launchDaemon } from './launch.js';
import { loadTopology, type Topology } from './plan.js';
import { choosePort } from './ports.js';
import { locatePrograms } from './programs.js';
import { together } from './together.js';
import { awaitAgents } from './agents.js';
import { awaitNodes } from './nodes.js';

export interface UpContext {
  spec: ClusterSpec;
  paths: ClusterPaths;
  environment: Readonly<Record<string, string | undefined>>;
  /** What an earlier cluster of this name left behind when it ended without `down`. */
  stale: ClusterRecord | undefined;
  /** Aborted by the caller or by the timeout. */
  signal: AbortSignal;
  onProgress: ProgressListener | undefined;
}

/** What was made so far, for taking it back when a later step fails. */
interface Made {
  daemon?: DaemonHandle;
  record?: ClusterRecord;
}

/** Brings the embedded cluster up: the whole life of `kmd up`, a step a line. The caller holds the cluster's lock. */
export async function bringUp(context: UpContext): Promise<{ record: ClusterRecord; daemon: DaemonHandle }> {
  const made: Made = {};
  try {
    const cluster = await runSteps(context, made);
    return cluster;
  } catch (error) {
    if (!context.spec.retain || !made.record) await takeBack(context, made);
    else await made.daemon?.release();
    throw explain(error, context);
  }
}

async function runSteps(context: UpContext, made: Made): Promise<{ record: ClusterRecord; daemon: DaemonHandle }> {
  const { spec, paths, environment, signal } = context;
  const steps = new StepRecorder(context.onProgress);
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

type KubeconfigEntry = Parameters<typeof renderKubeconfig>[0];

async function writeContext(
  context: UpContext,
  steps: StepRecorder,
  record: ClusterRecord,
  entry: KubeconfigEntry,
): Promise<void> {
  const { spec, paths, environment } = context;
  const { kubeconfig } = spec;
  if (kubeconfig === false) return;
  await steps.run('kubeconfig', `Write context ${entry.context} into the kubeconfig`, async ({ detail }) => {
    const {
      path,
      paths: changed,
      previousContext,
    } = await mergeKubeconfig({
      env: environment,
      ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
      entry,
    }).catch((error: unknown) => {
      const code = systemCode(error) === 'KUBECONFIG_INVALID' ? 'InvalidSpec' : 'StateUnwritable';
      throw new ClusterError(code, `the kubeconfig cannot take the context: ${messageOf(error)}`, { cause: error });
    });
    // After a crash the context is still there and current: what was current before it is in the old record.
    const previous = previousContext ?? context.stale?.kubeconfig?.previousContext;
    record.kubeconfig = {
      path,
      paths: changed,
      context: entry.context,
      ...(previous === undefined ? {} : { previousContext: previous }),
    };
    writeRecord(paths, record);
    detail(path);
  });
}

function chooseRuntime(spec: ClusterSpec, engines: Awaited<ReturnType<typeof findEngine>>, steps: StepRecorder): void {
  const engine = engines.find(({ answers }) => answers);
  if (spec.runtime === 'docker') {
    throw new ClusterError(
      'RuntimeUnavailable',
      'the docker runtime is not part of this version of kmd: leave --runtime out, or give --runtime embedded',
    );
  }
  if (spec.runtime === 'embedded') return;
  steps.note(
    engine
      ? `A Docker Engine answers at ${engine.host}, but this version of kmd has no docker runtime yet: taking the embedded runtime`
      : 'No Docker Engine answers here: taking the embedded runtime (pods are hollow, no container runs)',
  );
}

async function choosePorts(
  spec: ClusterSpec,
  topology: Topology,
  steps: StepRecorder,
): Promise<{ api: number; mesos: number }> {
  const defaults = { api: 6443, mesos: 5050 };
  const api = await choosePort({
    host: topology.apiServer.host,
    wanted: topology.apiServer.port,
    fixed: spec.fixedPorts.api || topology.apiServer.port !== defaults.api,
    what: 'API server',
    option: '--api-port',
  });
  const mesos = await choosePort({
    host: topology.mesosMaster.host,
    wanted: topology.mesosMaster.port,
    fixed: spec.fixedPorts.mesos || topology.mesosMaster.port !== defaults.mesos,
    what: 'Mesos master',
    option: '--mesos-port',
  });
  if (topology.apiServer.insecurePort !== undefined) {
    await choosePort({
      host: topology.apiServer.host,
      wanted: topology.apiServer.insecurePort,
      fixed: true,
      what: "API server's plain HTTP",
      option: '--insecure-port',
    });
  }
  if (api.moved) steps.note(`Port ${topology.apiServer.port} is taken: the API server listens on ${api.port}`);
  if (mesos.moved) steps.note(`Port ${topology.mesosMaster.port} is taken: the Mesos master listens on ${mesos.port}`);
  return { api: api.port, mesos: mesos.port };
}

/** Stops and removes what this `up` started; keys and logs stay for the next one and for the reader. */
async function takeBack({ paths, environment, stale }: UpContext, { daemon, record }: Made): Promise<void> {
  await daemon?.stop();
  if (daemon) {
    endLeftovers(paths.mesos);
    for (const path of [paths.mesos, paths.kubeconfig, paths.state]) rmSync(path, { recursive: true, force: true });
  }
  const kubeconfig = record?.kubeconfig ?? stale?.kubeconfig;
  if (daemon && kubeconfig) await forgetContext(kubeconfig, environment).catch(() => undefined);
}

/** The error as the caller should see it: a timeout and Ctrl-C by their names, anything unexpected with a place to look. */
function explain(error: unknown, { signal, spec, paths }: UpContext): unknown {
  if (signal.aborted) {
    const reason: unknown = signal.reason;
    if (reason instanceof ClusterError) return reason;
    return new ClusterError(
      'Interrupted',
      `interrupted: cluster "${spec.name}" was not brought up, and nothing of it runs`,
      { cause: reason },
    );
  }
  if (error instanceof ClusterError) return error;
  return new ClusterError(
    'StartFailed',
    `cluster "${spec.name}" did not come up: ${messageOf(error)}; its logs are in ${paths.log}`,
    { cause: error },
  );
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
