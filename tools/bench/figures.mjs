/** `940 ms (901 to 1033)`: the median with the least and the most. */
export function summarise(values, unit) {
  if (values.length === 0) return 'none measured';
  const sorted = [...values].sort((a, b) => a - b);
  const round = (value) => (value >= 100 ? Math.round(value) : Math.round(value * 10) / 10);
  const median = sorted[Math.floor(sorted.length / 2)];
  return `${round(median)} ${unit} (${round(sorted[0])} to ${round(sorted[sorted.length - 1])})`;
}

/** Milliseconds that this process has computed, all threads: what others do on the machine counts little. */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export const mebibytes = (bytes) => bytes / 2 ** 20;
