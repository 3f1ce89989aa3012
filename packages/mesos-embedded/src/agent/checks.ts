import { isDeepStrictEqual } from 'node:util';

import type { CheckInfo, CheckStatusInfo, HealthCheck } from '@kmd/mesos-client';

import type { Clock, Timer } from '../clock.js';
import { look, type Probe, type ProbeSurroundings } from './probe.js';

/** Seconds and numbers where a check says nothing (mesos.proto). */
const defaults = { delay: 15, interval: 10, timeout: 20, grace: 10, failures: 3 };

/** Looks again and again, each time when the last look is over, until it is stopped (src/checks/checker_process.cpp). */
export class Checker {
  readonly #clock: Clock;
  readonly #probe: Probe;
  readonly #surroundings: ProbeSurroundings;
  readonly #interval: number;
  readonly #timeout: number;
  /** Undefined: the look failed. */
  readonly #seen: (result: CheckStatusInfo | undefined) => void;
  #timer: Timer | undefined;
  #looking: AbortController | undefined;
  #stopped = false;

  constructor(options: {
    clock: Clock;
    probe: Probe;
    surroundings: ProbeSurroundings;
    times: Pick<CheckInfo, 'delay_seconds' | 'interval_seconds' | 'timeout_seconds'>;
    seen: (result: CheckStatusInfo | undefined) => void;
  }) {
    const { delay_seconds, interval_seconds, timeout_seconds } = options.times;
    this.#clock = options.clock;
    this.#probe = options.probe;
    this.#surroundings = options.surroundings;
    this.#interval = (interval_seconds ?? defaults.interval) * 1000;
    this.#timeout = (timeout_seconds ?? defaults.timeout) * 1000;
    this.#seen = options.seen;
    this.#after((delay_seconds ?? defaults.delay) * 1000);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#looking?.abort();
  }

  #after(milliseconds: number): void {
    this.#timer = this.#clock.after(milliseconds, () => void this.#look());
  }

  async #look(): Promise<void> {
    const looking = (this.#looking = new AbortController());
    // A time of zero is none.
    const limit = this.#timeout > 0 ? this.#clock.after(this.#timeout, () => { looking.abort(); }) : undefined; // prettier-ignore
    const result = await look(this.#probe, this.#surroundings, looking.signal).catch(() => undefined);
    limit?.cancel();
    this.#looking = undefined;
    if (this.#stopped) return;
    this.#seen(result);
    // The word of it may have ended the task, and this with it.
    if (!this.stopped) this.#after(this.#interval);
  }

  private get stopped(): boolean {
    return this.#stopped;
  }
}

/** What a health check says when it has something to say. */
export interface Health {
  readonly healthy: boolean;
  /** It failed as often as it may. */
  readonly fatal: boolean;
}

/**
 * Judges what a health check sees: the first success, every failure after the grace period, and the first success after failures are
 * told (src/checks/health_checker.cpp).
 */
export function judgeHealth(
  check: HealthCheck,
  clock: Clock,
): (result: CheckStatusInfo | undefined) => Health | undefined {
  const grace = (check.grace_period_seconds ?? defaults.grace) * 1000;
  const most = check.consecutive_failures ?? defaults.failures;
  const began = clock.now();
  let fresh = true;
  let failures = 0;
  return (result) => {
    if (result !== undefined && passed(result)) {
      const news = fresh || failures > 0;
      fresh = false;
      failures = 0;
      return news ? { healthy: true, fatal: false } : undefined;
    }
    if (fresh && grace > 0 && clock.now() - began <= grace) return undefined;
    failures += 1;
    return { healthy: false, fatal: failures >= most };
  };
}

function passed({ command, http, tcp }: CheckStatusInfo): boolean {
  if (command !== undefined) return command.exit_code === 0;
  if (http !== undefined) return (http.status_code ?? 0) >= 200 && (http.status_code ?? 0) < 400;
  return tcp?.succeeded === true;
}

/** The status of a check that has not looked yet, or whose look failed. */
export function emptyStatus(check: CheckInfo): CheckStatusInfo {
  const { type } = check;
  const field = type?.toLowerCase();
  return field === undefined ? {} : { type, [field]: {} };
}

/** Tells what a check sees, where it is another thing than the last time. */
export function tellChanges(
  check: CheckInfo,
  tell: (status: CheckStatusInfo) => void,
): (result: CheckStatusInfo | undefined) => void {
  let last = emptyStatus(check);
  return (result) => {
    const status = result ?? emptyStatus(check);
    if (isDeepStrictEqual(status, last)) return;
    last = status;
    tell(status);
  };
}

/** What a health check looks at; undefined where it does not say. */
export function healthProbe({ type, command, http, tcp }: HealthCheck): Probe | undefined {
  // Health checks of before Mesos 1.2 name no type.
  if (command !== undefined && (type === undefined || type === 'COMMAND')) return { type: 'COMMAND', command };
  if (http !== undefined && (type === undefined || type === 'HTTP')) {
    const { port, path = '', scheme = 'http', protocol } = http;
    return { type: 'HTTP', port, path, scheme, ipv6: protocol === 'IPv6' };
  }
  if (tcp !== undefined && type === 'TCP') return { type, port: tcp.port, ipv6: tcp.protocol === 'IPv6' };
  return undefined;
}

export function checkProbe({ type, command, http, tcp }: CheckInfo): Probe | undefined {
  if (type === 'COMMAND' && command !== undefined) return { type, command: command.command };
  if (type === 'HTTP' && http !== undefined) {
    return { type, port: http.port, path: http.path ?? '', scheme: 'http', ipv6: false };
  }
  return type === 'TCP' && tcp !== undefined ? { type, port: tcp.port, ipv6: false } : undefined;
}
