import type { ServiceStatus } from '../control/protocol.js';
import { messageOf } from '../errors.js';

/** A service of the topology, running in this process. */
export interface RunningService {
  name: string;
  /** `builtin`: another service does its work. */
  state: 'running' | 'builtin';
  address?: string;
  /** RFC 3339 time of its start. */
  since: string;
  detail?: string;
  /** Rejects, or resolves to a text, when the service is not healthy. */
  check(): Promise<string | undefined>;
  close(): Promise<void>;
}

export function builtin(name: string, detail: string): RunningService {
  return { name, state: 'builtin', since: now(), detail, check: async () => undefined, close: async () => undefined };
}

export function running(
  name: string,
  service: { address?: string; check?: () => Promise<string | undefined>; close(): Promise<void> },
): RunningService {
  return { name, state: 'running', since: now(), check: async () => undefined, ...service };
}

export async function statusOf(service: RunningService): Promise<ServiceStatus> {
  const { name, state, address, since, check } = service;
  const problem = await check().catch(messageOf);
  const detail = problem ?? service.detail;
  return {
    name,
    state,
    healthy: problem === undefined,
    ...(state === 'running' ? { since } : {}),
    ...(address === undefined ? {} : { address }),
    ...(detail === undefined ? {} : { detail }),
  };
}

const now = () => new Date().toISOString();
