import type { Event, ObjectReference } from 'kubernetes-types/core/v1.js';
import type { KubeApi, KubeObject } from './api.js';
import { systemClock, type Clock } from './clock.js';
import { isNotFound } from './errors.js';
import { silentLogger, type Logger } from './logger.js';
import { events } from './resources.js';

export interface EventRecorderOptions {
  /** Who speaks, for instance `scheduler`: the "From" of `kubectl describe`. */
  component: string;
  /** The machine it runs on. */
  host?: string | undefined;
  logger?: Logger | undefined;
  clock?: Clock | undefined;
}

export interface EventDescription {
  type: 'Normal' | 'Warning';
  /** One word in CamelCase, for instance `FailedScheduling`. */
  reason: string;
  message: string;
}

export interface EventRecorder {
  /**
   * Writes an event about `object` (an object with its kind, or a reference) in the background. Never throws: an event that cannot be
   * written is logged and dropped.
   */
  record(object: KubeObject | ObjectReference, event: EventDescription): void;
  /** Resolves when everything recorded so far is written or dropped. */
  flush(): Promise<void>;
}

/** The figures of client-go's event correlator. */
const KEPT = 4096;
const SIMILAR = 10;
const SIMILAR_WINDOW = 600_000;
const BURST = 25;
const REFILL = 300_000;
/** Events waiting to be written, at most; more are dropped, as client-go does. */
const WAITING = 1000;

/**
 * Makes core/v1 Events, counting instead of repeating: the same event again raises `count` and `lastTimestamp` of the one there is; ten or more
 * of one reason about one object within ten minutes, differing only in their message, become one "combined from similar
 * events"; and one object gets 25 events at once, then one in five minutes.
 */
export function createEventRecorder(api: KubeApi, options: EventRecorderOptions): EventRecorder {
  return new Recorder(api, options);
}

interface Written {
  name: string;
  namespace: string;
  count: number;
  firstTimestamp: string;
  /** What is being written about this event: one write follows the other. */
  tail: Promise<void>;
}

class Recorder implements EventRecorder {
  readonly #api: KubeApi;
  readonly #options: EventRecorderOptions;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #written = new Map<string, Written>();
  readonly #similar = new Map<string, { messages: Set<string>; last: number }>();
  readonly #allowance = new Map<string, { tokens: number; last: number }>();
  readonly #waiting = new Set<Promise<void>>();
  #serial = 0;

  constructor(api: KubeApi, options: EventRecorderOptions) {
    this.#api = api;
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
  }

  record(object: KubeObject | ObjectReference, event: EventDescription): void {
    const about = referenceTo(object);
    const now = this.#clock.now();
    const subject = JSON.stringify([
      about.kind,
      about.namespace,
      about.name,
      about.uid,
      about.fieldPath,
      about.apiVersion,
    ]);
    if (this.#waiting.size >= WAITING || !this.#allowed(subject, now)) {
      this.#logger.debug({ about, ...event }, 'too many events: dropped one');
      return;
    }
    const group = JSON.stringify([subject, event.type, event.reason]);
    const combined = this.#isOneOfMany(group, event.message, now);
    const message = combined ? `(combined from similar events): ${event.message}` : event.message;
    const key = combined ? group : JSON.stringify([group, event.message]);
    const written = this.#written.get(key) ?? this.#begin(about, now);
    keep(this.#written, key, written);
    const write = (): Promise<void> => this.#write(written, about, { ...event, message }, new Date(now).toISOString());
    const done = written.tail.then(write).catch((error: unknown) => {
      this.#logger.warn({ err: error, about, ...event }, 'an event could not be written');
    });
    written.tail = done;
    this.#waiting.add(done);
    void done.then(() => this.#waiting.delete(done));
  }

  async flush(): Promise<void> {
    await Promise.all(this.#waiting);
  }

  #begin(about: ObjectReference, now: number): Written {
    // Unique as client-go makes it: nanoseconds in hexadecimal, here with a serial number below the millisecond.
    const unique = (BigInt(now) * 1_000_000n + BigInt(this.#serial++ % 1_000_000)).toString(16);
    return {
      name: `${about.name ?? 'unknown'}.${unique}`,
      namespace: about.namespace ?? 'default',
      count: 0,
      firstTimestamp: new Date(now).toISOString(),
      tail: Promise.resolve(),
    };
  }

  async #write(written: Written, about: ObjectReference, event: EventDescription, time: string): Promise<void> {
    const count = written.count + 1;
    const { namespace } = written;
    if (written.count > 0) {
      const change = { count, lastTimestamp: wholeSeconds(time), message: event.message };
      try {
        await this.#api.patch(events, written.name, change, { namespace, type: 'merge' });
        written.count = count;
        return;
      } catch (error) {
        // Events live for an hour: this one has to be made again.
        if (!isNotFound(error)) throw error;
      }
    }
    const { component, host } = this.#options;
    const whole: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: written.name, namespace },
      involvedObject: about,
      ...event,
      count,
      firstTimestamp: wholeSeconds(written.firstTimestamp),
      lastTimestamp: wholeSeconds(time),
      source: { component, ...(host !== undefined && { host }) },
      reportingComponent: component,
      reportingInstance: host ?? '',
    };
    await this.#api.create(events, whole, { namespace });
    written.count = count;
  }

  /** A bucket of `BURST` events for each object, filled by one every `REFILL` milliseconds. */
  #allowed(subject: string, now: number): boolean {
    const bucket = this.#allowance.get(subject) ?? { tokens: BURST, last: now };
    const tokens = Math.min(BURST, bucket.tokens + Math.max(0, now - bucket.last) / REFILL);
    const allowed = tokens >= 1;
    keep(this.#allowance, subject, { tokens: allowed ? tokens - 1 : tokens, last: now });
    return allowed;
  }

  #isOneOfMany(group: string, message: string, now: number): boolean {
    const known = this.#similar.get(group);
    const fresh = known !== undefined && now - known.last <= SIMILAR_WINDOW;
    const messages = fresh ? known.messages : new Set<string>();
    messages.add(message);
    keep(this.#similar, group, { messages, last: now });
    if (messages.size < SIMILAR) return false;
    // One goes out, as in client-go: the next message differs again, so the group stays combined, and the set stays small.
    for (const oldest of messages) {
      messages.delete(oldest);
      break;
    }
    return true;
  }
}

/** Sets an entry and forgets the one not touched for longest when there are too many. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= KEPT) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

/** Kubernetes' `Time` is RFC 3339 without fractions. */
const wholeSeconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

function referenceTo(object: KubeObject | ObjectReference): ObjectReference {
  if (!('metadata' in object)) return object;
  const { apiVersion, kind, metadata = {} } = object;
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    ...(kind !== undefined && { kind }),
    ...(apiVersion !== undefined && { apiVersion }),
    ...(name !== undefined && { name }),
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}
