import { parseExact, at, listAt, numberOf, textAt, walk, ExactNumber } from './exact-json.js';
import type { Exchange, Scenario } from './recording.js';

/** An agent, as the recording shows it. */
export interface SceneAgent {
  readonly recordedId: string;
  readonly hostname: string;
  /** JSON form of `--resources`. */
  readonly resources: string;
  readonly attributes: string;
  readonly port: number;
  /** What it has after a restart, where that is something else. */
  readonly later: string | undefined;
}

/** A framework that was there before the recording began, with what it ran. */
export interface SceneFramework {
  readonly recordedId: string;
  readonly info: Readonly<Record<string, unknown>>;
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
}

/** The cluster that a recording was made on, as far as the recording tells. */
export interface Scene {
  readonly masterPort: number;
  readonly masterId: string | undefined;
  readonly agents: readonly SceneAgent[];
  /** Mesos' flags by name. */
  readonly flags: ReadonlyMap<string, string>;
  /** Those that a master showed. */
  readonly masterFlags: ReadonlyMap<string, string>;
  /** Ports of agents that belong to another master than the one that was asked, as their own flags tell. */
  readonly strangers: ReadonlySet<number>;
  readonly frameworks: readonly SceneFramework[];
  readonly credentials: readonly { principal: string; secret: string }[];
  readonly authenticated: boolean;
}

const defaultResources = '[{"name":"cpus","type":"SCALAR","scalar":{"value":4}},{"name":"mem","type":"SCALAR","scalar":{"value":1256}},{"name":"disk","type":"SCALAR","scalar":{"value":12288}},{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":31000,"end":32000}]}}]'; // prettier-ignore

/** Reads from what was answered on which cluster the exchanges took place. */
export function readScene(scenario: Scenario): Scene {
  const exchanges = [...scenario.sequences.flat(), ...scenario.executors.flatMap((one) => one.exchanges)];
  // What was shown first was so first.
  exchanges.sort((a, b) => (a.date ?? 0) - (b.date ?? 0));
  const bodies = exchanges.flatMap(valuesOf);
  const agentPorts = new Set<number>();
  for (const { answer } of exchanges) {
    for (const [, port] of answer?.body.toString('latin1').matchAll(/slave\(1\)@[\d.]+:(\d+)/g) ?? []) agentPorts.add(Number(port)); // prettier-ignore
  }
  // 5050 and 5051 are the ports of Mesos' own choice; another is a master's unless an agent said that it is its own.
  for (const { port } of exchanges) if (port === 5051 || port === 5052) agentPorts.add(port);
  const asked = exchanges.flatMap(({ port }) => (port === undefined || agentPorts.has(port) ? [] : [port]));
  return {
    masterPort: asked[0] ?? 5050,
    masterId: bodies.map((value) => masterIdOf(value)).find((id) => id !== ''),
    agents: readAgents(bodies, [...agentPorts].sort()),
    flags: readFlags(scenario, bodies),
    masterFlags: readFlags(
      { ...scenario, executors: [] },
      exchanges.filter(({ port }) => port === undefined || !agentPorts.has(port)).flatMap(valuesOf),
    ),
    strangers: readStrangers(exchanges, asked[0] ?? 5050),
    frameworks: readFrameworks(scenario.sequences[0] ?? []),
    credentials: readCredentials(exchanges),
    authenticated: exchanges.some(({ answer }) => answer?.status.startsWith('HTTP/1.1 401') === true),
  };
}

function readStrangers(exchanges: readonly Exchange[], masterPort: number): Set<number> {
  const ports = new Set<number>();
  for (const exchange of exchanges) {
    for (const value of valuesOf(exchange)) {
      const [, master] = /^[\d.]+:(\d+)$/.exec(textAt(value, 'flags', 'master')) ?? [];
      if (exchange.port !== undefined && master !== undefined && Number(master) !== masterPort)
        ports.add(exchange.port);
    }
  }
  return ports;
}

function masterIdOf(value: unknown): string {
  return textAt(value, 'subscribed', 'master_info', 'id') || textAt(value, 'get_master', 'master_info', 'id');
}

/** Every JSON value of an exchange's answer, in its order. */
function valuesOf({ answer, events }: Exchange): unknown[] {
  if (events !== undefined) return events.map(({ event }) => event);
  if (answer?.headers.some(([, value]) => value === 'application/json') !== true) return [];
  try {
    return [parseExact(answer.body.toString('utf8'))];
  } catch {
    return [];
  }
}

interface Found {
  hostname: string;
  port: number;
  resources: unknown[];
  attributes: readonly unknown[];
  whole: boolean;
  later?: unknown[];
}

function readAgents(bodies: readonly unknown[], ports: readonly number[]): SceneAgent[] {
  const found = new Map<string, Found>();
  for (const body of bodies) {
    const offersOf = new Set<string>();
    walk(body, (object) => {
      const whole = at(object, 'resources') !== undefined && typeof object['hostname'] === 'string' && textAt(object, 'id', 'value') !== '' && object['url'] === undefined; // prettier-ignore
      const id = whole ? textAt(object, 'id', 'value') : textAt(object, 'agent_id', 'value');
      if (!whole && object['url'] === undefined) return;
      const known = found.get(id);
      if (known?.whole === true && whole) noteLater(known, listAt(object, 'resources'));
      if (known?.whole === true || (known !== undefined && !whole && !offersOf.has(id))) return;
      const resources = listAt(object, 'resources').map(unallocated);
      if (known !== undefined && !whole) {
        known.resources.push(...resources);
        return;
      }
      if (!whole) offersOf.add(id);
      found.set(id, {
        hostname: textAt(object, 'hostname'),
        port: numberOf(at(object, 'port') ?? at(object, 'url', 'address', 'port')),
        resources,
        attributes: listAt(object, 'attributes'),
        whole,
      });
    });
  }
  const agents = [...found].map(([recordedId, agent]) => ({
    recordedId,
    hostname: agent.hostname,
    port: Number.isNaN(agent.port) ? 5051 : agent.port,
    resources: JSON.stringify(plain(agent.resources)),
    attributes: agent.attributes.map(attributeText).join(';'),
    later: agent.later === undefined ? undefined : JSON.stringify(plain(agent.later)),
  }));
  agents.sort((a, b) => (a.recordedId < b.recordedId ? -1 : 1));
  const none = bodies.some(
    (body) => at(body, 'slaves') !== undefined || at(body, 'get_agents', 'agents') !== undefined,
  );
  if (agents.length > 0 || (none && ports.length === 0)) return agents;
  return (ports.length > 0 ? ports : [5051]).map((port, index) => ({
    recordedId: '',
    hostname: `agent${String(index + 1)}`,
    port,
    resources: defaultResources,
    attributes: '',
    later: undefined,
  }));
}

/** An agent says what it was started with: another list is that of another start. */
function noteLater(agent: Found, given: readonly unknown[]): void {
  const resources = given.map(unallocated);
  const text = (list: readonly unknown[]): string => JSON.stringify(plain(list));
  if (text(resources.map(unreserved)) !== text(agent.resources.map(unreserved))) agent.later = resources;
}

/** The role of an unreserved resource is written, or not. */
function unreserved(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null || textAt(resource, 'role') !== '*') return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'role'));
}

function unallocated(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'allocation_info'));
}

function attributeText(attribute: unknown): string {
  const ranges = listAt(attribute, 'ranges', 'range').map((range) => `${String(numberOf(at(range, 'begin')))}-${String(numberOf(at(range, 'end')))}`); // prettier-ignore
  const scalar = numberOf(at(attribute, 'scalar', 'value'));
  const value = ranges.length > 0 ? `[${ranges.join(',')}]` : Number.isNaN(scalar) ? textAt(attribute, 'text', 'value') : String(scalar); // prettier-ignore
  return `${textAt(attribute, 'name')}:${value}`;
}

/** A value with ordinary numbers. */
export function plain(value: unknown): unknown {
  if (value instanceof ExactNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function readFlags(scenario: Scenario, bodies: readonly unknown[]): Map<string, string> {
  const flags = new Map<string, string>();
  for (const body of bodies) {
    for (const flag of [...listAt(body, 'get_flags', 'flags')]) flags.set(textAt(flag, 'name'), textAt(flag, 'value'));
    const legacy = at(body, 'flags');
    if (typeof legacy === 'object' && legacy !== null && !Array.isArray(legacy)) {
      for (const [name, value] of Object.entries(legacy)) if (typeof value === 'string') flags.set(name, value);
    }
  }
  for (const [, name = '', value = ''] of scenario.description.matchAll(/--(\w+)=(\w+)/g)) flags.set(name, value);
  // What the agent said when it lost patience.
  for (const body of bodies) {
    const [, again, time] =
      /^Executor did not (re)?register within (\S+)$/.exec(textAt(body, 'update', 'status', 'message')) ?? [];
    if (time !== undefined)
      flags.set(again === undefined ? 'executor_registration_timeout' : 'executor_reregistration_timeout', time);
  }
  for (const { environment, exchanges } of scenario.executors) {
    const take = (variable: string, flag: string): void => {
      const value = environment.get(variable);
      if (value !== undefined && !flags.has(flag)) flags.set(flag, value);
    };
    take('MESOS_RECOVERY_TIMEOUT', 'recovery_timeout');
    take('MESOS_SUBSCRIPTION_BACKOFF_MAX', 'executor_reregistration_timeout');
    const own = exchanges.flatMap(({ events }) => events ?? []).some(({ event }) => at(event, 'subscribed', 'executor_info', 'shutdown_grace_period') !== undefined); // prettier-ignore
    if (!own) take('MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD', 'executor_shutdown_grace_period');
  }
  return flags;
}

/** Frameworks that the first answers know although nobody in the recording had subscribed yet. */
function readFrameworks(sequence: readonly Exchange[]): SceneFramework[] {
  const frameworks = new Map<string, SceneFramework & { tasks: Record<string, unknown>[] }>();
  for (const exchange of sequence) {
    if (exchange.request.includes('SUBSCRIBE') && exchange.port !== 5051) break;
    for (const value of valuesOf(exchange)) {
      for (const framework of [
        ...listAt(value, 'get_state', 'get_frameworks', 'frameworks'),
        ...listAt(value, 'get_frameworks', 'frameworks'),
      ]) {
        // prettier-ignore
        const info = plain(at(framework, 'framework_info')) as Record<string, unknown>;
        const recordedId = textAt(info, 'id', 'value');
        if (!frameworks.has(recordedId)) frameworks.set(recordedId, { recordedId, info, tasks: [] });
      }
      for (const path of [['get_state', 'get_tasks'], ['get_tasks']]) {
        for (const list of ['tasks', 'completed_tasks']) {
          for (const task of listAt(value, ...path, list)) {
            const framework = frameworks.get(textAt(task, 'framework_id', 'value'));
            if (framework?.tasks.some((one) => textAt(one, 'task_id', 'value') === textAt(task, 'task_id', 'value')) !== false) continue; // prettier-ignore
            framework.tasks.push(plain(task) as Record<string, unknown>);
          }
        }
      }
      readLegacyFrameworks(value, frameworks);
    }
  }
  return [...frameworks.values()];
}

/** The same from `/state`. */
function readLegacyFrameworks(
  value: unknown,
  frameworks: Map<string, SceneFramework & { tasks: Record<string, unknown>[] }>,
): void {
  // prettier-ignore
  if (at(value, 'elected_time') === undefined) return;
  for (const framework of listAt(value, 'frameworks')) {
    const recordedId = textAt(framework, 'id');
    if (frameworks.has(recordedId)) continue;
    const roles = listAt(framework, 'roles').map(String);
    const capabilities = listAt(framework, 'capabilities').map((type) => ({ type }));
    const info = { user: textAt(framework, 'user'), name: textAt(framework, 'name'), failover_timeout: numberOf(at(framework, 'failover_timeout')), checkpoint: at(framework, 'checkpoint'), roles, capabilities }; // prettier-ignore
    const tasks = [...listAt(framework, 'tasks'), ...listAt(framework, 'completed_tasks')].map((task) => legacyTask(task)); // prettier-ignore
    frameworks.set(recordedId, { recordedId, info, tasks });
  }
}

function legacyTask(task: unknown): Record<string, unknown> {
  const role = textAt(task, 'role');
  const amounts = ['cpus', 'mem', 'disk', 'gpus'].map((name) => [name, numberOf(at(task, 'resources', name))] as const);
  return {
    name: textAt(task, 'name'),
    task_id: { value: textAt(task, 'id') },
    agent_id: { value: textAt(task, 'slave_id') },
    state: textAt(task, 'state'),
    resources: amounts
      .filter(([, value]) => value > 0)
      .map(([name, value]) => ({ name, type: 'SCALAR', scalar: { value }, allocation_info: { role } })),
    statuses: plain(listAt(task, 'statuses')),
    ...(at(task, 'labels') === undefined ? {} : { labels: { labels: plain(at(task, 'labels')) } }),
    ...(at(task, 'discovery') === undefined ? {} : { discovery: plain(at(task, 'discovery')) }),
  };
}

/** Credentials that were let in, where others were not. */
function readCredentials(exchanges: readonly Exchange[]): { principal: string; secret: string }[] {
  const good = new Map<string, string>();
  for (const { request, answer } of exchanges) {
    const [, basic] = /^Authorization: Basic (\S+)\r$/im.exec(request.toString('latin1')) ?? [];
    if (basic === undefined || answer === undefined || answer.status.includes(' 401 ')) continue;
    const [principal = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    good.set(principal, secret);
  }
  return [...good].map(([principal, secret]) => ({ principal, secret }));
}
