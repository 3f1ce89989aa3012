import { networkHash, volumeHash, type Network, type Project, type Volume } from '@kmd/compose-model';
import { resourceLabels } from '../compose-labels.js';
import { label } from '../labels.js';
import { compact } from './host-config.js';

/** What `POST /networks/create` is given. */
export function networkSpec(project: Pick<Project, 'name'>, key: string, network: Network): Record<string, unknown> {
  const { ipam } = network;
  return compact({
    Name: network.name ?? key,
    CheckDuplicate: true,
    Driver: network.driver,
    Options: network.driver_opts,
    Internal: network.internal,
    Attachable: network.attachable,
    EnableIPv4: network.enable_ipv4,
    EnableIPv6: network.enable_ipv6,
    IPAM:
      ipam === undefined
        ? undefined
        : compact({
            Driver: ipam.driver,
            Options: ipam.options,
            Config: ipam.config?.map((pool) =>
              compact({
                Subnet: pool.subnet,
                Gateway: pool.gateway,
                IPRange: pool.ip_range,
                AuxiliaryAddresses: pool.aux_addresses,
              }),
            ),
          }),
    Labels: {
      ...resourceLabels(project.name, 'network', key, network.labels),
      [label.configHash]: networkHash(network),
    },
  });
}

/** What `POST /volumes/create` is given. */
export function volumeSpec(project: Pick<Project, 'name'>, key: string, volume: Volume): Record<string, unknown> {
  return compact({
    Name: volume.name ?? key,
    Driver: volume.driver,
    DriverOpts: volume.driver_opts,
    Labels: { ...resourceLabels(project.name, 'volume', key, volume.labels), [label.configHash]: volumeHash(volume) },
  });
}
