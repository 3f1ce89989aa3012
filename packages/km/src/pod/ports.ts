import type { Pod } from '@kmd/kube-client';
import { PORT_MAPPING, portAnnotation, portNameAnnotation } from '../annotation.js';

/** How a pod's ports become ports of the agent (spec B10.2). */
export type PortStrategy = 'fixed' | 'wildcard';

/** A port that a pod wants on its agent. */
export interface PortWish {
  /** Index among `spec.containers`, and among that container's `ports`. */
  readonly container: number;
  readonly index: number;
  readonly containerPort: number;
  readonly protocol: string;
  readonly name?: string;
  /** The port asked for by number; absent: any. */
  readonly hostPort?: number;
}

/** A wish and the agent's port it got. */
export interface MappedPort extends PortWish {
  readonly hostPort: number;
}

/** The pod's own strategy (label `k8s.mesosphere.io/portMapping`) or, without a valid one, the framework's. */
export function strategyOf(pod: Pod, otherwise: PortStrategy = 'wildcard'): PortStrategy {
  const label = pod.metadata?.labels?.[PORT_MAPPING];
  return label === 'fixed' || label === 'wildcard' ? label : otherwise;
}

/**
 * The host ports a pod needs: those with a number, and with `wildcard` one for each declared port without. A pod on the host's
 * network (`hostNetwork`) listens on its container ports themselves.
 */
export function portWishes(pod: Pod, strategy: PortStrategy): PortWish[] {
  const hostNetwork = pod.spec?.hostNetwork === true;
  return (pod.spec?.containers ?? []).flatMap((container, position) =>
    (container.ports ?? []).flatMap((port, index): PortWish[] => {
      const hostPort = port.hostPort || (hostNetwork ? port.containerPort : 0);
      if (hostPort === 0 && strategy === 'fixed') return [];
      return [
        {
          container: position,
          index,
          containerPort: port.containerPort,
          protocol: port.protocol ?? 'TCP',
          ...(port.name === undefined ? {} : { name: port.name }),
          ...(hostPort === 0 ? {} : { hostPort }),
        },
      ];
    }),
  );
}

/** The host port that a pod asks for twice, for which no agent can ever do: undefined when there is none. */
export function repeatedPort(wishes: readonly PortWish[]): number | undefined {
  const seen = new Set<string>();
  for (const { hostPort, protocol } of wishes) {
    if (hostPort === undefined) continue;
    const key = `${protocol}/${hostPort}`;
    if (seen.has(key)) return hostPort;
    seen.add(key);
  }
  return undefined;
}

/** The annotations by which others find a pod's ports: `port_TCP_80: "31000"`, `portName_TCP_http: "31000"`. */
export function portAnnotations(ports: readonly MappedPort[]): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const { protocol, containerPort, name, hostPort } of ports) {
    annotations[portAnnotation(protocol, containerPort)] = String(hostPort);
    if (name !== undefined) annotations[portNameAnnotation(protocol, name)] = String(hostPort);
  }
  return annotations;
}
