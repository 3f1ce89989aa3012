import {
  complete,
  environment,
  flag,
  givenFlag,
  healthTest,
  hosts,
  listOf,
  mapOf,
  mixedTexts,
  mode,
  optOut,
  orNull,
  pairs,
  plain,
  record,
  silentRecord,
  some,
  text,
  texts,
  words,
  type Extensions,
  type Fielded,
} from './codec.js';
import { duration, givenInteger, givenUnsigned, integer, single, size, someDuration, unsigned } from './numbers.js';
import type { Codec } from './reading.js';
import { printBound } from '../tree/path.js';

/** A limit, or a soft and a hard one. */
export type Ulimit = number | { readonly soft: number; readonly hard: number };

const ulimit: Codec<Ulimit> = {
  read: (tree, reading) => {
    if (tree.kind !== 'map') return givenInteger.read(tree, reading);
    const [soft, hard] = ['soft', 'hard'].map((key) => {
      const limit = tree.entries.get(key);
      return limit === undefined ? 0 : (givenInteger.read(limit, reading) ?? 0);
    });
    return { soft: soft ?? 0, hard: hard ?? 0 };
  },
  print: (value) => (typeof value === 'number' ? value : { soft: value.soft, hard: value.hard }),
};

/** How many devices; -1 stands for all of them. */
const deviceCount: Codec<number> = {
  read: (tree, reading) => {
    if (tree.kind !== 'scalar' || tree.value === null) return undefined;
    if (typeof tree.value === 'number') return tree.value || undefined;
    const value = String(tree.value);
    if (value.toLowerCase() === 'all') return -1;
    if (/^[-+]?[0-9]+$/.test(value)) return Number(value) || undefined;
    const wrong = `'${printBound(reading.path)}' invalid value ${JSON.stringify(value)}, the only value allowed is 'all' or a number`;
    reading.findings.error({ code: 'convert', text: wrong, path: reading.path, sentence: true, at: tree.at });
    return undefined;
  },
  print: (value) => value,
};

const options: Codec<Readonly<Record<string, readonly string[]>>> = mapOf(mixedTexts);

/** A key of the build's ssh agent: its id, and the path of the key or socket; empty for the default agent. */
const ssh: Codec<Readonly<Record<string, string>>> = {
  read: (tree, reading) => pairs.read(tree, reading),
  print: (value) => Object.entries(value).map(([id, path]) => (path === '' ? id : { [id]: path })),
};

const device = silentRecord({
  capabilities: texts,
  driver: text,
  count: deviceCount,
  device_ids: texts,
  options: pairs,
});

const grant = record({ source: text, target: text, uid: text, gid: text, mode });

export const buildCodec = record({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: texts,
  args: environment,
  provenance: text,
  sbom: text,
  ssh,
  labels: pairs,
  cache_from: texts,
  cache_to: texts,
  no_cache: flag,
  no_cache_filter: texts,
  additional_contexts: pairs,
  pull: flag,
  extra_hosts: hosts,
  isolation: text,
  network: text,
  target: text,
  secrets: listOf(grant),
  shm_size: size,
  tags: texts,
  ulimits: mapOf(ulimit),
  platforms: texts,
  privileged: flag,
});

const hook = record({
  command: words,
  image: text,
  user: text,
  privileged: flag,
  working_dir: text,
  environment,
  per_replica: flag,
});

export const triggerCodec = record({
  path: text,
  action: text,
  target: text,
  exec: some(hook),
  include: texts,
  ignore: texts,
  initial_sync: flag,
});

const throttle = complete(record({ path: text, rate: size }), { path: '', rate: '0' });
const share = unsigned(16);
const blkio = record({
  weight: share,
  weight_device: listOf(complete(record({ path: text, weight: share }), { path: '', weight: 0 })),
  device_read_bps: listOf(throttle),
  device_read_iops: listOf(throttle),
  device_write_bps: listOf(throttle),
  device_write_iops: listOf(throttle),
});

const update = record({
  parallelism: givenUnsigned,
  delay: someDuration,
  failure_action: text,
  monitor: someDuration,
  max_failure_ratio: single,
  order: text,
});

const resource = record({
  cpus: single,
  memory: size,
  pids: integer,
  devices: listOf(device),
  generic_resources: listOf(
    record({ discrete_resource_spec: complete(record({ kind: text, value: integer }), { kind: '', value: 0 }) }),
  ),
});

export const deployCodec = record({
  mode: text,
  replicas: givenInteger,
  labels: pairs,
  update_config: update,
  rollback_config: update,
  resources: some(record({ limits: resource, reservations: resource })),
  restart_policy: record({ condition: text, delay: duration, max_attempts: givenUnsigned, window: duration }),
  placement: some(
    record({
      constraints: texts,
      preferences: listOf(record({ spread: text })),
      max_replicas_per_node: unsigned(64),
    }),
  ),
  endpoint_mode: text,
});

export const portCodec = record({
  name: text,
  mode: text,
  host_ip: text,
  target: unsigned(32),
  published: text,
  protocol: text,
  app_protocol: text,
});

export const mountCodec = record({
  type: text,
  source: text,
  target: text,
  read_only: flag,
  consistency: text,
  bind: record({ selinux: text, propagation: text, create_host_path: optOut, recursive: text }),
  volume: record({ labels: pairs, nocopy: flag, subpath: text }),
  tmpfs: record({ size, mode: unsigned(32) }),
  image: record({ subpath: text }),
});

const serviceNetwork = record({
  aliases: texts,
  driver_opts: pairs,
  gw_priority: integer,
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: texts,
  mac_address: text,
  priority: integer,
});

export const healthcheckCodec = record({
  test: healthTest,
  timeout: duration,
  interval: duration,
  retries: givenUnsigned,
  start_period: duration,
  start_interval: duration,
  disable: flag,
});

/** In the order in which docker compose prints them, since the configuration hash depends on it. */
export const serviceCodec = record({
  profiles: texts,
  annotations: pairs,
  attach: givenFlag,
  build: buildCodec,
  develop: record({
    watch: listOf(triggerCodec),
  }),
  blkio_config: blkio,
  cap_add: texts,
  cap_drop: texts,
  cgroup_parent: text,
  cgroup: text,
  cpu_count: integer,
  cpu_percent: single,
  cpu_period: integer,
  cpu_quota: integer,
  cpu_rt_period: integer,
  cpu_rt_runtime: integer,
  cpus: single,
  cpuset: text,
  cpu_shares: integer,
  command: words,
  configs: listOf(grant),
  container_name: text,
  credential_spec: record({ config: text, file: text, registry: text }),
  depends_on: mapOf(record({ condition: text, restart: flag, required: givenFlag })),
  deploy: deployCodec,
  device_cgroup_rules: texts,
  devices: listOf(record({ source: text, target: text, permissions: text })),
  dns: texts,
  dns_opt: texts,
  dns_search: texts,
  domainname: text,
  entrypoint: words,
  provider: record({ type: text, options }),
  environment,
  env_file: listOf(record({ path: text, required: optOut, format: text })),
  expose: mixedTexts,
  extends: record({ file: text, service: text }),
  external_links: texts,
  extra_hosts: hosts,
  group_add: texts,
  gpus: listOf(device),
  hostname: text,
  healthcheck: healthcheckCodec,
  image: text,
  init: givenFlag,
  ipc: text,
  isolation: text,
  labels: pairs,
  label_file: texts,
  links: texts,
  logging: record({ driver: text, options: pairs }),
  mem_limit: size,
  mem_reservation: size,
  memswap_limit: size,
  mem_swappiness: size,
  mac_address: text,
  models: mapOf(orNull(record({ endpoint_var: text, model_var: text }))),
  network_mode: text,
  networks: mapOf(orNull(serviceNetwork)),
  oom_kill_disable: flag,
  oom_score_adj: integer,
  pid: text,
  pids_limit: integer,
  platform: text,
  ports: listOf(portCodec),
  privileged: flag,
  pull_policy: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: givenInteger,
  secrets: listOf(grant),
  security_opt: texts,
  shm_size: size,
  stdin_open: flag,
  stop_grace_period: duration,
  stop_signal: text,
  storage_opt: pairs,
  sysctls: pairs,
  tmpfs: texts,
  tty: flag,
  ulimits: mapOf(ulimit),
  use_api_socket: flag,
  user: text,
  userns_mode: text,
  uts: text,
  volumes: listOf(mountCodec),
  volumes_from: texts,
  working_dir: text,
  pre_start: listOf(hook),
  post_start: listOf(hook),
  pre_stop: listOf(hook),
});

/**
 * One service. Field names are those of the Compose Specification, in canonical form; a field that says what is so anyway (false,
 * zero, empty) is absent. Sizes are bytes, durations milliseconds, ports' `published` is text since it may be a range.
 */
export interface Service extends Fielded<typeof serviceCodec.fields> {
  /** The service's key in the file. */
  name: string;
}

export type Build = Fielded<typeof buildCodec.fields>;
export type Deploy = Fielded<typeof deployCodec.fields>;
export type Healthcheck = Fielded<typeof healthcheckCodec.fields>;
export type Mount = Fielded<typeof mountCodec.fields>;
export type Port = Fielded<typeof portCodec.fields>;
export type ServiceNetwork = Fielded<typeof serviceNetwork.fields>;
export type Dependency = { condition?: string; restart?: boolean; required?: boolean } & Extensions;

/** Any `x-` value. */
export const extension = plain;
