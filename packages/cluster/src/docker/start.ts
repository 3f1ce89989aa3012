import { down, type DockerEngine, type RunnerEvent, start, stop, up } from '@kmd/compose-runner';
import type { Project } from '@kmd/compose-model';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import { createKubeClient } from '@kmd/kube-client';
import { awaitAnswer, checkHealth } from '../answers.js';
import { connectionOf } from '../connection.js';
import { ClusterError, messageOf } from '../errors.js';
import type { StepRecorder } from '../progress.js';
import { type DockerRecord, writeRecord } from '../state/record.js';
import type { UpContext } from '../up/context.js';
import type { Topology } from '../up/plan.js';
import { addonsOf } from '../addons/built-in.js';
import { fixedAddresses } from '../up/project.js';
import type { Started } from '../up/started.js';
import { together } from '../up/together.js';
import { openEngine } from './engine.js';
import { prepareImages } from './images.js';
import { dumpLogs } from './logs.js';
import { checkPrerequisites } from './prerequisites.js';
import { clusterLabels, projectForEngine } from './project.js';
import { watchContainers } from './watch.js';

/** Makes the engine match the topology and waits until the servers answer. `made` gets what is to be taken back if that fails. */
export async function startDocker(
  context: UpContext,
  topology: Topology,
  host: string,
  steps: StepRecorder,
  made: { started?: Started },
): Promise<DockerRecord> {
  const { spec, paths, environment, signal } = context;
  const engine = openEngine(host, environment);
  const project = projectForEngine(topology.project, { name: spec.name, home: paths.home });
  await steps.run('engine', 'Check the Docker Engine', async ({ detail }) => {
    await refuseForeign(engine, project.name, paths.home, signal);
    await checkPrerequisites(engine, topology.agents, steps, signal);
    detail(host);
  });
  let password = '';
  await together(signal, [
    (either) => prepareImages(engine, project, { environment, kubeBinaries: spec.kubeBinaries, steps, signal: either }),
    () =>
      steps.run('credentials', 'Make certificates, keys and tokens', async ({ detail }) => {
        const credentials = await ensureCredentials({
          dir: paths.auth,
          names: ['apiserver'],
          // Those of the API server's container, which its certificate names.
          addresses: fixedAddresses(topology.project, 'apiserver'),
          serviceCidr: topology.apiServer.serviceCidr,
          dnsDomain: topology.dnsDomain,
          ...(spec.adminPassword === undefined ? {} : { adminPassword: spec.adminPassword }),
        });
        if (credentials.written.length === 0) detail('reused');
        password = credentials.users.find(({ username }) => username === 'admin')?.password ?? '';
      }),
  ]);
  const { api, mesos } = { api: topology.apiServer, mesos: topology.mesosMaster };
  const record: DockerRecord = {
    version: 1,
    name: spec.name,
    runtime: 'docker',
    created: context.stale?.runtime === 'docker' && context.resume ? context.stale.created : new Date().toISOString(),
    phase: 'starting',
    engine: host,
    project: project.name,
    apiServer: `https://${api.host}:${api.port}`,
    ...(api.insecurePort === undefined ? {} : { insecureApiServer: `http://${api.host}:${api.insecurePort}` }),
    mesosMaster: `http://${mesos.host}:${mesos.port}`,
    agents: topology.agents.length,
    user: { name: 'admin', password },
    addons: [],
    ...(context.stale?.kubeconfig === undefined ? {} : { kubeconfig: context.stale.kubeconfig }),
  };
  record.addons = addonsOf(topology, record).map(({ name }) => name);
  // Before anything starts, so that `down` finds what an `up` that was killed has left.
  writeRecord(paths, record);
  const watch = await watchContainers(engine, project.name);
  made.started = {
    record,
    failed: watch.failed,
    release: async () => {
      watch.close();
      engine.close();
    },
    unref: () => {
      watch.close();
      engine.close();
    },
    stop: async ({ remove }) => {
      watch.close();
      await dumpLogs(engine, project.name, paths.log).catch(() => undefined);
      await (remove ? down(engine, project.name, { volumes: true, stopTimeout: 2 }) : stop(engine, project.name));
      engine.close();
    },
  };
  const either = AbortSignal.any([signal, watch.failed]);
  await steps.run('containers', 'Start the containers', async ({ waitingFor, detail }) => {
    const onProgress = (event: RunnerEvent) => {
      if (event.type === 'warning') steps.note(event.text, 'warning');
      if (event.type === 'step' && event.state === 'begun') waitingFor(event.id);
    };
    const options = { signal: either, onProgress };
    try {
      if (context.resume) await start(engine, project, options);
      else await up(engine, project, options);
    } catch (error) {
      either.throwIfAborted();
      throw new ClusterError('StartFailed', messageOf(error), { cause: error });
    }
    const containers = Object.values(project.services).reduce((sum, { scale }) => sum + (scale ?? 1), 0);
    detail(`${containers} containers`);
  });
  await awaitServers(context, project, record, steps, either);
  return record;
}

/** Waits until the Mesos master and the API server answer on this machine's ports, each for as long as its health check gives it to start. */
async function awaitServers(
  { paths }: UpContext,
  { services }: Project,
  record: DockerRecord,
  steps: StepRecorder,
  signal: AbortSignal,
): Promise<void> {
  const kube = createKubeClient(connectionOf(paths, record));
  const within = async (
    service: string,
    ask: (limited: AbortSignal) => Promise<string | undefined>,
    say: () => void,
  ) => {
    const limit = services[service]?.healthcheck?.start_period ?? 180_000;
    const time = AbortSignal.timeout(limit);
    let last = '';
    const onWait = (why: string) => {
      last = why;
      say();
    };
    await awaitAnswer(() => ask(signal), { signal: AbortSignal.any([signal, time]), onWait }).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        if (!time.aborted) throw error;
        throw new ClusterError(
          'Timeout',
          `service ${service} did not answer within ${limit / 1000} s, its start_period in the topology: ${last}`,
        );
      },
    );
  };
  try {
    await steps.run('services', 'Wait for the services', async ({ waitingFor }) => {
      await within(
        'mesosmaster1',
        () => checkHealth(`${record.mesosMaster}/health`),
        () => waitingFor('mesosmaster1'),
      );
      const askApi = async (limited: AbortSignal) => {
        const { status } = await kube.request('GET', '/healthz', { signal: limited });
        return status === 200 ? undefined : `it answers ${status}`;
      };
      await within('apiserver', askApi, () => waitingFor('apiserver'));
    });
  } finally {
    kube.close();
  }
}

/** Throws `Busy` when containers of that project belong to another state folder, or to nobody that kmd knows. */
async function refuseForeign(engine: DockerEngine, project: string, home: string, signal: AbortSignal): Promise<void> {
  const containers = await engine.containers([`com.docker.compose.project=${project}`], { signal });
  const foreign = containers.find(({ labels }) => labels[clusterLabels.home] !== home);
  if (!foreign) return;
  const owner = foreign.labels[clusterLabels.home];
  throw new ClusterError(
    'Busy',
    owner === undefined
      ? `the engine has a project ${project} that is not of kmd (container ${foreign.name}): take another --name, or remove it`
      : `the engine has a project ${project} of another state folder (KMD_HOME ${owner}): take another --name, or run kmd down there`,
  );
}
