/**
 * Mesos writes a double with a fraction, `4.0`, and an integer without one. Which is which is a matter of the field (its type in
 * include/mesos/v1/*.proto; the recordings agree): these are the doubles of the v1 messages and of the GET endpoints.
 *
 * Inside a JSON string every quote is escaped, so that `"name":` can only be a key.
 */
const doubles =
  /"(value|timestamp|weight|cpus|mem|disk|gpus|failover_timeout|refuse_seconds|heartbeat_interval_seconds|(?:start|elected|build|registered|reregistered|unregistered)_time|(?:delay|interval|timeout|grace_period)_seconds|cpus_soft_limit|cpus_hard_limit|cpus_limit|cpus_(?:user|system|throttled)_time_secs|mtime|(?:de)?activated_slaves|unreachable_slaves|avg_load_\d+min)":(-?\d+)(?=[,}\]])/g;

/** A double whose key says nothing of its type; `printJson` writes it as one. */
export function double(value: number): string {
  return `\u0000${Number.isInteger(value) ? value.toFixed(1) : String(value)}`;
}

/** JSON as Mesos writes it. */
export function printJson(value: unknown): string {
  return JSON.stringify(value)
    .replace(doubles, '"$1":$2.0')
    .replace(/"\\u0000(-?[\d.e+-]+)"/g, '$1');
}
