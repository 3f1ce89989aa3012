import { headings, streamDifference } from './compare.js';
import type { Connection } from './connection.js';
import { at, textAt } from './exact-json.js';
import type { Exchange, RecordedEvent } from './recording.js';

/** A stream that is being replayed. */
export class LiveStream {
  readonly exchange: Exchange;
  readonly connection: Connection;
  readonly start: number;
  /** Settles when this side has closed the stream. */
  closed: Promise<void> = Promise.resolve();
  readonly #taken = new Set<string>();
  readonly #givenUp = new Set<string>();

  /** `start`: when the recorded stream began, in seconds since the epoch. */
  constructor(exchange: Exchange, connection: Connection, start = exchange.date ?? 0) {
    this.exchange = exchange;
    this.connection = connection;
    this.start = start;
  }

  get recorded(): readonly RecordedEvent[] {
    return this.exchange.events ?? [];
  }

  get events(): readonly unknown[] {
    return this.connection.answer?.records ?? [];
  }

  get difference(): string | undefined {
    return streamDifference(
      this.recorded.map(({ event }) => event),
      this.events,
    );
  }

  /** Waits until everything that was recorded up to a moment has come, or most likely will not. */
  async waitUntil(moment: number, milliseconds: number): Promise<void> {
    const missing = this.#missing(moment, () => true);
    if (missing().length === 0) return;
    await this.connection.until(() => missing().length === 0, milliseconds);
    for (const heading of missing()) this.#givenUp.add(heading);
  }

  /** The same for what no timer of the cluster brings. */
  async waitForProcesses(moment: number, milliseconds: number): Promise<void> {
    const missing = this.#missing(moment, (heading) => /^(UPDATE|TASK_UPDATED|FAILURE|MESSAGE)\b/.test(heading));
    if (missing().length > 0) await this.connection.until(() => missing().length === 0, milliseconds);
  }

  /** Tells at any time which events of up to a moment have not come. */
  #missing(moment: number, counts: (heading: string) => boolean): () => string[] {
    const wanted = new Map<string, number>();
    for (const { at: t, event } of this.recorded) {
      if (this.start + t / 1000 > moment || textAt(event, 'type') === 'ERROR') continue;
      for (const [heading] of headings(event)) if (counts(heading)) wanted.set(heading, (wanted.get(heading) ?? 0) + 1);
    }
    return () => {
      const have = new Map<string, number>();
      for (const event of this.events) for (const [heading] of headings(event)) have.set(heading, (have.get(heading) ?? 0) + 1); // prettier-ignore
      return [...wanted].filter(([heading, count]) => !this.#givenUp.has(heading) && (have.get(heading) ?? 0) < count).map(([heading]) => heading); // prettier-ignore
    };
  }

  /** The live offer that stands for a recorded one: of the same agent and role, alike if there is one. */
  offerFor(recorded: unknown): string | undefined {
    const rescinded = new Set(this.events.map((event) => textAt(event, 'rescind', 'offer_id', 'value')));
    const [wanted] = headings({ type: 'OFFERS', offers: { offers: [recorded] } });
    if (wanted === undefined) return undefined;
    const candidates = this.events
      .flatMap(headings)
      .filter(([heading]) => heading === wanted[0])
      .map(([, offer]) => offer)
      .filter(
        (offer) => !this.#taken.has(textAt(offer, 'id', 'value')) && !rescinded.has(textAt(offer, 'id', 'value')),
      );
    const chosen = candidates.findLast((offer) => sameResources(recorded, offer)) ?? candidates.at(-1);
    const id = textAt(chosen, 'id', 'value');
    if (id === '') return undefined;
    this.#taken.add(id);
    return id;
  }

  /** The live event in the place of a recorded update: the same task, state and turn. */
  updateFor(recorded: unknown): unknown {
    const turn = turns(this.recorded.map(({ event }) => event));
    const wanted = turn.get(recorded);
    if (wanted === undefined) return undefined;
    for (const [event, key] of turns(this.events)) if (key === wanted) return event;
    return undefined;
  }
}

function sameResources(left: unknown, right: unknown): boolean {
  return JSON.stringify(at(left, 'resources')) === JSON.stringify(at(right, 'resources'));
}

/** Names each update by what it is about and the how-manieth of its kind it is; repetitions have the name of the first. */
function turns(events: readonly unknown[]): Map<unknown, string> {
  const names = new Map<unknown, string>();
  const counts = new Map<string, number>();
  const seen = new Map<string, string>();
  for (const event of events) {
    const status = at(event, 'update', 'status') ?? at(event, 'update_operation_status', 'status');
    if (status === undefined) continue;
    const uuid = textAt(status, 'uuid') || textAt(status, 'uuid', 'value');
    if (uuid === '') continue;
    const kind = `${textAt(status, 'task_id', 'value')}${textAt(status, 'operation_id', 'value')} ${textAt(status, 'state')}`;
    let name = seen.get(uuid);
    if (name === undefined) {
      const turn = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, turn);
      name = `${kind} ${String(turn)}`;
      seen.set(uuid, name);
    }
    names.set(event, name);
  }
  return names;
}
