import { printCpu, printMebibytes, type Node } from '@kmd/kube-client';
import type { Attribute, Resource } from '@kmd/mesos-client';
import { AGENT_ID, ATTRIBUTE } from './annotation.js';
import { labelAttributes } from './attribute.js';
import type { Demand } from './pod/demand.js';
import { kubeResource } from './pod/resource-name.js';

/** What Kubernetes is told of the kubelet that the executors stand for. */
export const kubeletVersion = 'v1.33.0-km';
/** Pods on a node at most (spec B13.2). */
export const podsPerNode = 110;

type Condition = NonNullable<NonNullable<Node['status']>['conditions']>[number];

/** RFC 3339 to the second, as Kubernetes writes it. */
export const timestamp = (milliseconds = Date.now()): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

const os = (platform: string): string => (platform === 'win32' ? 'windows' : platform);
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const architecture = (arch: string): string => architectures[arch] ?? arch;

/** How an agent appears as a node. */
export interface NodeFacts {
  /** Host name of the agent: the node's name. */
  readonly hostname: string;
  readonly ip: string;
  readonly agentId: string;
  readonly attributes: readonly Attribute[];
  /** Everything the agent has. */
  readonly total: readonly Resource[];
  /** What its executor takes of it. */
  readonly executor: Demand;
}

const scalar = (resources: readonly Resource[], name: string): number =>
  resources.reduce((sum, resource) => sum + (resource.name === name ? (resource.scalar?.value ?? 0) : 0), 0);

const COUNTED: ReadonlySet<string> = new Set(['cpus', 'mem']);

/** Room for pods: the agent's total without the executor's share (spec B13.2), its GPUs and other scalars as extended resources. */
export function measureCapacity(total: readonly Resource[], executor: Demand): Record<string, string> {
  const left = (name: string): number => Math.max(0, scalar(total, name) - (executor[name] ?? 0));
  const capacity: Record<string, string> = {
    cpu: printCpu(left('cpus')),
    memory: printMebibytes(left('mem')),
    pods: String(podsPerNode),
  };
  const others = new Set(total.flatMap(({ name, scalar }) => (scalar && !COUNTED.has(name) ? [name] : [])));
  for (const name of others)
    if (left(name) > 0)
      // Kubernetes counts extended resources in whole numbers.
      capacity[kubeResource(name)] = name === 'disk' ? printMebibytes(left(name)) : String(Math.floor(left(name)));
  return capacity;
}

/** The labels a node of an agent has; attribute labels are replaced as a set, all others kept. */
export function nodeLabels({
  hostname,
  attributes,
}: Pick<NodeFacts, 'hostname' | 'attributes'>): Record<string, string> {
  return {
    'kubernetes.io/hostname': hostname,
    'kubernetes.io/os': os(process.platform),
    'kubernetes.io/arch': architecture(process.arch),
    ...labelAttributes(attributes),
  };
}

/** What only the agent's own executor knows for sure: set once, then left to it. */
const guessed: ReadonlySet<string> = new Set(['kubernetes.io/os', 'kubernetes.io/arch']);

/** The difference that makes a node's labels and annotations current, as a merge patch; undefined when they are. */
export function labelPatch(node: Node, wanted: Record<string, string>, agentId: string): object | undefined {
  const present = node.metadata?.labels ?? {};
  const labels: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(wanted)) {
    if (present[key] === value || (guessed.has(key) && present[key] !== undefined)) continue;
    labels[key] = value;
  }
  for (const key of Object.keys(present)) if (key.startsWith(ATTRIBUTE) && !(key in wanted)) labels[key] = null;
  const moved = node.metadata?.annotations?.[AGENT_ID] !== agentId;
  if (Object.keys(labels).length === 0 && !moved) return undefined;
  return { metadata: { labels, annotations: { [AGENT_ID]: agentId } } };
}

/** The Ready condition; the old UI relied on it being the first. */
export function readyCondition(
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  before?: readonly Condition[],
): Condition {
  const now = timestamp();
  const old = before?.find(({ type }) => type === 'Ready');
  const since = old?.status === status ? (old.lastTransitionTime ?? now) : now;
  return { type: 'Ready', status, reason, message, lastHeartbeatTime: now, lastTransitionTime: since };
}

/** Of an agent without an executor: its offers tell that it is there. */
export const agentReady = (before?: readonly Condition[]): Condition =>
  readyCondition('True', 'SlaveReady', 'the Mesos agent is registered and offers resources', before);

export const isReady = ({ status }: Node): boolean =>
  status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;

/** A new node for an agent that has no executor yet. */
export function makeNode(facts: NodeFacts): Node {
  const capacity = measureCapacity(facts.total, facts.executor);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: facts.hostname,
      labels: nodeLabels(facts),
      annotations: { [AGENT_ID]: facts.agentId },
    },
    spec: {},
    status: {
      capacity,
      allocatable: { ...capacity },
      conditions: [agentReady()],
      // No `Hostname`: API servers would look for the executor there first, and agents' host names are not known everywhere (spec B7).
      addresses: [{ type: 'InternalIP', address: facts.ip }],
      nodeInfo: nodeInfo(facts),
    },
  };
}

/** What `kubectl get nodes -o wide` shows. The system is this process's: agents tell theirs only once their executor runs. */
export function nodeInfo({
  hostname,
  agentId,
}: Pick<NodeFacts, 'hostname' | 'agentId'>): NonNullable<NonNullable<Node['status']>['nodeInfo']> {
  return {
    architecture: architecture(process.arch),
    operatingSystem: os(process.platform),
    osImage: `Mesos agent (Node.js ${process.versions.node})`,
    kernelVersion: process.platform,
    containerRuntimeVersion: 'hollow://1.0',
    kubeletVersion,
    kubeProxyVersion: '',
    bootID: agentId,
    machineID: hostname,
    systemUUID: agentId,
  };
}
