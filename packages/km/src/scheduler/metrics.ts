type Labels = Readonly<Record<string, string>>;

const escape = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const printLabels = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};
const head = (name: string, type: string, help: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

/** A number that only grows, one for each set of labels. */
export class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #values = new Map<string, number>();

  constructor(name: string, help: string, initial: readonly Labels[] = []) {
    this.#name = name;
    this.#help = help;
    for (const labels of initial) this.add(labels, 0);
  }

  add(labels: Labels = {}, by = 1): void {
    const key = printLabels(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  /** The sum over all labels, or of the ones given. */
  value(labels?: Labels): number {
    if (labels) return this.#values.get(printLabels(labels)) ?? 0;
    return [...this.#values.values()].reduce((sum, value) => sum + value, 0);
  }

  print(): string[] {
    return [
      ...head(this.#name, 'counter', this.#help),
      ...[...this.#values].map(([labels, value]) => `${this.#name}${labels} ${value}`),
    ];
  }
}

/** Of how many of the last observations quantiles are told. */
const WINDOW = 1024;
const QUANTILES = [0.5, 0.9, 0.99];

/** Count, sum, and quantiles of the latest observations. */
export class Summary {
  readonly #name: string;
  readonly #help: string;
  readonly #window: number[] = [];
  #next = 0;
  #sum = 0;
  #count = 0;

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  observe(value: number): void {
    this.#window[this.#next] = value;
    this.#next = (this.#next + 1) % WINDOW;
    this.#sum += value;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  print(): string[] {
    const sorted = [...this.#window].sort((a, b) => a - b);
    const at = (quantile: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? NaN;
    return [
      ...head(this.#name, 'summary', this.#help),
      ...QUANTILES.map((quantile) => `${this.#name}{quantile="${quantile}"} ${at(quantile)}`),
      `${this.#name}_sum ${this.#sum}`,
      `${this.#name}_count ${this.#count}`,
    ];
  }
}

/** What the scheduler counts, under the original's names (spec B26). */
export class SchedulerMetrics {
  readonly offersReceived = new Counter('mesos_offers_received', 'Offers that came from the Mesos master.');
  readonly offersDeclined = new Counter('mesos_offers_declined', 'Offers given back unused, and why.');
  readonly offersAcquired = new Counter('mesos_offers_acquired', 'Offers taken for a launch.');
  readonly offersReleased = new Counter('mesos_offers_released', 'Offers whose launch did not reach the master.');
  readonly queueWait = new Summary(
    'mesos_scheduler_queue_wait_time_microseconds',
    'From a pod being seen to the launch of its task.',
  );
  readonly bindLatency = new Summary(
    'mesos_scheduler_bind_latency_microseconds',
    'From the launch of a task to its pod being bound.',
  );
  readonly statusUpdates = new Counter('mesos_scheduler_status_updates', 'Status updates of tasks.');
  readonly reconciliationRequested = new Counter(
    'mesos_scheduler_reconciliation_requested',
    'Reconciliations asked for.',
  );
  readonly reconciliationExecuted = new Counter('mesos_scheduler_reconciliation_executed', 'Reconciliations sent.');
  readonly reconciliationCancelled = new Counter(
    'mesos_scheduler_reconciliation_cancelled',
    'Reconciliations that ended before every task was answered for.',
  );
  readonly reconciliationLatency = new Summary(
    'mesos_scheduler_reconciliation_latency_microseconds',
    'From an explicit reconciliation to its last answer.',
  );
  readonly panics = new Counter('mesos_runtime_panics', 'Errors of the scheduling loop that it outlived.', [{}]);

  /** The Prometheus text format; `gauges`: values of this moment. */
  print(gauges: Readonly<Record<string, number>> = {}): string {
    const counted = [
      this.offersReceived,
      this.offersDeclined,
      this.offersAcquired,
      this.offersReleased,
      this.queueWait,
      this.bindLatency,
      this.statusUpdates,
      this.reconciliationRequested,
      this.reconciliationExecuted,
      this.reconciliationCancelled,
      this.reconciliationLatency,
      this.panics,
    ].flatMap((metric) => metric.print());
    const present = Object.entries(gauges).flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value}`]);
    return `${[...counted, ...present].join('\n')}\n`;
  }
}
