import { consequenceOf } from './consequences.js';
import { at, listAt, numberOf, parseExact, textAt, walk } from './exact-json.js';
import { callText } from './messages.js';
import type { Exchange } from './recording.js';

/** Calls of operators that take offers back. */
const rescinding = /"type": ?"(RESERVE_RESOURCES|UNRESERVE_RESOURCES|(CREATE|DESTROY)_VOLUMES|(GROW|SHRINK)_VOLUME|DEACTIVATE_AGENT|DRAIN_AGENT|MARK_AGENT_GONE|UPDATE_MAINTENANCE_SCHEDULE|START_MAINTENANCE|UPDATE_WEIGHTS)"/; // prettier-ignore

/** Seconds between a request and the next one, and between what came and the answer to it. */
const step = 0.005;

/** What a stream brought: when, in seconds since it began, and of which agent. */
interface Sighting {
  readonly stream: Exchange;
  readonly at: number;
  readonly agent: string;
  readonly hostname: string;
  readonly role: string;
}

/** When things happened in a recording, in seconds since the epoch, finer than the full seconds of its `Date` headers. */
export class Timeline {
  readonly #exchanges: readonly Exchange[];
  readonly #texts = new Map<Exchange, string>();
  readonly #starts = new Map<Exchange, number>();
  readonly #times = new Map<Exchange, number>();
  /** Offers and updates by their ids. */
  readonly #seen = new Map<string, Sighting>();
  /** `forMaintenance`: inverse offers were made or taken back at that time. */
  readonly #rescinded: { offer: string; stream: Exchange; at: number; forMaintenance: boolean }[] = [];

  constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges.filter(({ date }) => date !== undefined);
    for (const exchange of this.#exchanges) {
      this.#texts.set(exchange, callText(exchange.request)?.text ?? exchange.request.toString('latin1'));
      this.#note(exchange);
    }
    for (const exchange of this.#exchanges) if (exchange.events !== undefined) this.#starts.set(exchange, this.#findStart(exchange)); // prettier-ignore
    this.#place();
  }

  /** When a request was sent. */
  of(exchange: Exchange): number {
    return this.#times.get(exchange) ?? exchange.date ?? 0;
  }

  get first(): number {
    return this.#times.size === 0 ? 0 : Math.min(...this.#times.values());
  }

  /**
   * A moment at which Mesos divided all it had, as it does every second: the one that most of the recorded offers came at. Undefined
   * where none came so.
   */
  get round(): number | undefined {
    const moments = [...this.#starts].flatMap(([{ events = [] }, start]) => {
      // What was offered just after something was taken back was offered for that.
      const ofItsOwn = (t: number, index: number): boolean => !events.slice(0, index).some((other) => t - other.at < 20 && /^(RESCIND|OFFERS)/.test(textAt(other.event, 'type'))); // prettier-ignore
      return events
        .filter(
          ({ at: t, event }, index) =>
            t > 100 && /^(INVERSE_)?OFFERS$/.test(textAt(event, 'type')) && ofItsOwn(t, index),
        ) // prettier-ignore
        .map(({ at: t }) => start + t / 1000);
    });
    const near = (moment: number): number =>
      moments.filter((other) => {
        const distance = Math.abs(other - moment) % roundInterval;
        return Math.min(distance, roundInterval - distance) < 0.06;
      }).length;
    const best = Math.max(...moments.map(near));
    return moments.find((moment) => near(moment) === best);
  }

  #note(stream: Exchange): void {
    for (const { at: t, event } of stream.events ?? []) {
      const offer = textAt(event, 'rescind', 'offer_id', 'value');
      const near = (other: { at: number; event: unknown }): boolean => Math.abs(other.at - t) < 20 && textAt(other.event, 'type').includes('INVERSE_OFFER'); // prettier-ignore
      if (offer !== '') this.#rescinded.push({ offer, stream, at: t / 1000, forMaintenance: stream.events?.some(near) === true }); // prettier-ignore
      walk(event, (object) => {
        const id = object['url'] === undefined ? '' : textAt(object, 'id', 'value');
        const sighting = { stream, at: t / 1000, agent: textAt(object, 'agent_id', 'value'), hostname: textAt(object, 'hostname'), role: textAt(object, 'allocation_info', 'role') }; // prettier-ignore
        for (const name of [id, textAt(object, 'uuid'), textAt(object, 'uuid', 'value')]) {
          if (name !== '' && !this.#seen.has(name)) this.#seen.set(name, sighting);
        }
      });
    }
  }

  /** The start of a stream lies within the second of its date, and where what came of it allows. */
  #findStart(stream: Exchange): number {
    const date = stream.date ?? 0;
    let [low, high, exact] = [date, date + 0.999, false];
    for (const { at: t, event } of stream.events ?? []) {
      // A status was stamped just before it came; one that waited for its subscriber says nothing.
      const status = at(event, 'update', 'status') ?? at(event, 'task_updated', 'status');
      const bound = numberOf(at(status, 'timestamp')) - t / 1000;
      if (bound >= low && bound < high) [low, exact] = [bound, true];
    }
    for (const [exchange, text] of this.#texts) {
      const later = exchange.date ?? 0;
      // Whoever speaks of an event has seen it; what a task does comes after its launch.
      for (const { stream: source, at: t } of this.#named(text)) if (source === stream) high = Math.min(high, Math.max(later + 0.999 - t, low)); // prettier-ignore
      const update = this.#firstUpdate(stream, text);
      if (update !== undefined) low = Math.max(low, Math.min(later - update, high));
    }
    return exact ? low : (this.#takeOver(stream, low, high) ?? (low + high) / 2);
  }

  /** An instance that takes over is what ended the stream of the one before. */
  #takeOver(stream: Exchange, low: number, high: number): number | undefined {
    const text = this.#texts.get(stream) ?? '';
    for (const [other, start] of this.#starts) {
      const id = textAt(other.events?.[0]?.event, 'subscribed', 'framework_id', 'value');
      const error = other.events?.find(({ event }) => textAt(event, 'error', 'message') === 'Framework failed over');
      const moment = start + (error?.at ?? Number.NaN) / 1000;
      if (id !== '' && text.includes(id) && moment >= low && moment <= high) return moment - step;
    }
    return undefined;
  }

  #named(text: string): Sighting[] {
    return [...this.#seen].flatMap(([id, sighting]) => (text.includes(id) ? [sighting] : []));
  }

  /** When the first task that a call launches showed itself. */
  #firstUpdate(stream: Exchange, text: string): number | undefined {
    if (!text.includes('"LAUNCH')) return undefined;
    const tasks = new Set([...text.matchAll(/"task_id": ?\{"value": ?"([^"]+)"/g)].map(([, id = '']) => id));
    const first = stream.events?.find(({ event }) => {
      const status = at(event, 'update', 'status');
      return tasks.has(textAt(status, 'task_id', 'value')) && textAt(status, 'source') === 'SOURCE_EXECUTOR';
    });
    return first === undefined ? undefined : first.at / 1000;
  }

  /** Each request as early as what came before it allows, in its second; what it did says more exactly when it was. */
  #place(): void {
    let previous = 0;
    /** The newest moment that is sure: the estimates since then may be late. */
    let sure = 0;
    const earliest = new Map<Exchange, number>();
    for (const exchange of this.#exchanges) {
      const { date = 0 } = exchange;
      const text = this.#texts.get(exchange) ?? '';
      const named = Math.max(date, ...this.#named(text).map((sighting) => this.#moment(sighting) + step));
      sure = Math.max(sure, named);
      sure = Math.max(sure, this.#afterWhatItShows(exchange, sure));
      const done = exchange.answer?.status.startsWith('HTTP/1.1 2') === true;
      const effect = done ? this.#effectOf(text, date, sure) : undefined;
      const known = this.#starts.get(exchange) ?? effect;
      const time = known ?? Math.max(this.#timeOf(date, text, named, previous, sure), sure);
      this.#times.set(exchange, time);
      previous = known ?? Math.max(previous, time);
      sure = Math.max(sure, known ?? 0);
      earliest.set(exchange, sure);
    }
    // What came before the others was before them.
    let next = Number.POSITIVE_INFINITY;
    for (const exchange of this.#exchanges.toReversed()) {
      let time = this.of(exchange);
      if (!this.#starts.has(exchange)) time = Math.max(Math.min(time, next - 2 * step), earliest.get(exchange) ?? 0);
      this.#times.set(exchange, time);
      next = Math.min(next, time);
    }
  }

  #timeOf(date: number, text: string, named: number, previous: number, sure: number): number {
    const since = Math.max(date, sure);
    const latest = Math.min(
      date + 0.999,
      this.#consequence(text, since) - step,
      this.#nextOffer(text, since) - 2 * step,
    );
    const within = (time: number): number => Math.max(Math.min(time, latest), named);
    if (previous === 0) return within(date + 0.5);
    if (named > date && named >= previous) return within(named);
    // Requests follow one another at once; between the seconds whole seconds pass, and a little more, as scripts sleep.
    const second = Math.floor(previous);
    if (second === date) return within(previous + step);
    return within(previous - second > 0.95 ? date + step : previous + date - second);
  }

  /** An offer was answered before the next one of the same agent came. */
  #nextOffer(text: string, since: number): number {
    const moments = this.#named(text).flatMap((answered) =>
      [...this.#seen.values()]
        .filter(
          ({ agent, role, stream }) =>
            role !== '' && agent === answered.agent && role === answered.role && stream === answered.stream,
        ) // prettier-ignore
        .map((sighting) => this.#moment(sighting))
        .filter((moment) => moment > this.#moment(answered) + 0.05),
    );
    return Math.min(...moments.filter((moment) => moment > since));
  }

  /** When what a call brought about was seen. */
  #consequence(text: string, sure: number): number {
    const isConsequence = consequenceOf(text);
    if (isConsequence === undefined) return Number.POSITIVE_INFINITY;
    const moments = [...this.#starts].flatMap(([{ events = [] }, start]) =>
      events.filter(({ event }) => isConsequence(event)).map(({ at: t }) => start + t / 1000),
    );
    return Math.min(...moments.filter((moment) => moment > sure));
  }

  /** An answer that shows resources of an agent as offered came after an offer of it. */
  #afterWhatItShows({ answer, events, date = 0 }: Exchange, sure: number): number {
    const body = answer?.body.toString('utf8') ?? '';
    if (events !== undefined || !body.includes('"offered_resources":[{')) return sure;
    let moment = sure;
    walk(parseExact(body), (object) => {
      const agent = textAt(object, 'agent_info', 'id', 'value');
      if (agent === '' || listAt(object, 'offered_resources').length === 0) return;
      const offers = [...this.#seen].filter(([, sighting]) => sighting.agent === agent && sighting.hostname !== '');
      const out = offers.some(([offer, sighting]) => {
        const back = this.#rescinded.find((one) => one.offer === offer);
        return this.#moment(sighting) <= moment && (back === undefined || this.#moment(back) > moment);
      });
      const later = offers.map(([, sighting]) => this.#moment(sighting)).filter((one) => one > moment);
      // With some time for it to come: what is asked for next has its own.
      const next = Math.min(...later) + 0.08;
      if (!out && next < date + 1) moment = next;
    });
    return moment;
  }

  /** When offers were taken back for a call, of the agent that it names. */
  #effectOf(text: string, date: number, sure: number): number | undefined {
    if (!rescinding.test(text)) return undefined;
    const agent = /"agent_id": ?\{"value": ?"([^"]+)"/.exec(text)?.[1];
    const machine = /"hostname": ?"([^"]+)"/.exec(text)?.[1];
    const found = this.#rescinded.find(({ offer, ...sighting }) => {
      const moment = this.#moment(sighting);
      if (sighting.forMaintenance !== text.includes('_MAINTENANCE')) return false;
      const seen = this.#seen.get(offer);
      // Only what was out by then can have been taken back.
      if (seen === undefined || this.#moment(seen) > sure) return false;
      const fits = (agent === undefined || seen.agent === agent) && (machine === undefined || seen.hostname === machine); // prettier-ignore
      return fits && moment > sure + 0.005 && Math.floor(moment) === date;
    });
    return found === undefined ? undefined : this.#moment(found);
  }

  #moment({ stream, at: t }: Pick<Sighting, 'stream' | 'at'>): number {
    return (this.#starts.get(stream) ?? stream.date ?? 0) + t;
  }
}

/** Every interval takes two milliseconds more than a second: the round itself, and getting there. */
export const roundInterval = 1.0022;
