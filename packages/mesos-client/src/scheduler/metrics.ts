import type { SchedulerCounters } from './options.js';

/** How counters are printed. */
export interface MetricsOptions {
  /** What every name begins with. Default `mesos_scheduler`. */
  prefix?: string | undefined;
  /** Labels that every line carries, for instance `{ framework: 'hello' }`. */
  labels?: Readonly<Record<string, string>> | undefined;
}

const SCALARS = {
  subscribes: 'Attempts to subscribe.',
  subscriptions: 'Subscriptions that the master accepted.',
  disconnections: 'Subscriptions that were lost.',
} as const;

const BY_TYPE = {
  events: 'Events received, by type.',
  calls: 'Calls sent, by type.',
  failures: 'Calls that failed, by type.',
} as const;

/**
 * Counters in Prometheus' text format, to be answered to a scrape with `Content-Type: text/plain; version=0.0.4`.
 *
 * ```ts
 * printMetrics(scheduler.counters); // …mesos_scheduler_events_total{type="OFFERS"} 3…
 * ```
 */
export function printMetrics(counters: Readonly<SchedulerCounters>, options: MetricsOptions = {}): string {
  const { prefix = 'mesos_scheduler', labels = {} } = options;
  const lines: string[] = [];
  const head = (name: string, help: string) =>
    lines.push(`# HELP ${prefix}_${name}_total ${help}`, `# TYPE ${prefix}_${name}_total counter`);
  for (const name of ['subscribes', 'subscriptions', 'disconnections'] as const) {
    head(name, SCALARS[name]);
    lines.push(`${prefix}_${name}_total${printLabels(labels)} ${counters[name]}`);
  }
  for (const name of ['events', 'calls', 'failures'] as const) {
    head(name, BY_TYPE[name]);
    for (const [type, count] of Object.entries(counters[name]))
      lines.push(`${prefix}_${name}_total${printLabels({ ...labels, type })} ${count}`);
  }
  return `${lines.join('\n')}\n`;
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/["\\\n]/g, escapeCharacter)}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeCharacter(character: string): string {
  return character === '\n' ? '\\n' : `\\${character}`;
}
