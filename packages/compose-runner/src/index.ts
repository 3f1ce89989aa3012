export {
  engineStrategies,
  findEngine,
  type EngineProbe,
  type EngineStrategy,
  type FindEngineOptions,
  type StrategyContext,
} from './find-engine.js';
export { EngineHostError, parseEngineHost, printEngineHost, type EngineHost } from './engine-host.js';
export type { EngineVersion } from './ask-engine.js';
export { containerName, imageName } from './container-name.js';
export { composeLabels, resourceLabels, type ContainerIdentity } from './compose-labels.js';
