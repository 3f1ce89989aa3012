import { MesosError } from '../errors.js';

/** What ZooKeeper refused, or that it could not be reached. */
export class ZooKeeperError extends MesosError {
  override readonly name = 'ZooKeeperError';
  /** ZooKeeper's own number (KeeperException.Code), where it gave one: -101 no node, -102 no permission, -115 wrong credentials. */
  readonly number: number | undefined;

  constructor(message: string, options: { number?: number; cause?: unknown; retryable?: boolean } = {}) {
    super('MESOS_ZOOKEEPER', message, { cause: options.cause, retryable: options.retryable ?? true });
    this.number = options.number;
  }
}
