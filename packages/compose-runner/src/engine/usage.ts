import { listOf, numberOf, objectOf, textOf } from './answer.js';
import type { ContainerUsage } from './docker-engine.js';

/**
 * Reads an answer of `/containers/ID/stats`, by the rules of `docker stats`: the share of processors is the container's time over the machine's
 * between two samples, times the processors; memory leaves out files that can be dropped.
 */
export function readUsage(value: unknown): ContainerUsage {
  const found = objectOf(value);
  const [now, before] = [objectOf(found['cpu_stats']), objectOf(found['precpu_stats'])];
  const spent = (sample: typeof now): number => numberOf(objectOf(sample['cpu_usage'])['total_usage']);
  const system = numberOf(now['system_cpu_usage']) - numberOf(before['system_cpu_usage']);
  const processors = numberOf(now['online_cpus']) || listOf(objectOf(now['cpu_usage'])['percpu_usage']).length || 1;
  const memory = objectOf(found['memory_stats']);
  const parts = objectOf(memory['stats']);
  // Control groups of version 1 and 2 call it differently.
  const files = numberOf(parts['total_inactive_file']) || numberOf(parts['inactive_file']);
  const networks = Object.values(objectOf(found['networks'])).map(objectOf);
  const disk = (operation: string): number =>
    listOf(objectOf(found['blkio_stats'])['io_service_bytes_recursive'])
      .map(objectOf)
      .filter((one) => textOf(one['op']).toLowerCase() === operation)
      .reduce((sum, one) => sum + numberOf(one['value']), 0);
  return {
    cpuPercent: system > 0 ? ((spent(now) - spent(before)) / system) * processors * 100 : 0,
    memory: Math.max(0, numberOf(memory['usage']) - files),
    memoryLimit: numberOf(memory['limit']),
    received: networks.reduce((sum, one) => sum + numberOf(one['rx_bytes']), 0),
    sent: networks.reduce((sum, one) => sum + numberOf(one['tx_bytes']), 0),
    read: disk('read'),
    written: disk('write'),
    processes: numberOf(objectOf(found['pids_stats'])['current']),
  };
}
