import { storedKind } from '../kinds/table.js';
import { gitVersion } from '../discovery/version.js';
import type { Backend } from '../requests/backend.js';

/** A few of the real server's metrics, in the Prometheus text format. */
export function metricsText(backend: Backend): string {
  const stores = new Set(backend.kinds.list().map((kind) => storedKind(kind).store));
  const lines = [
    '# HELP kubernetes_build_info A metric with a constant 1 value labeled by version.',
    '# TYPE kubernetes_build_info gauge',
    `kubernetes_build_info{git_version="${gitVersion}",major="1",minor="33"} 1`,
    '# HELP apiserver_storage_objects Number of stored objects by resource.',
    '# TYPE apiserver_storage_objects gauge',
  ];
  for (const store of stores) {
    lines.push(`apiserver_storage_objects{resource="${store}"} ${backend.store.list(store).objects.length}`);
  }
  lines.push(
    '# HELP process_resident_memory_bytes Resident memory size in bytes.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '',
  );
  return lines.join('\n');
}
