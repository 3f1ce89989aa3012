import { type Agent, request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { normalize } from './normalize.js';
import { type Answer, type Sequence, type Step, namespaceOf } from './sequence.js';

/** A server to ask. */
export interface Server {
  readonly url: string;
  readonly token: string;
  readonly agent: Agent;
}

interface Raw {
  readonly status: number;
  readonly type: string;
  readonly warnings: readonly string[];
  readonly text: string;
}

export function send(server: Server, step: Step): Promise<Raw> {
  const url = new URL(server.url + step.path);
  for (const [name, value] of Object.entries(step.query ?? {})) {
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  }
  const body =
    step.body === undefined ? undefined : typeof step.body === 'string' ? step.body : JSON.stringify(step.body);
  const headers: Record<string, string> = {
    authorization: `Bearer ${step.as ?? server.token}`,
    'user-agent': 'differential/1',
    accept: step.accept ?? 'application/json',
    ...step.headers,
  };
  if (body !== undefined) {
    headers['content-length'] = String(Buffer.byteLength(body));
    if (step.type !== '') headers['content-type'] = step.type ?? 'application/json';
  }
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: step.method ?? 'GET', headers, agent: server.agent, rejectUnauthorized: false },
      (response) => {
        let text = '';
        const done = (): void =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            warnings: [response.headers['warning'] ?? []].flat(),
            text,
          });
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (step.events === undefined || text.split('\n').length <= step.events) return;
          done();
          asked.destroy();
        });
        response.on('end', done);
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

export function parse(raw: Raw, step: Step): unknown {
  if (raw.text === '') return undefined;
  if (!raw.type.includes('json')) return raw.text;
  if (step.events !== undefined && raw.status === 200) {
    const lines = raw.text.split('\n').filter((line) => line !== '');
    return lines.slice(0, step.events).map((line): unknown => JSON.parse(line));
  }
  try {
    return JSON.parse(raw.text);
  } catch {
    return raw.text;
  }
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined),
    value,
  );

/** Fills in what a step takes from the answers before it. */
function fill(value: unknown, namespace: string, answers: readonly unknown[]): unknown {
  if (typeof value === 'string') {
    return value.replaceAll('{ns}', namespace).replace(/\{(\d+)\.([\w.]+)\}/g, (_, index: string, path: string) => {
      const found = at(answers[Number(index)], path.split('.'));
      return typeof found === 'string' ? found : JSON.stringify(found ?? null);
    });
  }
  if (Array.isArray(value)) return value.map((item: unknown) => fill(item, namespace, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [String(fill(key, namespace, answers)), fill(item, namespace, answers)]),
  );
}

export function filled(step: Step, namespace: string, answers: readonly unknown[]): Step {
  const texts = (query: Step['query']): Record<string, string | string[]> =>
    Object.fromEntries(
      Object.entries(query ?? {}).map(([name, value]) => {
        const text = (one: string): string => String(fill(one, namespace, answers));
        return [name, typeof value === 'string' ? text(value) : value.map(text)];
      }),
    );
  return {
    ...step,
    path: String(fill(step.path, namespace, answers)),
    query: texts(step.query),
    ...(step.headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(step.headers).map(([name, value]) => [name, String(fill(value, namespace, answers))]),
          ),
        }),
    ...(step.body === undefined ? {} : { body: fill(step.body, namespace, answers) }),
  };
}

/** Sends a sequence to a server, in a namespace made for it, and tells what came back. */
export async function play(server: Server, sequence: Sequence): Promise<Answer[]> {
  const namespace = namespaceOf(sequence.name);
  const made = { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } } as const;
  await send(server, made);
  // No controllers run, so what a pod is refused without is made here.
  await send(server, {
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    body: { metadata: { name: 'default' } },
  });
  const bodies: unknown[] = [];
  const answers: Answer[] = [];
  for (const step of sequence.steps) {
    let raw = await send(server, filled(step, namespace, bodies));
    for (const end = Date.now() + 10_000; raw.status !== (step.settles ?? raw.status) && Date.now() < end;) {
      await pause(100);
      raw = await send(server, filled(step, namespace, bodies));
    }
    const body = parse(raw, step);
    bodies.push(body);
    answers.push({
      status: raw.status,
      ...(raw.type === '' ? {} : { type: raw.type }),
      ...(raw.warnings.length === 0 ? {} : { warnings: raw.warnings.map((text) => String(normalize(text))) }),
      ...(body === undefined ? {} : { body: normalize(body) }),
    });
  }
  return answers;
}
