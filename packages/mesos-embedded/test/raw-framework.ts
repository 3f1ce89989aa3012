import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

import {
  RecordIoDecoder,
  type FrameworkInfo,
  type Offer,
  type OfferConstraints,
  type SchedulerEvent,
  type TaskStatus,
} from '@kmd/mesos-client';

/** An answer, read whole, with its headers in the order of the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** One HTTP exchange without any client in between. */
export function exchange(
  url: string,
  options: { method?: string; headers?: readonly (readonly [string, string])[]; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: options.method ?? 'GET', agent: false });
    for (const [name, value] of options.headers ?? []) call.setHeader(name, value);
    if (options.body !== undefined) call.setHeader('Content-Length', Buffer.byteLength(options.body));
    call.on('error', reject);
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          rawHeaders: response.rawHeaders,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    call.end(options.body);
  });
}

export const postJson = (url: string, body: unknown, headers: readonly (readonly [string, string])[] = []) =>
  exchange(url, {
    method: 'POST',
    headers: [['Content-Type', 'application/json'], ...headers],
    body: JSON.stringify(body),
  });

/** Events of a RecordIO stream, to be awaited one by one. */
export class EventReader {
  readonly seen: SchedulerEvent[] = [];
  ended = false;
  readonly #taken = new Set<SchedulerEvent>();
  #wake: () => void = () => undefined;

  constructor(response: IncomingMessage) {
    const decoder = new RecordIoDecoder();
    response.on('data', (chunk: Buffer) => {
      for (const record of decoder.push(chunk)) {
        this.seen.push(JSON.parse(Buffer.from(record).toString('utf8')) as SchedulerEvent);
      }
      this.#wake();
    });
    response.on('end', () => {
      this.ended = true;
      this.#wake();
    });
    response.on('error', () => undefined);
  }

  /** The first event that fits and was not taken before; others stay for later. */
  async next<Type extends SchedulerEvent['type']>(
    type: Type,
    fits: (event: SchedulerEvent & { type: Type }) => boolean = () => true,
  ): Promise<SchedulerEvent & { type: Type }> {
    for (;;) {
      for (const event of this.seen) {
        if (this.#taken.has(event) || event.type !== type) continue;
        const typed = event as SchedulerEvent & { type: Type };
        if (!fits(typed)) continue;
        this.#taken.add(event);
        return typed;
      }
      if (this.ended) throw new Error(`the stream ended before ${type}; seen: ${JSON.stringify(this.seen.slice(-5))}`);
      await this.#more();
    }
  }

  async end(): Promise<void> {
    while (!this.ended) await this.#more();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake;
      this.#wake = () => {
        before();
        resolve();
      };
    });
  }
}

/** A framework that speaks HTTP by hand. */
export class RawFramework {
  readonly id: string;
  readonly streamId: string;
  readonly events: EventReader;
  readonly response: IncomingMessage;
  readonly #url: string;

  private constructor(url: string, response: IncomingMessage, events: EventReader, id: string) {
    this.#url = url;
    this.response = response;
    this.events = events;
    this.id = id;
    this.streamId = String(response.headers['mesos-stream-id']);
  }

  static async subscribe(
    master: string,
    info: Partial<FrameworkInfo> = {},
    more: { offer_constraints?: OfferConstraints } = {},
  ): Promise<RawFramework> {
    const url = `${master}/api/v1/scheduler`;
    const framework_info: FrameworkInfo = {
      user: '',
      name: 'raw',
      roles: ['dev'],
      capabilities: [{ type: 'MULTI_ROLE' }],
      ...info,
    };
    const body = JSON.stringify({
      type: 'SUBSCRIBE',
      ...(info.id === undefined ? {} : { framework_id: info.id }),
      subscribe: { framework_info, ...more },
    });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const call = request(url, { method: 'POST', agent: false, headers: { 'Content-Type': 'application/json' } });
      call.on('response', resolve);
      call.on('error', reject);
      call.end(body);
    });
    const events = new EventReader(response);
    const first = await events.next('SUBSCRIBED');
    return new RawFramework(url, response, events, first.subscribed.framework_id.value);
  }

  call(body: object, streamId = this.streamId): Promise<Answer> {
    return postJson(this.#url, { framework_id: { value: this.id }, ...body }, [['Mesos-Stream-Id', streamId]]);
  }

  async offer(): Promise<Offer> {
    const [offer] = (await this.events.next('OFFERS')).offers.offers;
    if (offer === undefined) throw new Error('an OFFERS event without offers');
    return offer;
  }

  accept(offer: Offer, operations: readonly object[], refuseSeconds = 0): Promise<Answer> {
    return this.call({
      type: 'ACCEPT',
      accept: { offer_ids: [offer.id], operations, filters: { refuse_seconds: refuseSeconds } },
    });
  }

  /** The next update of a task, or its first in a state; each is acknowledged unless told otherwise. */
  async update(taskId: string, state?: TaskStatus['state'], acknowledge = true): Promise<TaskStatus> {
    for (;;) {
      const { update } = await this.events.next('UPDATE', (event) => event.update.status.task_id.value === taskId);
      if (acknowledge) await this.acknowledge(update.status);
      if (state === undefined || update.status.state === state) return update.status;
    }
  }

  async acknowledge(status: TaskStatus): Promise<void> {
    if (status.uuid === undefined) return;
    const { agent_id, task_id, uuid } = status;
    await this.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }

  disconnect(): void {
    this.response.destroy();
  }
}

/** A task of a tenth of a CPU and 32 MB. */
export function task(id: string, offer: Offer, rest: object): object {
  return {
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: resources(0.1, 32),
    ...rest,
  };
}

export function resources(cpus: number, mem: number): object[] {
  return [
    { name: 'cpus', type: 'SCALAR', scalar: { value: cpus } },
    { name: 'mem', type: 'SCALAR', scalar: { value: mem } },
  ];
}

export function launch(...tasks: readonly object[]): object {
  return { type: 'LAUNCH', launch: { task_infos: tasks } };
}
