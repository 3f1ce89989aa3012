import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { readResponse, type HttpMessage } from './http-message.js';

/** One event of a recorded stream, and when it came, in milliseconds since the request. */
export interface RecordedEvent {
  readonly at: number;
  readonly event: unknown;
}

/** A request and its answer, as they were on the wire. */
export interface Exchange {
  /** `folder/NN-name` below the folder that is replayed. */
  readonly name: string;
  readonly request: Buffer;
  /** Undefined where no answer was recorded: nobody listened. */
  readonly response: Buffer | undefined;
  readonly answer: HttpMessage | undefined;
  /** The decoded events of a stream. */
  readonly events: readonly RecordedEvent[] | undefined;
  /** Whether the answer has ended, by the server's word. */
  readonly ended: boolean;
  /** Milliseconds after the request at which the client closed the stream. */
  readonly closedAt: number | undefined;
  readonly port: number | undefined;
  /** Seconds since the epoch: the `Date` of the answer. */
  readonly date: number | undefined;
}

/** What a custom executor saw: its own exchanges, its environment, and its log. */
export interface ExecutorRecording {
  readonly exchanges: readonly Exchange[];
  readonly environment: ReadonlyMap<string, string>;
  readonly log: readonly string[];
}

/** One folder: exchanges in their order, conversations beside it, executors. */
export interface Scenario {
  readonly name: string;
  readonly sequences: readonly (readonly Exchange[])[];
  readonly executors: readonly ExecutorRecording[];
  /** What the index says of the folder: it may name flags. */
  readonly description: string;
  readonly vectors: readonly { name: string; value: unknown }[];
}

/** Reads a folder of scenarios, or one scenario. */
export function readScenarios(directory: string): Scenario[] {
  if (!existsSync(directory)) throw new Error(`${directory} does not exist: give a folder of recorded exchanges`);
  const descriptions = readIndex(directory);
  const single = readdirSync(directory).some((name) => name.endsWith('.req'));
  const folders = single ? [''] : readdirSync(directory).filter((name) => isFolder(join(directory, name)));
  return joinScenarios(folders.sort().map((folder) => readScenario(join(directory, folder), descriptions)));
}

/** Folders that were recorded on one master, as its id tells, belong together: what one left the next one found. */
function joinScenarios(scenarios: readonly Scenario[]): Scenario[] {
  const groups: { ids: Set<string>; members: Scenario[] }[] = [];
  for (const scenario of scenarios) {
    const ids = masterIds(scenario);
    const group = groups.find((one) => [...ids].some((id) => one.ids.has(id)));
    if (group === undefined) groups.push({ ids, members: [scenario] });
    else {
      group.members.push(scenario);
      for (const id of ids) group.ids.add(id);
    }
  }
  return groups.map(({ members }) => {
    const [first] = members;
    if (first !== undefined && members.length === 1) return { ...first, sequences: [inOrder(first.sequences)] };
    return {
      name: members.map(({ name }) => name).join(' + '),
      sequences: [inOrder(members.flatMap(({ sequences }) => sequences))],
      executors: members.flatMap(({ executors }) => executors),
      description: members.map(({ description }) => description).join(' '),
      vectors: members.flatMap(({ vectors }) => vectors),
    };
  });
}

/** Ids of agents, frameworks and offers begin with that of their master. */
function masterIds({ sequences }: Scenario): Set<string> {
  const ids = new Set<string>();
  for (const { answer } of sequences.flat()) {
    for (const [, id = ''] of answer?.body.toString('latin1').matchAll(/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(?:[SO]\d|\d{4}\b)/g) ?? []) ids.add(id); // prettier-ignore
  }
  return ids;
}

/** One conversation after the other, as their dates have it; within a second a conversation goes on. */
function inOrder(sequences: readonly (readonly Exchange[])[]): Exchange[] {
  const waiting = sequences.map((sequence) => [...sequence]);
  const ordered: Exchange[] = [];
  let current: Exchange[] | undefined;
  for (;;) {
    const open = waiting.filter((sequence) => sequence.length > 0);
    if (open.length === 0) return ordered;
    const due = (sequence: readonly Exchange[]): number => sequence[0]?.date ?? 0;
    const earliest = Math.min(...open.map(due));
    if (current === undefined || current.length === 0 || due(current) > earliest) {
      const ready = open.filter((sequence) => due(sequence) === earliest);
      // Who subscribes comes before who asks: what is asked for is there then.
      current = ready.find((sequence) => sequence[0]?.events !== undefined) ?? ready[0];
    }
    const next = current?.shift();
    if (next !== undefined) ordered.push(next);
  }
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

/** Rows `| folder, folder | text |` of INDEX.md, by the number that begins the folder's name. */
function readIndex(directory: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const path of [join(directory, 'INDEX.md'), join(directory, '..', 'INDEX.md')]) {
    if (!existsSync(path)) continue;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      const [, names, text] = /^\| ([^|]+) \| (.+) \|$/.exec(line) ?? [];
      for (const number of names?.match(/\b\d\d\b/g) ?? []) texts.set(number, text ?? '');
    }
    break;
  }
  return texts;
}

function readScenario(directory: string, descriptions: ReadonlyMap<string, string>): Scenario {
  const name = basename(directory);
  const sequences: Exchange[][] = [];
  const executors: ExecutorRecording[] = [];
  const own = readExchanges(directory, name);
  if (own.length > 0) sequences.push(own);
  for (const folder of readdirSync(directory).sort()) {
    const path = join(directory, folder);
    if (!isFolder(path)) continue;
    const exchanges = readExchanges(path, `${name}/${folder}`);
    const environment = join(path, 'environment.txt');
    if (existsSync(environment)) {
      executors.push({
        exchanges,
        environment: readEnvironment(environment),
        log: readFileSync(join(path, 'executor.log'), 'utf8').split('\n').slice(1),
      });
    } else if (exchanges.length > 0) {
      sequences.push(exchanges);
    }
  }
  const vectors = readdirSync(directory)
    .filter((file) => file.endsWith('.json') && !file.includes('.timing') && !file.includes('.meta'))
    .sort()
    .map((file) => ({
      name: `${name}/${file.slice(0, -5)}`,
      value: JSON.parse(readFileSync(join(directory, file), 'utf8')) as unknown,
    }));
  return { name, sequences, executors, description: descriptions.get(name.slice(0, 2)) ?? '', vectors };
}

function readEnvironment(path: string): Map<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n');
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

function readExchanges(directory: string, prefix: string): Exchange[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.req'))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1))
    .map((file) => readExchange(join(directory, file.slice(0, -4)), `${prefix}/${file.slice(0, -4)}`));
}

function readExchange(path: string, name: string): Exchange {
  const request = readFileSync(`${path}.req`);
  const response = existsSync(`${path}.resp`) ? readFileSync(`${path}.resp`) : undefined;
  const answer = response === undefined ? undefined : readResponse(response, false, request);
  const host = /^host: [^\r\n]*:(\d+)\r$/im.exec(request.toString('latin1'))?.[1];
  const date = answer?.headers.find(([key]) => key.toLowerCase() === 'date')?.[1];
  return {
    name,
    request,
    response,
    answer,
    events: readEvents(path, answer),
    ended: answer?.complete === true,
    closedAt: readClosing(path),
    port: host === undefined ? undefined : Number(host),
    date: date === undefined ? undefined : Date.parse(date) / 1000,
  };
}

function readClosing(path: string): number | undefined {
  if (!existsSync(`${path}.timing.json`)) return undefined;
  const { t_closed_ms } = JSON.parse(readFileSync(`${path}.timing.json`, 'utf8')) as { t_closed_ms?: number | null };
  return t_closed_ms ?? undefined;
}

/** The events file, or, where there is none, the records of the answer with the times of its packets. */
function readEvents(path: string, answer: HttpMessage | undefined): RecordedEvent[] | undefined {
  if (existsSync(`${path}.events.jsonl`)) {
    const lines = readFileSync(`${path}.events.jsonl`, 'utf8').split('\n').filter(Boolean);
    const events = lines.map((line) => JSON.parse(line) as { t_ms: number; event: unknown });
    if (answer === undefined || answer.records.length !== events.length) {
      return events.map(({ t_ms, event }) => ({ at: t_ms, event }));
    }
    // The wire text keeps how numbers were written.
    return events.map(({ t_ms }, index) => ({ at: t_ms, event: answer.records[index] }));
  }
  const timed = existsSync(`${path}.timing.json`) || existsSync(`${path}.timing.jsonl`);
  // A stream that nobody kept open: what had come by then.
  const open = answer !== undefined && !answer.complete && answer.records.length > 0;
  if (!timed && !open) return undefined;
  return (answer?.records ?? []).map((event) => ({ at: 0, event }));
}
