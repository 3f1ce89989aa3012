import { readFlag } from '../model/flag.js';
import { pathRules, type PathRules } from '../tree/path-rules.js';
import type { Scalar } from '../tree/tree.js';

/** Makes a value of text that came through variables, or throws an Error that says why it cannot. */
export type Cast = (text: string, warn: (text: string) => void) => Scalar;

const integer: Cast = (text) => {
  if (!/^[-+]?[0-9]+$/.test(text)) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
};

const float: Cast = (text) => {
  const value = /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
  return value;
};

const boolean: Cast = (text, warn) => {
  const value = readFlag(text, warn);
  if (value === undefined) throw new Error(`invalid boolean: ${text}`);
  return value;
};

const service = {
  cpu_count: integer,
  cpu_percent: float,
  cpu_period: integer,
  cpu_quota: integer,
  cpu_rt_period: integer,
  cpu_rt_runtime: integer,
  cpus: float,
  cpu_shares: integer,
  init: boolean,
  'depends_on.*.required': boolean,
  'depends_on.*.restart': boolean,
  'deploy.replicas': integer,
  'deploy.update_config.parallelism': integer,
  'deploy.update_config.max_failure_ratio': float,
  'deploy.rollback_config.parallelism': integer,
  'deploy.rollback_config.max_failure_ratio': float,
  'deploy.restart_policy.max_attempts': integer,
  'deploy.placement.max_replicas_per_node': integer,
  'healthcheck.retries': integer,
  'healthcheck.disable': boolean,
  oom_kill_disable: boolean,
  oom_score_adj: integer,
  pids_limit: integer,
  'ports.*.target': integer,
  privileged: boolean,
  read_only: boolean,
  scale: integer,
  stdin_open: boolean,
  tty: boolean,
  'ulimits.*': integer,
  'ulimits.*.hard': integer,
  'ulimits.*.soft': integer,
  'volumes.*.read_only': boolean,
  'volumes.*.volume.nocopy': boolean,
};

/** Where text becomes a number or a boolean once variables are replaced (specification notes, A3). */
export const casts: PathRules<Cast> = pathRules<Cast>({
  ...Object.fromEntries(Object.entries(service).map(([path, cast]) => [`services.*.${path}`, cast])),
  'networks.*.external': boolean,
  'networks.*.internal': boolean,
  'networks.*.attachable': boolean,
  'networks.*.enable_ipv4': boolean,
  'networks.*.enable_ipv6': boolean,
  'volumes.*.external': boolean,
  'secrets.*.external': boolean,
  'configs.*.external': boolean,
});
