/* The process that Mesos starts on an agent: everything it is told comes from its environment. */
import { existsSync, readFileSync } from 'node:fs';
import { createKubeClient, jsonLogger, type KubeClientOptions } from '@kmd/kube-client';
import { parseExecutorEnvironment } from '@kmd/mesos-client';
import { parseDuration } from './executor/duration.js';
import { runExecutor } from './executor/executor.js';
import { hollowRuntime } from './executor/hollow.js';
import { inheritedEnvironment } from './executor/process/inherited.js';
import { openPodNetwork } from './executor/process/pod-network.js';
import { processRuntime } from './executor/process/process-runtime.js';
import { chooseRuntime } from './executor/runtimes.js';

const started = performance.now();

// eslint-disable-next-line no-restricted-syntax -- Mesos tells an executor everything in its environment
const environment = process.env;
/** The agent keeps standard error in the sandbox. */
const logger = jsonLogger(
  // eslint-disable-next-line no-restricted-syntax -- a process of its own: its log goes to its sandbox
  (line) => process.stderr.write(line),
  { debug: environment['KM_LOG_LEVEL'] === 'debug' },
);

/** The token: the first word of the file, so that a bare token and a line of an API server's token file both do. */
const readToken = (path: string): string => readFileSync(path, 'utf8').split(/[\s,]/, 1)[0] ?? '';

/** Credentials that stand in the environment itself; what a wrong one says is for the API server to refuse. */
function readCredentials(text: string): Partial<KubeClientOptions> {
  try {
    return JSON.parse(text) as Partial<KubeClientOptions>;
  } catch (cause) {
    throw new Error('KM_API_CREDENTIALS is no JSON: it takes an object with ca, token, cert, key or basic', { cause });
  }
}

async function main(): Promise<void> {
  const {
    KM_API_SERVER: server,
    KM_API_CA: ca,
    KM_API_TOKEN_FILE: token,
    KM_API_CREDENTIALS: credentials,
    KM_EXECUTOR_IDLE_TIMEOUT: idle,
    KM_PROCESS_PODS: processPods,
    KM_POD_NETWORK_FILE: networkFile,
  } = environment;
  if (!server) throw new Error('KM_API_SERVER is not set: give the executor the address of the API server');
  const idleTimeout = idle === undefined ? undefined : parseDuration(idle);
  const kube = createKubeClient({
    server,
    ...(credentials ? readCredentials(credentials) : {}),
    ...(ca ? { ca: readFileSync(ca, 'utf8') } : {}),
    ...(token ? { token: readToken(token) } : {}),
    userAgent: 'km-executor',
  });
  const mesos = parseExecutorEnvironment(environment);
  // An agent that has no such network has no such file.
  const network =
    networkFile && existsSync(networkFile) ? openPodNetwork(readFileSync(networkFile, 'utf8'), logger) : undefined;
  const processes = processRuntime({
    kube,
    logger,
    directory: mesos.directory,
    environment: inheritedEnvironment(environment),
    network,
  });
  const abort = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => abort.abort());
  logger.info(
    { milliseconds: Math.round(performance.now() - started), uptime: Math.round(performance.now()) },
    'executor started',
  );
  try {
    await runExecutor({
      environment: mesos,
      runtime: chooseRuntime(processPods === 'deny' ? [hollowRuntime] : [hollowRuntime, processes]),
      kube,
      logger,
      signal: abort.signal,
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
    });
  } finally {
    processes.close();
    kube.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    logger.error({ error }, 'the executor has ended');
    process.exit(1);
  },
);
