import { type Addon, dnsAddon, uiAddon } from '@kmd/kube-bootstrap';
import type { ClusterRecord } from '../state/record.js';
import type { Topology } from '../up/plan.js';
import { locateUi } from '../up/programs.js';

/** Addons that a topology asks for. The UI is a pod that runs as a process of its agent: of this machine, or in the agent's container. */
export function addonsOf(
  { addons, dnsDomain }: Pick<Topology, 'addons' | 'dnsDomain'>,
  { name, runtime, mesosMaster }: Pick<ClusterRecord, 'name' | 'runtime' | 'mesosMaster'>,
): Addon[] {
  const { dns, ui } = addons;
  const page =
    runtime === 'docker'
      ? { command: ['node', '/opt/kmd/ui/server.js'], mesosMaster: 'http://mesosmaster1:5050' }
      : { command: [process.execPath, locateUi()], mesosMaster };
  return [
    ...(dns.enabled ? [dnsAddon({ clusterIp: dns.server, domain: dnsDomain, replicas: dns.replicas })] : []),
    ...(ui.enabled
      ? [
          uiAddon({
            command: page.command,
            environment: { KMD_MESOS_MASTER: page.mesosMaster, KMD_CLUSTER_NAME: name },
            annotations: { [RUNTIME]: 'process' },
          }),
        ]
      : []),
  ];
}

/** Annotation by which a pod chooses its runtime (packages/km, "Runtimes"). */
const RUNTIME = 'kmd.dev/runtime';
