import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createAgentClient,
  createExecutorClient,
  createMasterClient,
  createSchedulerClient,
  equalResources,
  FencedError,
  FrameworkRemovedError,
  MesosError,
  MesosSyntaxError,
  namesOfResources,
  parseExactJson,
  parseExecutorEnvironment,
  parseResources,
  SubscriptionRefusedError,
  UnreachableError,
  validateCall,
  type AgentCall,
  type MasterCall,
  type Resource,
  type SchedulerCallBody,
} from '../src/index.js';
import { RawMesos, seeded } from './raw-mesos.js';

// What a real Apache Mesos 1.11 was sent and answered, byte by byte. The recordings stand beside the repository.
const root = fileURLToPath(new URL('../../../../shared/traces/mesos', import.meta.url));
const isThere = existsSync(root);
if (!isThere) console.log('skipped: the recordings of Apache Mesos 1.11 are not beside the repository');

interface Exchange {
  readonly name: string;
  readonly path: string;
  readonly head: string;
  readonly type: string;
  // Recorded calls are of every type.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
  readonly body: Record<string, any>;
  readonly answer: Buffer;
  readonly status: number;
  readonly answerHead: string;
  readonly answerBody: Buffer;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesOf(path) : [path];
  });
}

function split(raw: Buffer): [head: string, body: Buffer] {
  const at = raw.indexOf('\r\n\r\n');
  return [raw.subarray(0, at).toString('latin1'), raw.subarray(at + 4)];
}

/** Recorded POSTs with a call in plain JSON. */
function readExchanges(): Exchange[] {
  if (!isThere) return [];
  return filesOf(root)
    .filter((file) => file.endsWith('.req') && existsSync(file.replace(/req$/, 'resp')))
    .flatMap((file): Exchange[] => {
      const [head, content] = split(readFileSync(file));
      const path = /^POST (\S+) /.exec(head)?.[1];
      const answer = readFileSync(file.replace(/req$/, 'resp'));
      const [answerHead, answerBody] = split(answer);
      if (path === undefined || !/^content-type: application\/json$/im.test(head)) return [];
      const body = parseCall(content);
      const status = Number(answerHead.slice(9, 12));
      const name = relative(root, file).replace(/\.req$/, '');
      return body ? [{ name, path, head, type: body.type, body, answer, status, answerHead, answerBody }] : [];
    });
}

function parseCall(content: Buffer): { type: string } | undefined {
  try {
    const body: unknown = JSON.parse(content.toString('utf8'));
    const isCall = typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string';
    return isCall ? (body as { type: string }) : undefined;
  } catch {
    return undefined;
  }
}

/** The HTTP chunks of a body, and whether the last of them said that it is the last. */

function chunksOf(body: Buffer): { chunks: Buffer[]; ended: boolean } {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const line = body.indexOf('\r\n', at);
    const size = parseInt(body.subarray(at, line).toString('latin1'), 16);
    if (size === 0) return { chunks, ended: true };
    chunks.push(body.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return { chunks, ended: false };
}

/** The records of a stream: Mesos writes each in a chunk of its own. */
function recordsOf(body: Buffer): { events: { type: string }[]; ended: boolean } {
  const { chunks, ended } = chunksOf(body);
  const texts = chunks.map((chunk) => chunk.toString('utf8'));
  return { events: texts.map((text) => JSON.parse(text.slice(text.indexOf('\n') + 1)) as { type: string }), ended };
}

const exchanges = readExchanges();
const isValid = (kind: Parameters<typeof validateCall>[0], call: { type: string }) => {
  try {
    validateCall(kind, call);
    return true;
  } catch {
    return false;
  }
};

const folderOf = ({ name }: Exchange) => name.split('/')[0] ?? '';
const streams = (path: RegExp) =>
  exchanges.filter(
    (exchange) =>
      exchange.type === 'SUBSCRIBE' &&
      path.test(exchange.path) &&
      exchange.status === 200 &&
      /^transfer-encoding: chunked$/im.test(exchange.answerHead),
  );

const answerOf = ({ answer }: Exchange) => (answer.length > 0 ? answer : undefined);

let server: RawMesos | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(answer: (request: string, index: number) => Buffer | undefined, seed: number): Promise<string> {
  await server?.close();
  server = await RawMesos.start(answer, seeded(seed));
  return server.url;
}

/** What an iteration gives, and what it throws; it is left once `count` items have come. */
async function take<Item>(items: AsyncIterable<Item>, count: number): Promise<{ taken: Item[]; error: unknown }> {
  const taken: Item[] = [];
  try {
    for await (const item of items) if (taken.push(item) === count) break;
  } catch (error) {
    return { taken, error };
  }
  return { taken, error: undefined };
}

describe.skipIf(!isThere)('what a real agent makes of its --resources', () => {
  const folder = join(root, '50-resources');
  const cases = isThere
    ? readdirSync(folder).map((file) => ({
        file,
        ...(parseExactJson(readFileSync(join(folder, file), 'utf8')) as {
          resources_flag: string | null;
          exit?: number | null;
          GET_AGENT?: Resource[];
        }),
      }))
    : [];
  // Not the library's: where the flag is absent, or names a file, the agent makes up or reads the text.
  const texts = cases.filter(({ resources_flag: flag }) => flag !== null && !flag.startsWith('file:'));

  it.each(texts)('$file: $resources_flag', ({ resources_flag: text, exit, GET_AGENT: real }) => {
    if (!real) {
      expect(exit).not.toBe(0);
      expect(() => parseResources(text ?? '')).toThrow(MesosSyntaxError);
      return;
    }
    const parsed = parseResources(text ?? '');
    // An agent adds what it finds on its machine under other names.
    const names = new Set(namesOfResources(parsed));
    const named = real.filter(({ name }) => names.has(name));
    expect(equalResources(parsed, named)).toBe(true);
  });
});

describe.skipIf(!isThere)('calls that a real Mesos took', () => {
  it('are taken by the validator, but for keys that Mesos ignores', () => {
    const taken = exchanges.filter(({ status, path }) => status < 300 && path.includes('/api/v1'));
    const refused = taken.filter(({ path, body }) => {
      const call = { ...body, type: String(body.type) };
      if (path.endsWith('/scheduler')) return !isValid('SchedulerCall', call);
      if (path.endsWith('/executor')) return !isValid('ExecutorCall', call);
      return !isValid('MasterCall', call) && !isValid('AgentCall', call);
    });
    expect(taken.length).toBeGreaterThan(450);
    expect(refused.map(({ name }) => name)).toEqual([
      '14-scheduler-failover/05-SUBSCRIBE-third-with-force-field-in-old-style',
    ]);
  });
});

const whyEnded: Record<string, new (...values: never[]) => Error> = {
  'Framework failed over': FencedError,
  'Framework has been removed': FrameworkRemovedError,
};

describe.skipIf(!isThere)('a recorded stream, byte by byte', () => {
  it.each(streams(/\/scheduler$/))('$name', async (recorded) => {
    const { events, ended } = recordsOf(recorded.answerBody);
    const message = messageOf(events.at(-1));
    const expected = message === undefined ? events : events.slice(0, -1);
    const url = await serve((_, index) => (index === 0 ? recorded.answer : undefined), recorded.name.length);
    const client = createSchedulerClient({ master: url, framework: { user: '', name: 'f' }, acknowledge: 'manual' });
    const count = expected.length + (ended ? 1 : 0);
    const { taken, error } = await take(client.subscribe(), message === undefined ? count : Infinity);
    client.close();
    expect(taken.slice(0, expected.length)).toEqual(expected);
    if (message !== undefined) expect(error).toBeInstanceOf(whyEnded[message] ?? SubscriptionRefusedError);
    else if (ended) expect(taken.at(-1)).toMatchObject({ type: 'DISCONNECTED' });
  });

  it.each(streams(/\/executor$/))('$name', async (recorded) => {
    const { events, ended } = recordsOf(recorded.answerBody);
    const expected = events.filter(({ type }) => type !== 'ERROR');
    const url = await serve((_, index) => (index === 0 ? recorded.answer : undefined), recorded.name.length);
    const environment = parseExecutorEnvironment({
      MESOS_FRAMEWORK_ID: 'F',
      MESOS_EXECUTOR_ID: 'E',
      MESOS_DIRECTORY: '/',
      MESOS_AGENT_ENDPOINT: new URL(url).host,
    });
    const client = createExecutorClient({ environment });
    const { taken } = await take(client.subscribe(), ended ? Infinity : expected.length);
    client.close();
    expect(taken).toEqual(expected);
    if (ended) expect(client.end).toBe(expected.at(-1)?.type === 'SHUTDOWN' ? 'shutdown' : 'agent-lost');
  });

  it.each(streams(/\/api\/v1$/))('$name', async (recorded) => {
    const { events, ended } = recordsOf(recorded.answerBody);
    const url = await serve(() => recorded.answer, recorded.name.length);
    const client = createMasterClient({ master: url });
    const { taken } = await take(client.subscribe(), ended ? Infinity : events.length);
    client.close();
    expect(taken).toEqual(events);
  });
});

describe.skipIf(!isThere)('recorded answers, byte by byte', () => {
  /** Streams have methods of their own; compressed bodies are never asked for; of redirects, other tests tell. */
  const isPlain = ({ type, answerHead, status, head }: Exchange) =>
    !/SUBSCRIBE|ATTACH|SESSION/.test(type) &&
    status !== 307 &&
    !/^content-encoding:/im.test(answerHead) &&
    /^accept: (?:application\/json|\*\/\*)$/im.test(head);
  const operator = exchanges.filter((exchange) => /\/api\/v1$/.test(exchange.path) && isPlain(exchange));
  const scheduler = exchanges.filter((exchange) => /\/scheduler$/.test(exchange.path) && isPlain(exchange));
  const foldersOf = (list: readonly Exchange[]) => [...new Set(list.map(folderOf))];

  /** What a call came to, and what the recording says it must come to. */
  async function check(recorded: Exchange, calling: Promise<unknown>): Promise<void> {
    // The process died of the call.
    if (recorded.answer.length === 0) return expect(calling, recorded.name).rejects.toThrow(UnreachableError);
    const text = unframe(recorded);
    if (recorded.status < 300) {
      const answer: unknown = text === '' ? undefined : JSON.parse(text);
      // An empty body is left out, and the client puts it in.
      const body = recorded.type.toLowerCase();
      const expected = recorded.type.startsWith('GET_') && answer ? { [body]: {}, ...answer } : answer;
      expect(await calling, recorded.name).toEqual(expected);
      return;
    }
    const error: unknown = await calling.catch((thrown: unknown) => thrown);
    expect(error, recorded.name).toBeInstanceOf(MesosError);
    expect(error, recorded.name).toMatchObject({ serverText: text });
    if (!(error instanceof FencedError)) expect(error, recorded.name).toMatchObject({ status: recorded.status });
  }

  it.each(foldersOf(operator))('operators: %s', async (folder) => {
    let checked = 0;
    for (const recorded of operator.filter((exchange) => folderOf(exchange) === folder)) {
      const call = { ...recorded.body, type: String(recorded.body.type) };
      const url = await serve(() => answerOf(recorded), recorded.name.length);
      const master = createMasterClient({ master: url });
      const agent = createAgentClient({ agent: url });
      if (isValid('MasterCall', call))
        await check(recorded, master.call(call as Exclude<MasterCall, { type: 'SUBSCRIBE' }>));
      else if (isValid('AgentCall', call)) await check(recorded, agent.call(call as PlainAgentCall));
      else checked -= 1;
      checked += 1;
      master.close();
      agent.close();
    }
    expect(checked).toBeGreaterThanOrEqual(0);
  });

  it.each(foldersOf(scheduler))('schedulers: %s', async (folder) => {
    const subscribed = '{"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"F"}}}';
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nMesos-Stream-Id: s\r\n\r\n';
    const record = `${subscribed.length}\n${subscribed}`;
    const stream = Buffer.from(`${head}${record.length.toString(16)}\r\n${record}\r\n`);
    for (const recorded of scheduler.filter((exchange) => folderOf(exchange) === folder)) {
      const call = { ...recorded.body, type: String(recorded.body.type) };
      if (!isValid('SchedulerCall', call)) continue;
      const url = await serve(
        (request) => (request.includes('"SUBSCRIBE"') ? stream : recorded.answer),
        recorded.name.length,
      );
      const client = createSchedulerClient({ master: url, framework: { user: '', name: 'f' } });
      for await (const event of client.subscribe()) {
        expect(event.type).toBe('SUBSCRIBED');
        await check(recorded, client.call(call as SchedulerCallBody));
        break;
      }
      client.close();
    }
  });
});

type PlainAgentCall = Parameters<ReturnType<typeof createAgentClient>['call']>[0] & AgentCall;

function messageOf(event: { type: string; error?: { message: string } } | undefined): string | undefined {
  return event?.type === 'ERROR' ? event.error?.message : undefined;
}

/** The body without chunks. */
function unframe({ answerHead, answerBody }: Exchange): string {
  const isChunked = /^transfer-encoding: chunked$/im.test(answerHead);
  return (isChunked ? Buffer.concat(chunksOf(answerBody).chunks) : answerBody).toString('utf8');
}
