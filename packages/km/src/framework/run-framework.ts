import { randomUUID } from 'node:crypto';
import { QuantityError, silentLogger } from '@kmd/kube-client';
import { Backoff, InvalidCallError, MesosError, SubscriptionRefusedError } from '@kmd/mesos-client';
import { RolesError } from '../pod/roles.js';
import type { SchedulerOptions } from '../scheduler/options.js';
import type { SchedulerHealth } from '../scheduler/health.js';
import { startScheduler, type KmScheduler } from '../scheduler/start.js';
import { startStatusServer } from '../scheduler/status-server.js';
import { StaticPodError } from '../static-pod.js';
import { KubeFrameworkStore, objectName } from './kube-framework-store.js';
import { LeaderElection, type ElectionOptions } from './leader-election.js';

/** Where the framework stands. */
export type FrameworkState =
  /** Another instance leads, or none has been found yet. */
  | { readonly state: 'standby'; readonly leader?: string }
  | { readonly state: 'leading'; readonly health: SchedulerHealth; readonly url?: string }
  /** The lead was lost or the framework ended; it is begun anew. */
  | { readonly state: 'ended'; readonly error: Error };

export interface FrameworkOptions extends Omit<SchedulerOptions, 'onFailure' | 'signal'> {
  /** How instances agree on who leads; false when there will never be two. */
  readonly election?:
    | false
    | Partial<
        Pick<ElectionOptions, 'identity' | 'namespace' | 'leaseDuration' | 'renewDeadline' | 'retryPeriod' | 'clock'>
      >;
  /** Told of each change. */
  readonly onState?: ((state: FrameworkState) => void) | undefined;
}

/** Seconds for which tasks survive without any scheduler: a week. */
const FAILOVER = 7 * 24 * 3600;

/**
 * Runs the framework on any Mesos and any Kubernetes until `signal` aborts, as a real cluster needs it: its id is kept in Kubernetes, tasks
 * outlive it (a failover timeout of a week, checkpointing), of several instances one leads, and what ends it is mended by beginning anew.
 * Resolves when it was stopped; tasks go on. Rejects for what no repetition mends: wrong roles, a framework that the master refuses.
 *
 * ```ts
 * const stop = new AbortController();
 * await runFramework({ mesosMaster, kube, executor: { command }, listen: { port: 10251 } }, stop.signal);
 * ```
 */
export async function runFramework(options: FrameworkOptions, signal: AbortSignal): Promise<void> {
  const { election: wanted = {}, listen, onState, kube, logger = silentLogger, frameworkName = 'Kubernetes' } = options;
  let leading: KmScheduler | undefined;
  const election =
    wanted === false
      ? undefined
      : new LeaderElection({
          ...wanted,
          kube,
          name: objectName('km-scheduler', frameworkName),
          identity: wanted.identity ?? `${process.pid}_${randomUUID()}`,
          logger,
        });
  const frameworkStore = options.frameworkStore ?? new KubeFrameworkStore({ kube, frameworkName });
  const server =
    listen &&
    (await startStatusServer(listen, {
      health: () => leading?.health(),
      metrics: () => leading?.metrics() ?? '',
      tasks: () => leading?.debug.tasks() ?? '',
      queue: () => leading?.debug.queue() ?? '',
      reconcile: (kind) => leading?.debug.reconcile(kind) ?? false,
    }));
  const backoff = new Backoff({ base: 100, cap: 15_000 });
  try {
    while (!signal.aborted) {
      onState?.({ state: 'standby', ...(election?.holder === undefined ? {} : { leader: election.holder }) });
      const lead = await election?.campaign(signal);
      const stop = AbortSignal.any([signal, ...(lead ? [lead.signal] : [])]);
      const ended = Promise.withResolvers<Error | undefined>();
      const onStop = (): void => ended.resolve(undefined);
      stop.addEventListener('abort', onStop, { once: true });
      if (stop.aborted) onStop();
      try {
        leading = await startScheduler({
          failoverTimeout: FAILOVER,
          checkpoint: true,
          ...options,
          frameworkStore,
          listen: undefined,
          signal: stop,
          onFailure: (error) => ended.resolve(error),
        });
        backoff.reset();
        onState?.({ state: 'leading', health: leading.health(), ...(server ? { url: server.url } : {}) });
        const error = await ended.promise;
        if (error) throw error;
      } catch (error) {
        if (signal.aborted) break;
        const failure = error instanceof Error ? error : new Error(String(error));
        onState?.({ state: 'ended', error: failure });
        logger.warn({ err: failure }, 'the framework has ended and is begun anew');
        if (isFatal(failure)) throw failure;
      } finally {
        stop.removeEventListener('abort', onStop);
        const scheduler = leading;
        leading = undefined;
        await scheduler?.close();
        await lead?.resign();
      }
      await backoff.wait(signal).catch(() => undefined);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await server?.close();
  }
}

/** What would end in the same way each time. Everything else passes: another instance took over, an operator removed the framework, a server is away. */
const isFatal = (error: Error): boolean =>
  error instanceof RolesError ||
  error instanceof StaticPodError ||
  error instanceof QuantityError ||
  error instanceof SubscriptionRefusedError ||
  (error instanceof MesosError && (error.status === 401 || error.status === 403)) ||
  error instanceof InvalidCallError;
