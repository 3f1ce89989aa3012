import type { EngineVolume } from '../engine/docker-engine.js';
import type { ObservedContainer } from '../observe/observed.js';

/** A condition that a service's containers wait for. */
export interface Awaited {
  readonly service: string;
  readonly condition: 'service_healthy' | 'service_completed_successfully' | 'running_or_healthy';
  /** False when failing is only worth a warning. */
  readonly required: boolean;
  /** The dependency's containers, by name. */
  readonly containers: readonly string[];
}

/** One step towards what a project asks for. Containers are named by what they end up being called. */
export type Action =
  | { readonly type: 'create-network'; readonly key: string; readonly name: string }
  /** Containers that are attached are stopped and cut off first: an engine keeps a network that is in use. */
  | {
      readonly type: 'remove-network';
      readonly id: string;
      readonly name: string;
      readonly attached: readonly string[];
      /** Leaves it, with a warning, where a container of another project is on it. */
      readonly unlessUsed: boolean;
    }
  | { readonly type: 'create-volume'; readonly key: string; readonly name: string }
  | { readonly type: 'remove-volume'; readonly volume: EngineVolume }
  | { readonly type: 'create'; readonly service: string; readonly number: number; readonly name: string }
  | {
      readonly type: 'recreate';
      readonly service: string;
      readonly number: number;
      readonly name: string;
      readonly old: ObservedContainer;
      /** What differs, for a person. */
      readonly reason: string;
    }
  /** Takes up what an interrupted recreation left: the new container under its passing name. */
  | { readonly type: 'rename'; readonly container: ObservedContainer; readonly name: string }
  | { readonly type: 'stop'; readonly container: ObservedContainer }
  | { readonly type: 'remove'; readonly container: ObservedContainer; readonly volumes: boolean }
  | { readonly type: 'wait'; readonly service: string; readonly for: Awaited }
  | { readonly type: 'start'; readonly service: string; readonly name: string };

/** An action, and those that must be done before it. */
export interface Step {
  /** Unique in its plan, and the same for the same work: `create demo-web-1`. */
  readonly id: string;
  readonly action: Action;
  /** Ids of steps of the same plan. */
  readonly after: readonly string[];
}

/** What is to be done, each step after those it lists. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}
