import type { LocalImage } from '@kmd/image-builder';
import type { EngineContainer, EngineNetwork, EngineVolume } from '../engine/docker-engine.js';

/** A container of a project, as its labels tell. */
export interface ObservedContainer extends EngineContainer {
  readonly service: string;
  /** Number of the replica; 0 for a one-off, and for one without the label. */
  readonly number: number;
  readonly oneOff: boolean;
}

/** What an engine holds of a project. */
export interface Observed {
  readonly containers: readonly ObservedContainer[];
  /** All of the engine: a declared network may be there without the project's labels. */
  readonly networks: readonly EngineNetwork[];
  readonly volumes: readonly EngineVolume[];
  /** Of the services' images, by the name that the project uses. */
  readonly images: ReadonlyMap<string, LocalImage>;
}
