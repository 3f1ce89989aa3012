import type { DockerEngine } from '@kmd/compose-runner';
import { fieldsOf } from './answer.js';

/** First two numbers of networks that a cluster may have, the topology's own first. */
const prefixes = ['172.30', '172.31', ...Array.from({ length: 12 }, (_, index) => `172.${29 - index}`)];

/**
 * A /16 network for a cluster that no network of the engine overlaps: two clusters on one engine need two. Networks are told by their subnets;
 * the engine itself refuses what overlaps a route of the machine. The cluster's own network does not count.
 * @returns the first two numbers, as `172.30`; undefined when all are taken
 */
export async function chooseNetworkPrefix(
  engine: DockerEngine,
  project: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const answer = await engine.connection.ask({ path: '/networks', signal });
  const subnets = (Array.isArray(answer) ? answer : []).flatMap((network: unknown) => readSubnets(network, project));
  return prefixes.find((prefix) => subnets.every((subnet) => !overlaps(prefix, subnet)));
}

function readSubnets(network: unknown, project: string): string[] {
  const { Labels: labels, IPAM: ipam } = fieldsOf(network);
  if (fieldsOf(labels)['com.docker.compose.project'] === project) return [];
  const { Config: config } = fieldsOf(ipam);
  return (Array.isArray(config) ? config : []).flatMap((entry: unknown) => {
    const { Subnet: subnet } = fieldsOf(entry);
    return typeof subnet === 'string' ? [subnet] : [];
  });
}

/** Whether `A.B.0.0/16` and a subnet such as `172.16.0.0/12` have addresses in common. */
export function overlaps(prefix: string, subnet: string): boolean {
  const [address = '', bits = '32'] = subnet.split('/');
  const length = Math.min(Number(bits), 16);
  const [a, b] = [toNumber(`${prefix}.0.0`), toNumber(address)];
  if (a === undefined || b === undefined) return false;
  const shift = 2 ** (32 - length);
  return Math.floor(a / shift) === Math.floor(b / shift);
}

/** An IPv4 address as a number; undefined for anything else. */
function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
