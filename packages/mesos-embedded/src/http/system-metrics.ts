import { cpus, freemem, loadavg, totalmem } from 'node:os';

/** What every libprocess says of its machine (3rdparty/libprocess/include/process/system.hpp). */
export function systemMetrics(): [string, number][] {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return [
    ['system/cpus_total', cpus().length],
    ['system/load_15min', fifteen],
    ['system/load_1min', one],
    ['system/load_5min', five],
    ['system/mem_free_bytes', freemem()],
    ['system/mem_total_bytes', totalmem()],
  ];
}
