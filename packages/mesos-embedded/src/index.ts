export { startMesos, type Mesos, type MesosOptions } from './mesos.js';
export { startMaster, type MasterOptions, type RunningMaster } from './start-master.js';
export { startAgent, type AgentOptions, type AgentSpec, type RunningAgent } from './start-agent.js';
export type { MasterFlags } from './master/flags.js';
export type { AgentFlags } from './agent/flags.js';
export { processLauncher, type Exit, type Launched, type Launcher, type LaunchOptions } from './agent/launcher.js';
export { AddressInUseError, ListenError, MesosEmbeddedError, type MesosEmbeddedErrorCode } from './errors.js';
export type { Clock, Timer } from './clock.js';
export type { Logger } from './logger.js';
