import { openCluster } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { formatAge, formatBytes, formatTable, painter } from '../output/text.js';
import type { Streams } from '../streams.js';

export async function status(flags: { name: string; json?: boolean | undefined }, streams: Streams): Promise<number> {
  const found = await openCluster(flags.name, { environment: streams.environment }).status({ signal: streams.signal });
  if (flags.json) {
    streams.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  } else {
    const paint = painter(streams.stdout, streams.environment);
    const age = (since: string | undefined) => (since === undefined ? '-' : formatAge(Date.now() - Date.parse(since)));
    const title = (text: string) => `\n${paint('bold', text)}\n`;
    const state = paint(
      found.state === 'running' ? 'green' : found.state === 'degraded' ? 'yellow' : 'red',
      found.state,
    );
    const background = found.process ? `, process ${found.process.pid}, ${formatBytes(found.process.memory)}` : '';
    let text = `Cluster "${found.name}" is ${state} (${found.runtime} runtime${background}, up ${age(found.created)})\n`;
    if (found.services.length > 0) {
      text += title('Services');
      text += formatTable(
        ['NAME', 'HEALTH', 'ADDRESS', 'UPTIME', 'NOTE'],
        found.services.map((service) => [
          service.name,
          service.state === 'builtin' ? 'built in' : service.healthy ? 'healthy' : 'unhealthy',
          service.address ?? '-',
          age(service.since),
          service.detail ?? '',
        ]),
        '  ',
      );
    }
    if (found.agents.length > 0) {
      text += title('Mesos agents');
      text += formatTable(
        ['HOSTNAME', 'STATE', 'CPUS USED', 'MEMORY USED', 'TASKS', 'ID'],
        found.agents.map((agent) => [
          agent.hostname,
          agent.active ? 'active' : 'inactive',
          `${round(agent.usedCpus)} of ${round(agent.cpus)}`,
          `${round(agent.usedMem)} of ${round(agent.mem)} MB`,
          String(agent.tasks),
          agent.id,
        ]),
        '  ',
      );
    }
    if (found.nodes.length > 0) {
      text += title('Kubernetes nodes');
      text += formatTable(
        ['NAME', 'READY', 'PODS'],
        found.nodes.map((node) => [node.name, node.ready ? 'yes' : 'no', String(node.pods)]),
        '  ',
      );
    }
    if (found.addons.length > 0) {
      text += title('Addons');
      text += formatTable(
        ['NAME', 'READY', 'REPLICAS'],
        found.addons.map((addon) => [addon.name, addon.ready ? 'yes' : 'no', addon.detail]),
        '  ',
      );
    }
    for (const problem of found.problems) text += `${paint('yellow', '!')} ${problem}\n`;
    streams.stdout.write(text);
  }
  return found.state === 'stopped'
    ? exitCodes.notRunning
    : found.state === 'running'
      ? exitCodes.ok
      : exitCodes.failure;
}

/** At most three decimals, as Mesos counts. */
function round(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
