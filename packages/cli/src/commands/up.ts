import { createCluster, type ClusterOptions } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { modeOf, showProgress } from '../output/progress.js';
import { formatDuration, painter } from '../output/text.js';
import type { Streams } from '../streams.js';
import { describePage } from './ui.js';

export interface UpFlags {
  name: string;
  runtime: 'auto' | 'docker' | 'embedded';
  agents?: number | undefined;
  file?: string[] | undefined;
  kubeBinaries?: string | undefined;
  timeout?: number | undefined;
  retain?: boolean | undefined;
  kubeconfig?: string | boolean | undefined;
  apiPort?: number | undefined;
  mesosPort?: number | undefined;
  insecurePort?: number | undefined;
  json?: boolean | undefined;
  quiet?: boolean | undefined;
  verbose?: boolean | undefined;
}

export async function up(flags: UpFlags, streams: Streams): Promise<number> {
  // Since the process began: what a person waits for.
  const begun = performance.timeOrigin;
  const view = showProgress(modeOf(flags, streams), streams);
  const options: ClusterOptions = {
    name: flags.name,
    runtime: flags.runtime,
    agents: flags.agents,
    files: flags.file,
    kubeBinaries: flags.kubeBinaries,
    timeout: flags.timeout,
    retain: flags.retain,
    kubeconfig: typeof flags.kubeconfig === 'boolean' ? (flags.kubeconfig ? undefined : false) : flags.kubeconfig,
    apiPort: flags.apiPort,
    mesosPort: flags.mesosPort,
    insecurePort: flags.insecurePort,
    environment: streams.environment,
    signal: streams.signal,
    onProgress: view.listener,
  };
  let cluster: Awaited<ReturnType<typeof createCluster>>;
  try {
    cluster = await createCluster(options);
  } finally {
    view.close();
  }
  const milliseconds = Date.now() - begun;
  const { record } = cluster;
  if (flags.json) {
    streams.stdout.write(
      `${JSON.stringify({
        type: 'result',
        result: cluster.created ? 'created' : 'running',
        name: record.name,
        runtime: record.runtime,
        milliseconds: Math.round(milliseconds),
        apiServer: record.apiServer,
        insecureApiServer: record.insecureApiServer,
        mesosMaster: record.mesosMaster,
        ui: record.ui?.address,
        user: record.user.name,
        kubeconfig: record.kubeconfig,
        agents: record.agents,
      })}\n`,
    );
    return exitCodes.ok;
  }
  if (flags.quiet) return exitCodes.ok;
  if (!cluster.created) {
    streams.stdout.write(
      `Cluster "${record.name}" is up already (${record.runtime} runtime, API server ${record.apiServer}): nothing was changed.\n`,
    );
    return exitCodes.ok;
  }
  const bold = (text: string) => painter(streams.stdout, streams.environment)('bold', text);
  // As it was called: who has it in a folder's packages alone has no `kmd` on the PATH.
  const kmd = streams.environment['npm_lifecycle_event'] === 'npx' ? 'npx kmd' : 'kmd';
  const option = record.name === 'local' ? '' : ` --name ${record.name}`;
  const rows: [string, string][] = [
    ['API server', `${record.apiServer}   user ${record.user.name}, password ${record.user.password}`],
    ...(record.insecureApiServer === undefined
      ? []
      : [['', `${record.insecureApiServer}   no authentication`] as [string, string]]),
    ['Mesos master', record.mesosMaster],
    ...(record.ui ? [['Web UI', describePage(record.ui, option)] as [string, string]] : []),
    [
      'kubeconfig',
      record.kubeconfig
        ? `${record.kubeconfig.path}   context ${record.kubeconfig.context}, now current`
        : 'none was written; kmd kubeconfig get prints one',
    ],
    ...(flags.verbose ? [['logs', cluster.paths.log] as [string, string]] : []),
  ];
  streams.stdout.write(
    [
      '',
      bold(
        `Kubernetes on Mesos is up: cluster "${record.name}" with ${record.agents} agent${record.agents === 1 ? '' : 's'}, ${record.runtime} runtime, in ${formatDuration(milliseconds)}`,
      ),
      '',
      ...rows.map(([title, text]) => `  ${title.padEnd(14)}${text}`),
      '',
      'Try:',
      `  ${kmd} kubectl${option} get nodes -o wide`,
      `  ${kmd} kubectl${option} apply -f examples/guestbook`,
      `  ${kmd} status${option}`,
      `Stop it with: ${kmd} down${option}`,
      '',
    ].join('\n'),
  );
  return exitCodes.ok;
}
