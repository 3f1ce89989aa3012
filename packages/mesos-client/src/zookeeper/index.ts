export { parseZooKeeperAddress, type ZooKeeperAddress, type ZooKeeperServer } from './address.js';
export { createZooKeeperDetector, type ZooKeeperDetector, type ZooKeeperDetectorOptions } from './detector.js';
export { ZooKeeperError } from './errors.js';
