import type { Pod, Service } from '@kmd/kube-client';
import { isDeleting, nameOf, namespaceOf, uidOf } from '../ownership.js';
import { isReady } from '../pod-state.js';

export type ServicePort = NonNullable<NonNullable<Service['spec']>['ports']>[number];

/** A port of a service as one pod serves it. */
export interface ServedPort {
  name: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

/** A pod behind a service. */
export interface Backend {
  pod: Pod;
  ip: string;
  ports: ServedPort[];
  ready: boolean;
  /** Whether it would answer, terminating or not. */
  serving: boolean;
  terminating: boolean;
  /** Set when the pod has a DNS name of its own below the service's. */
  hostname?: string;
}

/** The family of an address, as slices name it. */
export const familyOf = (ip: string): string => (ip.includes(':') ? 'IPv6' : 'IPv4');

/** Services whose endpoints a controller makes: those that select pods. */
export const hasSelector = (service: Service): boolean =>
  Object.keys(service.spec?.selector ?? {}).length > 0 && service.spec?.type !== 'ExternalName';

export const isHeadless = (service: Service): boolean => service.spec?.clusterIP === 'None';

/** The number of a service's target port in one pod; a name is looked up among the container ports of that protocol. */
function resolvePort(pod: Pod, { targetPort, port, protocol = 'TCP' }: ServicePort): number | undefined {
  const target = targetPort ?? port;
  if (typeof target === 'number') return target === 0 ? port : target;
  if (/^\d+$/.test(target)) return Number(target);
  // Sidecars are init containers that keep running, and may have the port.
  const sidecars = (pod.spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(pod.spec?.containers ?? []), ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find((candidate) => candidate.name === target && (candidate.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** The service's ports that this pod serves: one whose target name the pod has not is left out. */
const servedPorts = (service: Service, pod: Pod): ServedPort[] =>
  (service.spec?.ports ?? []).flatMap((servicePort): ServedPort[] => {
    const port = resolvePort(pod, servicePort);
    if (port === undefined) return [];
    return [
      {
        name: servicePort.name ?? '',
        port,
        protocol: servicePort.protocol ?? 'TCP',
        ...(servicePort.appProtocol !== undefined && { appProtocol: servicePort.appProtocol }),
      },
    ];
  });

/** A pod that has ended for good has no address to offer. */
function hasEnded({ spec, status }: Pod): boolean {
  if (status?.phase === 'Failed') return true;
  return status?.phase === 'Succeeded' && spec?.restartPolicy !== 'Always';
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The pods behind a service that have an address, terminating ones among them, in a stable order. */
export function findBackends(service: Service, pods: readonly Pod[]): Backend[] {
  const publishAll = service.spec?.publishNotReadyAddresses === true;
  return pods
    .flatMap((pod): Backend[] => {
      const ip = pod.status?.podIP ?? '';
      if (ip === '' || hasEnded(pod)) return [];
      const serving = isReady(pod);
      const terminating = isDeleting(pod);
      const { hostname = '', subdomain } = pod.spec ?? {};
      const named = hostname !== '' && subdomain === nameOf(service) && namespaceOf(pod) === namespaceOf(service);
      return [
        {
          pod,
          ip,
          ports: servedPorts(service, pod),
          ready: publishAll || (serving && !terminating),
          serving,
          terminating,
          ...(named && { hostname }),
        },
      ];
    })
    .sort((a, b) => compare(a.ip, b.ip) || compare(uidOf(a.pod), uidOf(b.pod)));
}

/** What the pod is called in an endpoint. */
export const referenceTo = (pod: Pod) => ({
  kind: 'Pod',
  namespace: namespaceOf(pod),
  name: nameOf(pod),
  uid: uidOf(pod),
});

/** Backends by the set of ports that they serve, the keys in a stable order. */
export function groupByPorts(
  backends: readonly Backend[],
): { key: string; ports: ServedPort[]; backends: Backend[] }[] {
  const groups = new Map<string, { key: string; ports: ServedPort[]; backends: Backend[] }>();
  for (const backend of backends) {
    const ports = backend.ports.toSorted((a, b) => compare(a.name, b.name));
    const key = JSON.stringify(
      ports.map(({ name, port, protocol, appProtocol }) => [name, port, protocol, appProtocol]),
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, ports, backends: [backend] });
    else group.backends.push(backend);
  }
  return [...groups.values()].sort((a, b) => compare(a.key, b.key));
}
