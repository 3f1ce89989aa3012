import type { Service, Size } from '@kmd/compose-model';
import { RunnerError } from '../runner-error.js';

type Json = Record<string, unknown>;

/** Leaves out what is not set: the engine has defaults of its own. */
export function compact(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function capability(name: string): string {
  const upper = name.toUpperCase();
  return upper === 'ALL' || upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
}

/** `on-failure:5`, or the policy of `deploy`, which has other words. */
export function restartPolicy(service: Service): Json {
  if (service.restart !== undefined) {
    const [name, count] = service.restart.split(':');
    return compact({ Name: name, MaximumRetryCount: count === undefined ? undefined : Number(count) });
  }
  const policy = service.deploy?.restart_policy;
  if (policy === undefined) return { Name: '' };
  const names: Readonly<Record<string, string>> = { any: 'always', none: 'no' };
  const condition = policy.condition ?? 'any';
  return compact({ Name: names[condition] ?? condition, MaximumRetryCount: policy.max_attempts });
}

function deviceRequests(service: Service): Json[] | undefined {
  const devices = [...(service.gpus ?? []), ...(service.deploy?.resources?.reservations?.devices ?? [])];
  if (devices.length === 0) return undefined;
  return devices.map((device) =>
    compact({
      Driver: device.driver,
      Count: device.device_ids === undefined ? (device.count ?? -1) : undefined,
      DeviceIDs: device.device_ids,
      Capabilities: [device.capabilities ?? ['gpu']],
      Options: device.options,
    }),
  );
}

/** A size as JSON can carry it: digits beyond 2^53, of more than the engine ever has, are lost. */
function bytes(size: Size | undefined): number | undefined {
  return size === undefined ? undefined : Number(size);
}

function blockIo(service: Service): Json {
  const given = service.blkio_config;
  if (given === undefined) return {};
  const rates = (list: readonly { path?: string; rate?: Size }[] | undefined): Json[] | undefined =>
    list?.map(({ path, rate }) => ({ Path: path, Rate: bytes(rate) }));
  return {
    BlkioWeight: given.weight,
    BlkioWeightDevice: given.weight_device?.map(({ path, weight }) => ({ Path: path, Weight: weight })),
    BlkioDeviceReadBps: rates(given.device_read_bps),
    BlkioDeviceReadIOps: rates(given.device_read_iops),
    BlkioDeviceWriteBps: rates(given.device_write_bps),
    BlkioDeviceWriteIOps: rates(given.device_write_iops),
  };
}

/** `label:disable` and `label=disable` are the same; profiles in files are not read here. @throws RunnerError */
function securityOptions(service: Service): string[] | undefined {
  return service.security_opt?.map((option) => {
    const text = option.includes('=') ? option : option.replace(':', '=');
    if (/^seccomp=(?!unconfined$|builtin$|\s*\{)/.test(text)) {
      throw new RunnerError(
        'unsupported',
        `services.${service.name}.security_opt: ${option} names a file; only seccomp=unconfined is supported so far`,
        { service: service.name },
      );
    }
    return text;
  });
}

/** The part of `HostConfig` that a service alone decides: limits, rights, devices, names. */
export function hostConfigOf(service: Service): Json {
  const limits = service.deploy?.resources?.limits;
  const reservations = service.deploy?.resources?.reservations;
  const cpus = service.cpus ?? limits?.cpus;
  return compact({
    LogConfig: { Type: service.logging?.driver ?? '', Config: service.logging?.options },
    RestartPolicy: restartPolicy(service),
    CapAdd: service.cap_add?.map(capability),
    CapDrop: service.cap_drop?.map(capability),
    CgroupnsMode: service.cgroup,
    Dns: service.dns,
    DnsOptions: service.dns_opt,
    DnsSearch: service.dns_search,
    ExtraHosts: Object.entries(service.extra_hosts ?? {}).flatMap(([host, addresses]) =>
      addresses.map((address) => `${host}:${address}`),
    ),
    GroupAdd: service.group_add,
    OomScoreAdj: service.oom_score_adj,
    Privileged: service.privileged === true,
    ReadonlyRootfs: service.read_only === true,
    SecurityOpt: securityOptions(service),
    StorageOpt: service.storage_opt,
    UTSMode: service.uts,
    UsernsMode: service.userns_mode,
    ShmSize: bytes(service.shm_size),
    Sysctls: service.sysctls,
    Runtime: service.runtime,
    Isolation: service.isolation,
    CpuShares: service.cpu_shares,
    Memory: bytes(service.mem_limit ?? limits?.memory),
    NanoCpus: cpus === undefined ? undefined : Math.round(cpus * 1e9),
    CgroupParent: service.cgroup_parent,
    ...blockIo(service),
    CpuPeriod: service.cpu_period,
    CpuQuota: service.cpu_quota,
    CpuRealtimePeriod: service.cpu_rt_period,
    CpuRealtimeRuntime: service.cpu_rt_runtime,
    CpusetCpus: service.cpuset,
    CpuCount: service.cpu_count,
    CpuPercent: service.cpu_percent,
    Devices: service.devices?.map(({ source, target, permissions }) => ({
      PathOnHost: source,
      PathInContainer: target ?? source,
      CgroupPermissions: permissions ?? 'rwm',
    })),
    DeviceCgroupRules: service.device_cgroup_rules,
    DeviceRequests: deviceRequests(service),
    MemoryReservation: bytes(service.mem_reservation ?? reservations?.memory),
    MemorySwap: bytes(service.memswap_limit),
    MemorySwappiness: bytes(service.mem_swappiness),
    OomKillDisable: service.oom_kill_disable,
    PidsLimit: service.pids_limit ?? limits?.pids,
    Init: service.init,
    Annotations: service.annotations,
    Ulimits: Object.entries(service.ulimits ?? {}).map(([Name, limit]) =>
      typeof limit === 'number' ? { Name, Soft: limit, Hard: limit } : { Name, Soft: limit.soft, Hard: limit.hard },
    ),
    Tmpfs:
      service.tmpfs === undefined
        ? undefined
        : Object.fromEntries(
            service.tmpfs.map((entry) => {
              const cut = entry.indexOf(':');
              return cut < 0 ? [entry, ''] : [entry.slice(0, cut), entry.slice(cut + 1)];
            }),
          ),
  });
}
