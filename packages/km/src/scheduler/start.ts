import type { SchedulerHealth } from './health.js';
import type { SchedulerOptions } from './options.js';
import { Scheduler } from './scheduler.js';
import { startStatusServer, type StatusServer, type StatusView } from './status-server.js';

/** A running framework. */
export interface KmScheduler {
  health(): SchedulerHealth;
  /** Everything counted, in Prometheus' text format. */
  metrics(): string;
  /** What its `/debug/…` pages say, and what they do. */
  readonly debug: Pick<StatusView, 'tasks' | 'queue' | 'reconcile'>;
  /** Where it answers HTTP, if it was told to listen. */
  readonly url?: string;
  /** Ends it. With `teardown`, Mesos ends its tasks and executors too; otherwise they go on for the failover timeout. */
  close(options?: { readonly teardown?: boolean }): Promise<void>;
}

/**
 * Starts the Kubernetes framework on a Mesos cluster. Resolves when the master has accepted it. Throws `RolesError` for roles that
 * cannot be, and what `@kmd/mesos-client` throws for a framework that the master refuses.
 */
export async function startScheduler(options: SchedulerOptions): Promise<KmScheduler> {
  const scheduler = new Scheduler(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const abort = (): void => void scheduler.close();
  signal?.addEventListener('abort', abort);
  const debug: KmScheduler['debug'] = {
    tasks: () => scheduler.printTasks(),
    queue: () => scheduler.printQueue(),
    reconcile: (kind) => scheduler.reconcile(kind),
  };
  let server: StatusServer | undefined;
  try {
    await scheduler.start();
    if (options.listen)
      server = await startStatusServer(options.listen, {
        health: () => scheduler.health(),
        metrics: () => scheduler.printMetrics(),
        ...debug,
      });
  } catch (error) {
    await scheduler.close();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return {
    health: () => scheduler.health(),
    metrics: () => scheduler.printMetrics(),
    debug,
    ...(server ? { url: server.url } : {}),
    close: async ({ teardown = false } = {}) => {
      await server?.close();
      await scheduler.close(teardown);
    },
  };
}
