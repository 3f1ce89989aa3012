import type { ContainerState, DockerEngine } from '../engine/docker-engine.js';
import { lastLines } from '../logs/last-lines.js';
import type { Awaited } from '../plan/action.js';
import { RunnerError } from '../runner-error.js';
import type { ContainerWatch } from './watch.js';

type Verdict = { readonly ready: true } | { readonly ready: false; readonly why: string };

const ready: Verdict = { ready: true };

/** Whether a container meets a condition, or never will; nothing while that is open. */
export function judge(condition: Awaited['condition'], state: ContainerState): Verdict | undefined {
  const { name, status, exitCode, health, healthLog } = state;
  const ended = status === 'exited' || status === 'dead';
  if (condition === 'service_completed_successfully') {
    if (!ended) return undefined;
    return exitCode === 0
      ? ready
      : { ready: false, why: `container ${name} did not complete successfully: exit ${exitCode}` };
  }
  // What ends well and is not started again has done its work: one-shot services are no failure of a project that is up.
  if (ended && condition === 'running_or_healthy' && exitCode === 0) return ready;
  if (ended) return { ready: false, why: `container ${name} exited (${exitCode})` };
  if (health === undefined) {
    if (condition === 'service_healthy') return { ready: false, why: `container ${name} has no health check` };
    return status === 'running' ? ready : undefined;
  }
  if (health === 'healthy') return ready;
  if (health !== 'unhealthy') return undefined;
  const said = healthLog.at(-1);
  return {
    ready: false,
    why: `container ${name} is unhealthy${said ? ` (its check says: ${said.slice(0, 300)})` : ''}`,
  };
}

/**
 * Waits until each of the containers meets the condition.
 * @throws RunnerError with the container's last lines, when one never will
 */
export async function waitFor(
  { engine, watch }: { engine: DockerEngine; watch: ContainerWatch },
  awaited: Awaited,
  code: 'dependency-failed' | 'service-failed',
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    awaited.containers.map(async (container) => {
      const verdict = await watch.until(container, (state) => judge(awaited.condition, state), signal);
      if (verdict.ready) return;
      const { service } = awaited;
      const text = code === 'dependency-failed' ? `dependency failed to start: ${verdict.why}` : verdict.why;
      throw new RunnerError(code, text, { service, container, output: await lastLines(engine, container, 10) });
    }),
  );
}
