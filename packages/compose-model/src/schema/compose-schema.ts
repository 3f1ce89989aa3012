import {
  amount,
  any,
  choice,
  closed,
  count,
  distinct,
  flag,
  listOf,
  mapOf,
  of,
  oneOf,
  openMapOf,
  record,
  text,
  type Shape,
} from './shape.js';

/*
 * What may stand where, by the Compose Specification's schema. The rules of meaning, such as references between
 * services and networks, are checked on the finished model.
 */
const names = /^[a-zA-Z0-9._-]+$/;
const texts = distinct(text);
const textOrTexts = choice(text, texts);
const pairs = choice(mapOf(of('boolean', 'null', 'number', 'string')), texts);
const command = choice(of('null', 'string'), listOf(text));
const hosts = choice(mapOf(choice(text, listOf(text))), texts);
const options = openMapOf(of('number', 'string'));
const nothing = of('null');
const atLeast = (least: number, most?: number): Shape => ({
  kind: 'scalar',
  types: ['string', 'integer'],
  least,
  ...(most !== undefined && { most }),
});

const ulimits = openMapOf(choice(count, record({ hard: count, soft: count }, 'soft', 'hard')), /^[a-z]+$/);

const grants = listOf(choice(text, record({ source: text, target: text, uid: text, gid: text, mode: amount })));

const build = choice(
  text,
  record({
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: listOf(text),
    args: pairs,
    ssh: pairs,
    labels: pairs,
    cache_from: listOf(text),
    cache_to: listOf(text),
    no_cache: flag,
    no_cache_filter: textOrTexts,
    additional_contexts: pairs,
    network: text,
    provenance: flag,
    sbom: flag,
    pull: flag,
    target: text,
    shm_size: count,
    extra_hosts: hosts,
    isolation: text,
    privileged: flag,
    secrets: grants,
    tags: listOf(text),
    ulimits,
    platforms: listOf(text),
  }),
);

const throttles = listOf(closed({ path: text, rate: count }));
const blkio = closed({
  device_read_bps: throttles,
  device_read_iops: throttles,
  device_write_bps: throttles,
  device_write_iops: throttles,
  weight: count,
  weight_device: listOf(closed({ path: text, weight: count })),
});

const hook = record({ command, user: text, privileged: flag, working_dir: text, environment: pairs }, 'command');
const startHook = record({
  command,
  image: text,
  user: text,
  privileged: flag,
  working_dir: text,
  environment: pairs,
  per_replica: flag,
});

const device = { capabilities: texts, count: of('string', 'integer'), device_ids: texts, driver: text, options: pairs };
const update = record({
  parallelism: count,
  delay: text,
  failure_action: text,
  monitor: text,
  max_failure_ratio: amount,
  order: oneOf('start-first', 'stop-first'),
});

const deploy = choice(
  record({
    mode: text,
    endpoint_mode: text,
    replicas: count,
    labels: pairs,
    rollback_config: update,
    update_config: update,
    resources: record({
      limits: record({ cpus: amount, memory: text, pids: count }),
      reservations: record({
        cpus: amount,
        memory: text,
        generic_resources: listOf(record({ discrete_resource_spec: record({ kind: text, value: amount }) })),
        devices: listOf(record(device, 'capabilities')),
      }),
    }),
    restart_policy: record({ condition: text, delay: text, max_attempts: count, window: text }),
    placement: record({
      constraints: listOf(text),
      preferences: listOf(record({ spread: text })),
      max_replicas_per_node: count,
    }),
  }),
  nothing,
);

const develop = choice(
  record({
    watch: listOf(
      record(
        {
          ignore: textOrTexts,
          include: textOrTexts,
          path: text,
          action: oneOf('rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'),
          target: text,
          exec: hook,
          initial_sync: of('boolean'),
        },
        'path',
        'action',
      ),
    ),
  }),
  nothing,
);

const dependencies = choice(
  texts,
  mapOf(
    record(
      {
        restart: flag,
        required: of('boolean'),
        condition: oneOf('service_started', 'service_healthy', 'service_completed_successfully'),
      },
      'condition',
    ),
    names,
  ),
);

const envFile = choice(text, listOf(choice(text, closed({ path: text, format: text, required: flag }, 'path'))));

const serviceNetworks = choice(
  texts,
  mapOf(
    choice(
      record({
        aliases: texts,
        interface_name: text,
        ipv4_address: text,
        ipv6_address: text,
        link_local_ips: texts,
        mac_address: text,
        driver_opts: options,
        priority: of('number'),
        gw_priority: of('number'),
      }),
      nothing,
    ),
    names,
  ),
);

const ports = distinct(
  choice(
    of('number', 'string'),
    record({
      name: text,
      mode: text,
      host_ip: text,
      target: count,
      published: of('string', 'integer'),
      protocol: text,
      app_protocol: text,
    }),
  ),
);

const mounts = distinct(
  choice(
    text,
    record(
      {
        type: oneOf('bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'),
        source: text,
        target: text,
        read_only: flag,
        consistency: text,
        bind: record({
          propagation: text,
          create_host_path: flag,
          recursive: oneOf('enabled', 'disabled', 'writable', 'readonly'),
          selinux: oneOf('z', 'Z'),
        }),
        volume: record({ labels: pairs, nocopy: flag, subpath: text }),
        tmpfs: record({ size: atLeast(0), mode: amount }),
        image: record({ subpath: text }),
      },
      'type',
    ),
  ),
);

const service = record({
  develop,
  deploy,
  annotations: pairs,
  attach: flag,
  build,
  blkio_config: blkio,
  cap_add: texts,
  cap_drop: texts,
  cgroup: oneOf('host', 'private'),
  cgroup_parent: text,
  command,
  configs: grants,
  container_name: { kind: 'scalar', types: ['string'], pattern: '[a-zA-Z0-9][a-zA-Z0-9_.-]+' },
  cpu_count: atLeast(0),
  cpu_percent: atLeast(0, 100),
  cpu_shares: amount,
  cpu_quota: amount,
  cpu_period: amount,
  cpu_rt_period: amount,
  cpu_rt_runtime: amount,
  cpus: amount,
  cpuset: text,
  credential_spec: record({ config: text, file: text, registry: text }),
  depends_on: dependencies,
  device_cgroup_rules: texts,
  devices: listOf(choice(text, record({ source: text, target: text, permissions: text }, 'source'))),
  dns: textOrTexts,
  dns_opt: texts,
  dns_search: textOrTexts,
  domainname: text,
  entrypoint: command,
  env_file: envFile,
  label_file: choice(text, listOf(text)),
  environment: pairs,
  expose: distinct(of('string', 'number')),
  extends: choice(text, closed({ service: text, file: text }, 'service')),
  provider: record(
    {
      type: text,
      options: openMapOf(choice(of('string', 'number', 'boolean'), listOf(of('string', 'number', 'boolean')))),
    },
    'type',
  ),
  external_links: texts,
  extra_hosts: hosts,
  gpus: choice(oneOf('all'), listOf({ ...record(device), open: true })),
  group_add: distinct(of('string', 'number')),
  healthcheck: record({
    disable: flag,
    interval: text,
    retries: amount,
    test: choice(text, listOf(text)),
    timeout: text,
    start_period: text,
    start_interval: text,
  }),
  hostname: text,
  image: text,
  init: flag,
  ipc: text,
  isolation: text,
  labels: pairs,
  links: texts,
  logging: record({ driver: text, options: openMapOf(of('string', 'number', 'null')) }),
  mac_address: text,
  mem_limit: amount,
  mem_reservation: of('string', 'integer'),
  mem_swappiness: count,
  memswap_limit: amount,
  network_mode: text,
  models: choice(texts, openMapOf(choice(record({ endpoint_var: text, model_var: text }), nothing), names)),
  networks: serviceNetworks,
  oom_kill_disable: flag,
  oom_score_adj: atLeast(-1000, 1000),
  pid: of('string', 'null'),
  pids_limit: amount,
  platform: text,
  ports,
  pre_start: listOf(startHook),
  post_start: listOf(hook),
  pre_stop: listOf(hook),
  privileged: flag,
  profiles: texts,
  pull_policy: {
    kind: 'scalar',
    types: ['string'],
    pattern: 'always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+',
  },
  pull_refresh_after: text,
  read_only: flag,
  restart: text,
  runtime: text,
  scale: count,
  security_opt: texts,
  shm_size: amount,
  secrets: grants,
  sysctls: pairs,
  stdin_open: flag,
  stop_grace_period: text,
  stop_signal: text,
  storage_opt: openMapOf(any),
  tmpfs: textOrTexts,
  tty: flag,
  ulimits,
  use_api_socket: of('boolean'),
  user: text,
  uts: text,
  userns_mode: text,
  volumes: mounts,
  volumes_from: texts,
  working_dir: text,
});

const external = choice(flag, record({ name: text }));
const looseExternal = choice(flag, { ...record({ name: text }), open: true });

const network = choice(
  record({
    name: text,
    driver: text,
    driver_opts: options,
    ipam: record({
      driver: text,
      config: listOf(record({ subnet: text, ip_range: text, gateway: text, aux_addresses: mapOf(text) })),
      options: mapOf(text),
    }),
    external,
    internal: flag,
    enable_ipv4: flag,
    enable_ipv6: flag,
    attachable: flag,
    labels: pairs,
  }),
  nothing,
);

const volume = choice(record({ name: text, driver: text, driver_opts: options, external, labels: pairs }), nothing);

const secret = record({
  name: text,
  environment: text,
  file: text,
  external: looseExternal,
  labels: pairs,
  driver: text,
  driver_opts: options,
  template_driver: text,
});

const config = record({
  name: text,
  content: text,
  environment: text,
  file: text,
  external: looseExternal,
  labels: pairs,
  template_driver: text,
});

const model = record({ name: text, model: text, context_size: of('integer'), runtime_flags: listOf(text) }, 'model');

const include = listOf(choice(text, closed({ path: textOrTexts, env_file: textOrTexts, project_directory: text })));

/** The shape of a whole document. */
export const composeSchema: Shape = record({
  version: text,
  name: text,
  include,
  services: mapOf(service, names),
  models: openMapOf(model, names),
  networks: openMapOf(network, names),
  volumes: mapOf(volume, names),
  secrets: mapOf(secret, names),
  configs: mapOf(config, names),
});
