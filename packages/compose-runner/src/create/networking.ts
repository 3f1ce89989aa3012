import { scaleOf, type Project, type Service } from '@kmd/compose-model';
import { isOlderApi } from '@kmd/image-builder';
import { containerName } from '../container-name.js';

type Json = Readonly<Record<string, unknown>>;

/** How a container takes part in one network. */
export interface Endpoint {
  /** The network's name on the engine. */
  readonly network: string;
  readonly config: Json;
}

/** The names of a project's networks on the engine, that a service is attached to, the one of the highest priority first. */
export function networksOf(project: Pick<Project, 'networks'>, service: Service): { key: string; name: string }[] {
  if (service.network_mode !== undefined) return [];
  return Object.entries(service.networks ?? {})
    .sort(([a, one], [b, two]) => {
      const order = (two?.priority ?? 0) - (one?.priority ?? 0);
      return order !== 0 ? order : a < b ? -1 : 1;
    })
    .map(([key]) => ({ key, name: project.networks[key]?.name ?? key }));
}

/**
 * Links as the engine takes them on a network of a user's own: further names for containers, looked up when they are asked for. So the
 * containers need not be there yet, and two services may link to each other.
 */
export function linksOf(project: Project, service: Service): string[] {
  const links = (service.links ?? []).flatMap((link) => {
    const [target = '', alias = target] = link.split(':');
    const linked = project.services[target];
    if (linked === undefined) return [];
    return Array.from({ length: scaleOf(linked) }, (_, index) => {
      const name = containerName(project, linked, index + 1);
      return [`${name}:${alias}`, `${name}:${target}`, `${name}:${target}-${index + 1}`];
    }).flat();
  });
  return [
    ...new Set([
      ...links,
      ...(service.external_links ?? []).map((link) => (link.includes(':') ? link : `${link}:${link}`)),
    ]),
  ];
}

/**
 * Whether links are the engine's old ones, on the network that every engine has: entries of a container's /etc/hosts, made when it starts. The
 * linked containers must be there before. Files of version 1 mean these.
 */
export function hasOldLinks(service: Service): boolean {
  return service.network_mode === 'bridge' || service.network_mode === 'default';
}

/** Everything by which a container is reached on the networks of its service. */
export function endpointsOf(project: Project, service: Service, name: string): Endpoint[] {
  const links = linksOf(project, service);
  return networksOf(project, service).map(({ key, name: network }) => {
    const given = service.networks?.[key] ?? {};
    const address = {
      ...(given.ipv4_address !== undefined && { IPv4Address: given.ipv4_address }),
      ...(given.ipv6_address !== undefined && { IPv6Address: given.ipv6_address }),
      ...(given.link_local_ips !== undefined && { LinkLocalIPs: given.link_local_ips }),
    };
    return {
      network,
      config: {
        Aliases: [...new Set([name, service.name, ...(given.aliases ?? [])])],
        ...(links.length > 0 && { Links: links }),
        ...(Object.keys(address).length > 0 && { IPAMConfig: address }),
        ...(given.mac_address !== undefined && { MacAddress: given.mac_address }),
        ...(given.driver_opts !== undefined && { DriverOpts: given.driver_opts }),
        ...(given.gw_priority !== undefined && { GwPriority: given.gw_priority }),
      },
    };
  });
}

/** Splits endpoints into those that creation takes and those that are connected afterwards: older engines take one. */
export function splitEndpoints(
  endpoints: readonly Endpoint[],
  apiVersion: string,
): [readonly Endpoint[], readonly Endpoint[]] {
  return isOlderApi(apiVersion, '1.44') ? [endpoints.slice(0, 1), endpoints.slice(1)] : [endpoints, []];
}
