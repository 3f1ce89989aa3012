export { readIgnoreFile } from './ignore/read-ignore-file.js';
export { createIgnoreMatcher, IgnorePatternError, type IgnoreMatcher } from './ignore/ignore-matcher.js';
export { openContext, type BuildContext, type ContextOptions } from './context/context.js';
export type { ContextEntry } from './context/entry.js';
export { ContextError } from './context/context-error.js';
export { archiveContext, archiveFiles, type ArchiveOptions } from './context/archive.js';
export { digestContext } from './context/digest.js';
export { buildImage, digestLabel, type BuildOptions, type BuiltImage } from './build/build.js';
export { baseImages } from './build/dockerfile.js';
export { BuildError } from './build/build-error.js';
export type { ImageEvent } from './build/event.js';
export { findImage, type LocalImage } from './build/image.js';
export { pullImage, PullError, splitReference, type PullOptions } from './pull/pull.js';
export {
  connectEngine,
  isOlderApi,
  type EngineAddress,
  type EngineCall,
  type EngineConnection,
} from './engine/connection.js';
export {
  dockerHub,
  registryOf,
  type FindLogin,
  type RegistryAuth,
  type RegistryLogin,
} from './registry/registry-auth.js';
export { EngineError, type EngineErrorCode } from './engine/engine-error.js';
export { Tail } from './output/tail.js';
export { readJsonLines } from './engine/json-lines.js';
export { readTar, TarError, type TarEntry } from './tar/read.js';
export { tarEnd, tarHeader, tarPadding, type TarHeader } from './tar/header.js';
