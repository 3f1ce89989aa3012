export {
  engineStrategies,
  findEngine,
  type EngineProbe,
  type EngineStrategy,
  type FindEngineOptions,
  type StrategyContext,
} from './find-engine.js';
export { EngineHostError, parseEngineHost, printEngineHost, type EngineHost } from './engine-host.js';
export type { EngineCredentials, EngineVersion } from './ask-engine.js';
export { DockerConfigError } from './docker-config/config-file.js';
export type { DockerContext } from './docker-config/context.js';
export { containerName, imageName } from './container-name.js';
export { composeLabels, resourceLabels, type ContainerIdentity } from './compose-labels.js';
export { openEngine } from './open-engine.js';
export { createLogins } from './docker-config/logins.js';
export { connectDockerEngine, type ConnectOptions } from './engine/http-engine.js';
export type {
  CallOptions,
  ContainerState,
  ContainerUsage,
  DockerEngine,
  EngineContainer,
  EngineEvent,
  EngineMount,
  EngineNetwork,
  EnginePort,
  EngineVolume,
  ExecSpec,
  LogOptions,
} from './engine/docker-engine.js';
export { build, pull, type ImageOptions } from './commands/images.js';
export { up, imagesToRun, type UpOptions } from './commands/up.js';
export { run, type RunOptions } from './commands/run.js';
export { down, type DownOptions } from './commands/down.js';
export { kill, remove, restart, start, stop, type SelectOptions } from './commands/lifecycle.js';
export { findContainer, listProjects, port, ps, top, type ContainerRow, type ProjectRow } from './commands/inspect.js';
export { exec, type ExecOptions } from './commands/exec.js';
export { archiveOf, copyFrom, copyInto, type CopyOptions } from './commands/copy.js';
export { attach, type AttachOptions } from './commands/attach.js';
export { stats, type StatsRow } from './commands/stats.js';
export { logs, type LogLine, type ProjectLogOptions } from './logs/logs.js';
export type { CommandOptions, HookKind, RunnerEvent } from './event.js';
export { RunnerError, type RunnerErrorCode } from './runner-error.js';
export { observe, observeContainers } from './observe/observe.js';
export type { Observed, ObservedContainer } from './observe/observed.js';
export { planUp, type UpPlanOptions } from './plan/plan-up.js';
export { planDown, type DownPlanOptions } from './plan/plan-down.js';
export { planImages, type ImagePlanOptions, type ImageWork } from './plan/images.js';
export type { Action, Awaited, Plan, Step } from './plan/action.js';
export type { ProjectOrigin } from './run/stage.js';
