import { createHash } from 'node:crypto';
import type { Network, Volume } from '../model/project.js';
import type { Service } from '../model/service.js';
import { networkToJson, printGoJson, serviceToJson, volumeToJson } from '../print/to-json.js';

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The text that `serviceHash` is the digest of: what of a service makes its containers differ. */
export function serviceHashText(service: Service): string {
  const counted: Service = { ...service };
  // A container is the same whatever built its image, how many there are, and what starts before it (specification notes, B3).
  delete counted.build;
  delete counted.pull_policy;
  delete counted.scale;
  delete counted.depends_on;
  delete counted.profiles;
  if (counted.deploy !== undefined) {
    counted.deploy = { ...counted.deploy };
    delete counted.deploy.replicas;
  }
  return printGoJson(serviceToJson(counted));
}

/** How a hash is made. */
export interface HashOptions {
  /**
   * The release of docker compose that shall know its containers again: releases until 2.40 say `create_host_path` of a bind mount when it
   * is true, later ones, with compose-go from 2.10 on, when it is false.
   */
  readonly release?: '2.40' | 'later';
}

/** The mounts as releases until 2.40 count them: a short form says `create_host_path`. */
function withHostPaths(service: Service): Service {
  const volumes = service.volumes?.map((mount) => {
    if (mount.type !== 'bind' || mount.bind === undefined) return mount;
    const { create_host_path: create = true, ...bind } = mount.bind;
    return { ...mount, bind: create ? { ...bind, create_host_path: true } : bind };
  });
  return volumes === undefined ? service : { ...service, volumes };
}

/**
 * The configuration hash of a service, the label `com.docker.compose.config-hash` of its containers: 64 hexadecimal digits, equal to
 * those of docker compose for a service whose env files are read. References to other services' containers (`network_mode: service:x`)
 * count as they are written.
 */
export function serviceHash(service: Service, { release = 'later' }: HashOptions = {}): string {
  return sha256(serviceHashText(release === 'later' ? service : withHostPaths(service)));
}

/** The text that `networkHash` is the digest of. */
export function networkHashText(network: Network): string {
  return printGoJson(networkToJson(network));
}

/** The configuration hash of a network, the label of the same name. */
export function networkHash(network: Network): string {
  return sha256(networkHashText(network));
}

/** The text that `volumeHash` is the digest of. */
export function volumeHashText(volume: Volume): string {
  return printGoJson(volumeToJson({ ...volume, driver: volume.driver ?? 'local' }));
}

/** The configuration hash of a volume, the label of the same name. */
export function volumeHash(volume: Volume): string {
  return sha256(volumeHashText(volume));
}
