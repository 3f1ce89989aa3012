export {
  load,
  loadRaw,
  type ComposeFile,
  type Loaded,
  type LoadOptions,
  type LoadSteps,
  type RawModel,
} from './load.js';
export { ComposeError, printDiagnostic, type Diagnostic, type DiagnosticCode } from './diagnostics/compose-error.js';
export { printCodeFrame } from './diagnostics/code-frame.js';
export type { SourceMap } from './source-map.js';
export type { Position } from './tree/place.js';
export type { Path } from './tree/path.js';
export { readDiskAtOnce, type ReadFile } from './reader.js';
export type { Config, Model, Network, Project, Secret, Volume } from './model/project.js';
export type {
  Build,
  Dependency,
  Deploy,
  Healthcheck,
  Mount,
  Port,
  Service,
  ServiceNetwork,
  Ulimit,
} from './model/service.js';
export { scaleOf } from './check/consistency.js';
export {
  dependencyGraph,
  imagesOf,
  serviceOrder,
  type DependencyGraph,
  type Edge,
  type OrderOptions,
} from './graph/graph.js';
export { toDot, toMermaid } from './graph/draw.js';
export { replicaEnvironment, replicaRules, ReplicaRuleError, type ReplicaRule } from './replica.js';
export { normaliseName } from './name.js';
export { parseEnvFile, EnvFileError } from './environment/dotenv.js';
export { expand, InvalidTemplate, MissingVariable, type Lookup } from './interpolate/template.js';
export { findInputs, type InputOptions, type Inputs } from './inputs.js';
export { toJson } from './print/to-json.js';
export { toYaml } from './print/to-yaml.js';
export { printYaml } from './print/yaml-text.js';
export { networkHash, serviceHash, volumeHash, type HashOptions } from './hash/hash.js';
export { diff, type Change, type ProjectDiff, type ResourceDiff, type ServiceDiff } from './diff/diff.js';
export { scale } from './scale.js';
export { type Variable } from './interpolate/variables.js';
export { parsePort, type ShortPort } from './canonical/port.js';
export { parseVolume, type ShortVolume } from './canonical/volume.js';
export { parseDuration, printDuration } from './model/duration.js';
export { parseSize, type Size } from './model/size.js';
