import { type Addon, dnsAddon, uiAddon, uiEndpointAddon } from '@kmd/kube-bootstrap';
import type { KubeClient } from '@kmd/kube-client';
import type { ClusterRecord } from '../state/record.js';
import type { Topology } from '../up/plan.js';
import { locateUi } from '../up/programs.js';
import { fixedAddresses } from '../up/project.js';

/** Addons that a topology asks for. The UI is a pod that runs as a process of its agent, or, on an engine, the container `ui` of the topology. */
export function addonsOf(
  { addons, dnsDomain, project }: Pick<Topology, 'addons' | 'dnsDomain' | 'project'>,
  record: Pick<ClusterRecord, 'name' | 'runtime' | 'mesosMaster'>,
): Addon[] {
  const { dns, ui } = addons;
  return [
    ...(dns.enabled ? [dnsAddon({ clusterIp: dns.server, domain: dnsDomain, replicas: dns.replicas })] : []),
    ...(ui.enabled ? uiOf(project, record) : []),
  ];
}

/** Annotation by which a pod chooses its runtime (packages/km, "Runtimes"). */
const RUNTIME = 'kmd.dev/runtime';

function uiOf(
  project: Topology['project'],
  { name, runtime, mesosMaster }: Pick<ClusterRecord, 'name' | 'runtime' | 'mesosMaster'>,
): Addon[] {
  if (runtime === 'docker') return fixedAddresses(project, 'ui').map((address) => uiEndpointAddon({ address }));
  return [
    uiAddon({
      command: [process.execPath, locateUi()],
      environment: { KMD_MESOS_MASTER: mesosMaster, KMD_CLUSTER_NAME: name },
      annotations: { [RUNTIME]: 'process' },
    }),
  ];
}

/** Asks the page's server through the API server's proxy. Resolves to what is wrong, or undefined. */
export async function askUi(kube: KubeClient, signal: AbortSignal | undefined): Promise<string | undefined> {
  const { status } = await kube.request('GET', `${uiPath}healthz`, { signal });
  return status === 200 ? undefined : `its page answers ${status}`;
}

/** Where the API server serves the page. */
const uiPath = '/api/v1/namespaces/kube-system/services/kubernetes-dashboard/proxy/';
