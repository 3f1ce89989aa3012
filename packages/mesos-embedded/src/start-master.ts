import { resolve } from 'node:path';

import { systemClock, type Clock } from './clock.js';
import { masterFaults, type MasterFaults } from './faults.js';
import { listen, type HttpFaults } from './http/server.js';
import { silent, type Logger } from './logger.js';
import { masterRoutes, masterSharedRoutes } from './master/endpoints.js';
import { defaultMasterFlags, type MasterFlags } from './master/flags.js';
import { Master } from './master/master.js';
import { RegistryFile } from './master/registry/registry-file.js';
import type { AgentGateway } from './link.js';

/** What a master is started with. */
export interface MasterOptions {
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Port to listen on; 0 takes a free one. Default 0. */
  readonly port?: number | undefined;
  /** Folder for the registry, made when absent: what must outlive this master. Without one nothing does. */
  readonly workDir?: string | undefined;
  readonly flags?: Partial<MasterFlags> | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}

/** A master that listens. */
export interface RunningMaster {
  /** `http://host:port` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Switches for tests. */
  readonly faults: MasterFaults;
  /** Ends all streams and frees the port. Frameworks and agents see a master that died. */
  close(): Promise<void>;
}

/** The masters of this process, for its agents. */
const masters = new WeakMap<RunningMaster, Master>();

/** Where agents of this process register with a master; undefined where it is none of this process. */
export function gatewayOf(master: RunningMaster): AgentGateway | undefined {
  return masters.get(master);
}

/**
 * Starts a master.
 *
 * @throws {AddressInUseError} when the port is taken.
 * @throws {MesosEmbeddedError} `WORK_DIRECTORY` when the registry cannot be read or written.
 */
export async function startMaster(options: MasterOptions = {}): Promise<RunningMaster> {
  const host = options.host ?? '127.0.0.1';
  const master = new Master({
    flags: { ...defaultMasterFlags, ...options.flags },
    clock: options.clock ?? systemClock,
    logger: options.logger ?? silent,
    ...(options.workDir === undefined ? {} : { registryFile: new RegistryFile(resolve(options.workDir)) }),
  });
  const faults: HttpFaults = { delay: 0, absent: false };
  const listener = await listen({
    host,
    port: options.port ?? 0,
    prefix: '/master',
    routes: masterRoutes(master),
    shared: masterSharedRoutes(master),
    faults,
  }).catch((error: unknown) => {
    master.close();
    throw error;
  });
  master.address = { host, port: listener.port };
  const running: RunningMaster = {
    faults: masterFaults(master, faults),
    host,
    port: listener.port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(listener.port)}`,
    close: () => {
      master.close();
      return listener.close();
    },
  };
  masters.set(running, master);
  return running;
}
