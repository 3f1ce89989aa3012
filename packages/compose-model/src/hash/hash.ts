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

/**
 * The configuration hash of a service, the label `com.docker.compose.config-hash` of its containers: 64 hexadecimal digits, equal to
 * those of docker compose 2.40 for a service whose env files are read. References to other services' containers (`network_mode: service:x`)
 * count as they are written.
 */
export function serviceHash(service: Service): string {
  return sha256(serviceHashText(service));
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
