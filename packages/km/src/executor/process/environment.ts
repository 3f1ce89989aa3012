import {
  configMaps,
  isNotFound,
  parseQuantity,
  secrets,
  type ConfigMap,
  type Container,
  type KubeApi,
  type Pod,
  type Secret,
} from '@kmd/kube-client';
import { expandVariables } from './expand.js';

/** A container whose environment cannot be made; `code` is a kubelet's reason. */
export class EnvironmentProblem extends Error {
  override readonly name = 'EnvironmentProblem';
  readonly code = 'CreateContainerConfigError';
}

type Variable = NonNullable<Container['env']>[number];

export interface EnvironmentSources {
  readonly kube: KubeApi;
  readonly pod: Pod;
  readonly nodeName: string;
  readonly hostIP: string;
  readonly podIP: string;
  /** What every process gets, for instance PATH. */
  readonly base: Readonly<Record<string, string>>;
}

/** The host port that the offer gave for a container's port: what the process must listen on. */
export const hostPorts = (container: Container): readonly { name: string; containerPort: number; hostPort: number }[] =>
  (container.ports ?? []).map(({ name = '', containerPort, hostPort }) => ({
    name,
    containerPort,
    hostPort: hostPort || containerPort,
  }));

/** `PORT` for the first port, `PORT_80` and `PORT_HTTP` for each by its number and name. */
function portVariables(container: Container): [string, string][] {
  const ports = hostPorts(container);
  const first = ports[0];
  return [
    ...(first ? [['PORT', String(first.hostPort)] as [string, string]] : []),
    ...ports.flatMap(({ name, containerPort, hostPort }): [string, string][] => [
      [`PORT_${containerPort}`, String(hostPort)],
      ...(name === ''
        ? []
        : [[`PORT_${name.toUpperCase().replaceAll('-', '_')}`, String(hostPort)] as [string, string]]),
    ]),
  ];
}

/**
 * The environment of a container that runs as a process: its ports, what `envFrom` and `env` say with every kind of source, later ones over
 * earlier ones. Throws `EnvironmentProblem` for a ConfigMap, Secret or key that is not there.
 */
export async function resolveEnvironment(
  container: Container,
  sources: EnvironmentSources,
): Promise<Map<string, string>> {
  const { base, podIP, pod } = sources;
  const variables = new Map<string, string>([
    ...Object.entries(base),
    ['HOSTNAME', pod.spec?.hostname ?? pod.metadata?.name ?? ''],
    ['HOST', podIP],
    ['POD_IP', podIP],
    ...portVariables(container),
  ]);
  const objects = new ObjectReader(sources.kube, pod.metadata?.namespace ?? 'default');
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? await objects.configMap(configMapRef.name ?? '', configMapRef.optional)
      : await objects.secret(secretRef?.name ?? '', secretRef?.optional);
    for (const [name, value] of Object.entries(data ?? {})) variables.set(`${prefix}${name}`, value);
  }
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, container, sources, objects);
    if (value !== undefined) variables.set(variable.name, expandVariables(value, variables));
  }
  return variables;
}

async function valueOf(
  { name, value, valueFrom }: Variable,
  container: Container,
  sources: EnvironmentSources,
  objects: ObjectReader,
): Promise<string | undefined> {
  if (!valueFrom) return value ?? '';
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) return fieldOf(fieldRef.fieldPath, sources, name);
  if (resourceFieldRef) return resourceOf(resourceFieldRef.resource, resourceFieldRef.divisor, container, name);
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) throw new EnvironmentProblem(`variable ${name} has a source of an unknown kind`);
  const { key, optional, name: object = '' } = reference;
  const data = configMapKeyRef ? await objects.configMap(object, optional) : await objects.secret(object, optional);
  const found = data?.[key];
  if (found === undefined && !optional)
    throw new EnvironmentProblem(
      `couldn't find key ${key} in ${configMapKeyRef ? 'ConfigMap' : 'Secret'} ${object}, wanted for variable ${name}`,
    );
  return found;
}

function fieldOf(path: string, { pod, nodeName, hostIP, podIP }: EnvironmentSources, variable: string): string {
  const { metadata = {}, spec } = pod;
  const [, map, key = ''] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (map === 'labels') return metadata.labels?.[key] ?? '';
  if (map === 'annotations') return metadata.annotations?.[key] ?? '';
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName ?? 'default',
    'status.hostIP': hostIP,
    'status.hostIPs': hostIP,
    'status.podIP': podIP,
    'status.podIPs': podIP,
  };
  if (!(path in fields)) throw new EnvironmentProblem(`variable ${variable}: field ${path} is none that a pod tells`);
  return fields[path] ?? '';
}

/** Rounded up to whole divisors, as a kubelet does: `limits.cpu` of 250m is 1. */
function resourceOf(resource: string, divisor: string | undefined, container: Container, variable: string): string {
  const [, kind, name = ''] = /^(limits|requests)\.(.+)$/.exec(resource) ?? [];
  const { limits, requests } = container.resources ?? {};
  const text = kind === 'limits' ? limits?.[name] : (requests?.[name] ?? limits?.[name]);
  if (kind === undefined) throw new EnvironmentProblem(`variable ${variable}: resource ${resource} is not known`);
  const unit = divisor === undefined || divisor === '' || divisor === '0' ? 1 : parseQuantity(divisor);
  return String(Math.ceil(parseQuantity(text ?? '0') / unit - 1e-9));
}

type Data = Readonly<Record<string, string>>;

/** Reads each ConfigMap and Secret once. */
class ObjectReader {
  readonly #kube: KubeApi;
  readonly #namespace: string;
  readonly #read = new Map<string, Promise<Data | undefined>>();

  constructor(kube: KubeApi, namespace: string) {
    this.#kube = kube;
    this.#namespace = namespace;
  }

  configMap(name: string, optional = false): Promise<Data | undefined> {
    return this.#get(`ConfigMap ${name}`, optional, async () => {
      const { data = {} }: ConfigMap = await this.#kube.get(configMaps, name, { namespace: this.#namespace });
      return data;
    });
  }

  secret(name: string, optional = false): Promise<Data | undefined> {
    return this.#get(`Secret ${name}`, optional, async () => {
      const { data = {} }: Secret = await this.#kube.get(secrets, name, { namespace: this.#namespace });
      return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
      );
    });
  }

  async #get(what: string, optional: boolean, read: () => Promise<Data>): Promise<Data | undefined> {
    const reading =
      this.#read.get(what) ??
      read().catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw new EnvironmentProblem(`${what} could not be read`, { cause: error });
      });
    this.#read.set(what, reading);
    const data = await reading;
    if (!data && !optional) throw new EnvironmentProblem(`${what} not found in namespace ${this.#namespace}`);
    return data;
  }
}
