import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeApi, Logger, Pod } from '@kmd/kube-client';
import type { ContainerHost } from '../pod/host.js';
import { PodMachine } from '../pod/machine.js';
import type { PodRuntime, PodSite } from '../pod/runtime.js';
import { hostPorts } from './environment.js';
import { startForward } from './forwarder.js';
import { Guardian } from './guardian.js';
import type { PodNetwork } from './pod-network.js';
import { podDirectory, ProcessRun } from './process-run.js';

export interface ProcessRuntimeOptions {
  /** For ConfigMaps and Secrets that environments name. */
  readonly kube: KubeApi;
  /** The sandbox: containers have their working directories below it. */
  readonly directory: string;
  /** What every process finds in its environment, for instance PATH and HOME. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logger: Logger;
  /** Where pods get addresses of their own on agents that are not on loopback; without it they have the agent's. */
  readonly network?: PodNetwork | undefined;
  /** Default: this process's. Pods have addresses of their own where every loopback address can be bound: on Linux. */
  readonly platform?: NodeJS.Platform | undefined;
}

/**
 * Runs the commands of a pod's containers as processes of the agent, by the executor's user, without isolation: real services where there
 * are no containers. The process listens on the port that `PORT` (or `PORT_80`, `PORT_HTTP`) tells, one of the agent's offer.
 */
export function processRuntime(options: ProcessRuntimeOptions): PodRuntime & { close(): void } {
  const guardian = new Guardian();
  return {
    name: 'process',
    start: (pod, site) => {
      const own = addressOf(pod, site, options);
      return new PodMachine(pod, { ...site, podIP: own }, processHost(pod, { ...site, podIP: own }, options, guardian));
    },
    close: () => guardian.close(),
  };
}

/**
 * Agents on loopback share one address, and may offer the same ports, so that each pod gets a loopback address of its own there, which every
 * process on the machine reaches. It is made of the pod's uid: the pods of other clusters on this machine have others.
 */
function addressOf(
  { metadata, spec }: Pod,
  { hostIP }: PodSite,
  { platform = process.platform, network }: ProcessRuntimeOptions,
): string {
  if (spec?.hostNetwork || platform !== 'linux') return hostIP;
  if (!hostIP.startsWith('127.')) return network?.take() ?? hostIP;
  const [a = 0, b = 0, c = 0] = createHash('sha256')
    .update(metadata?.uid ?? '')
    .digest();
  // Not 127.0 and 127.1, where people's own servers are, and no first or last address of a network.
  return `127.${2 + (a % 253)}.${b}.${1 + (c % 254)}`;
}

function processHost(pod: Pod, site: PodSite, options: ProcessRuntimeOptions, guardian: Guardian): ContainerHost {
  const { kube, directory, environment, logger, network } = options;
  const { hostIP, podIP } = site;
  const { metadata = {}, spec } = pod;
  const forwards = (spec?.containers ?? [])
    .flatMap((container) => (podIP === hostIP ? [] : hostPorts(container)))
    .filter(({ containerPort, hostPort }) => containerPort !== hostPort)
    .map(({ containerPort, hostPort }) =>
      startForward({ host: podIP, port: containerPort, to: { host: podIP, port: hostPort } }).catch(
        (error: unknown) => {
          logger.warn(
            { err: error, pod: `${metadata.namespace}/${metadata.name}`, port: containerPort },
            `the pod is not reached at ${podIP}:${containerPort}, but at ${podIP}:${hostPort}`,
          );
          return () => Promise.resolve();
        },
      ),
    );
  const folder = podDirectory(directory, metadata.uid ?? 'unknown');
  const sources = {
    kube,
    pod,
    hostIP,
    podIP,
    nodeName: spec?.nodeName ?? site.nodeName ?? '',
    base: environment,
  };
  return {
    name: 'process',
    startDelay: 0,
    start: (container, events) =>
      new ProcessRun({
        spec: container,
        events,
        sources,
        directory: join(folder, container.name),
        guardian,
      }),
    close: async () => {
      for (const forward of forwards) await (await forward)();
      network?.release(podIP);
      await rm(folder, { recursive: true, force: true }).catch((error: unknown) =>
        logger.warn({ err: error, directory: folder }, 'the folder of a pod could not be removed'),
      );
    },
  };
}
