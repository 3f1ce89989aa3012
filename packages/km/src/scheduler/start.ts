import type { SchedulerOptions } from './options.js';
import { Scheduler, type SchedulerHealth } from './scheduler.js';

/** A running framework. */
export interface KmScheduler {
  health(): SchedulerHealth;
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
  try {
    await scheduler.start();
  } catch (error) {
    await scheduler.close();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return {
    health: () => scheduler.health(),
    close: ({ teardown = false } = {}) => scheduler.close(teardown),
  };
}
