// A framework as a user would write it with `@kmd/mesos-client`. It may be killed at any point; started again it goes on.
import { join } from 'node:path';
import {
  accept,
  createSchedulerClient,
  FencedError,
  FileFrameworkStore,
  FileTaskStore,
  InvalidCallError,
  isTerminal,
  kill,
  launch,
  NotSubscribedError,
  OfferStore,
  Reconciler,
  TaskTracker,
  teardown,
  type Offer,
  type SchedulerMiddleware,
} from '@kmd/mesos-client';
import { Ledger } from '../ledger.js';
import { seeded } from '../random.js';
import { ledgerOf, readPhase, readSettings, type Phase } from './settings.js';
import { describeTask, NEEDED } from './tasks.js';

/** Seconds from which a task is a long one. */
const LONG = 15;

const settings = readSettings(process.argv[2] ?? '');
const { name, folder } = settings;
const ledger = new Ledger(ledgerOf(folder));
const incarnation = ledger.begin();
let serial = 0;
const random = seeded(settings.seed * 1_000 + incarnation);

const scheduler = createSchedulerClient({
  master: settings.masters,
  framework: {
    user: '',
    name,
    roles: [name],
    failover_timeout: 3600,
    checkpoint: settings.survives,
    capabilities: [
      { type: 'MULTI_ROLE' },
      ...(settings.survives ? [{ type: 'PARTITION_AWARE' } as const, { type: 'TASK_KILLING_STATE' } as const] : []),
    ],
  },
  frameworkStore: new FileFrameworkStore(join(folder, 'framework-id')),
  acknowledge: 'awaited',
  backoff: { base: 50, cap: 1_000 },
});
/** Task ids to how many seconds they sleep, until they stand in the store and the ledger. */
const described = new Map<string, number>();
const tracker = new TaskTracker({
  store: new FileTaskStore(join(folder, 'tasks.ndjson')),
  describe: ({ task_id: id }) => String(described.get(id.value)),
});
await tracker.load();
scheduler.use(tracker.middleware);
const reconciler = new Reconciler({
  call: (call) => scheduler.call(call),
  tasks: () => tracker.reconcilable(),
  wait: 1_000,
  maxWait: 4_000,
  interval: 5_000,
});
scheduler.use(reconciler.middleware);
const offers = new OfferStore({ maxAge: 1_000, refuseSeconds: 1, random });
offers.attach(scheduler);
// After the tracker: what stands in the ledger stands in the tracker's store.
const bookkeeping: SchedulerMiddleware = {
  types: [],
  call: async (call, next) => {
    const infos =
      call.type === 'ACCEPT'
        ? (call.accept.operations ?? []).flatMap((each) =>
            each.type === 'LAUNCH' ? each.launch.task_infos : undefined,
          )
        : [];
    for (const info of infos) {
      const id = info?.task_id.value ?? '';
      ledger.write({ launch: id, agent: info?.agent_id.value ?? '', seconds: described.get(id) ?? 0 });
    }
    try {
      await next(call);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const unsent = error instanceof InvalidCallError || error instanceof NotSubscribedError;
      if (!unsent) ledger.write({ note: `${call.type} failed: ${why}` });
      for (const info of unsent ? infos : []) ledger.write({ withdrawn: info?.task_id.value ?? '', why });
      throw error;
    }
  },
};
scheduler.use(bookkeeping);

let subscribed = false;
let phase: Phase = 'run';
const asked = new Map<string, number>();
/** Tasks of which an end was told: replaced long since, whatever comes of them. */
const ended = new Set([...ledger.read().values()].flatMap(({ id, endedAt }) => (endedAt === undefined ? [] : [id])));

function ignore(): void {
  // Calls fail when the master is gone; what they were about is seen to later.
}

/** How many tasks run or may run; those on agents that nobody reaches are replaced. */
function occupied(): number {
  return tracker.list().filter(({ state }) => state !== 'TASK_UNREACHABLE').length;
}

/** Most are short; some outlive what happens around them, but leave room for the others. */
function drawSeconds(): number {
  const long = tracker.list().filter(({ data }) => Number(data) >= LONG).length;
  return long < settings.concurrency / 3 && random() < 0.3 ? LONG + random() * 30 : 0.1 + random() * 1.5;
}

async function launchMore(): Promise<void> {
  while (subscribed && phase === 'run' && occupied() < settings.concurrency) {
    const candidates = offers.find(NEEDED);
    const offer = candidates[Math.floor(random() * candidates.length)];
    if (!offer) return;
    await use(offer);
  }
}

async function use(offer: Offer): Promise<void> {
  const count = Math.min(settings.concurrency - occupied(), 1 + Math.floor(random() * 2));
  const infos = Array.from({ length: count }, () => {
    const id = `${name}-${String(incarnation)}-${String(serial++)}`;
    const seconds = Number(drawSeconds().toFixed(2));
    described.set(id, seconds);
    return describeTask(settings, offer, id, seconds);
  });
  await scheduler
    .call(accept({ offerIds: [offer.id], operations: [launch(infos)], filters: offers.refusal() }))
    .catch(ignore);
  for (const { task_id: id } of infos) described.delete(id.value);
}

/** Kills some of the long ones, and in the end all. A KILL may get lost: it is made again. */
async function killSome(): Promise<void> {
  for (const { taskId, agentId, state } of tracker.list()) {
    const doomed =
      phase === 'kill' || (phase === 'run' && state === 'TASK_RUNNING' && random() < 0.005) || asked.has(taskId);
    if (!subscribed || !doomed || Date.now() - (asked.get(taskId) ?? 0) < 2_000) continue;
    asked.set(taskId, Date.now());
    await scheduler.call(kill({ value: taskId }, { value: agentId })).catch(ignore);
  }
}

async function work(): Promise<void> {
  phase = readPhase(join(folder, '..'));
  await launchMore();
  await killSome();
  if (phase === 'teardown' && subscribed) await scheduler.call(teardown()).catch(ignore);
}

const ticking = setInterval(() => void work(), 200);
try {
  for await (const event of scheduler.subscribe()) {
    if (event.type === 'SUBSCRIBED') {
      ledger.write({ note: `subscribed as ${event.subscribed.framework_id.value}` });
      subscribed = true;
    } else if (event.type === 'DISCONNECTED') {
      ledger.write({ note: `disconnected: ${event.disconnected.error.message}` });
      subscribed = false;
    } else if (event.type === 'UPDATE') {
      const { task_id: id, state, source, reason, message } = event.update.status;
      ledger.write({ update: id.value, state, why: [source, reason, message].filter(Boolean).join(' ') });
      if (isTerminal(state) || state === 'TASK_UNKNOWN') {
        asked.delete(id.value);
        ended.add(id.value);
      } else if (ended.has(id.value) && !asked.has(id.value)) {
        // Mesos tells a framework that does not know partitions that a task is lost, and then that it runs (recorded: 13-scheduler-task-states).
        asked.set(id.value, 0);
      }
    }
  }
} catch (error) {
  // Whatever it is: the soak sees a scheduler that ended by itself.
  ledger.write({ note: `ended: ${String(error)}` });
  process.exitCode = error instanceof FencedError ? 3 : 1;
} finally {
  clearInterval(ticking);
  reconciler.stop();
  scheduler.close();
}
