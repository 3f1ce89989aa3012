import type { Step } from '../sequence.js';

/** A request that is done; what comes back is not compared, for controllers may be faster or slower. */
export type Act = Step;

/** A read that is repeated until it shows what controllers are to come to, and is compared then. */
export interface Look extends Step {
  readonly until: (body: Body) => boolean;
  /** What of the body is compared; all of it when left out. */
  readonly view?: (body: Body) => unknown;
}

/** What is done to a cluster whose controllers run, and what they make of it, in a namespace of the story's own. */
export interface Story {
  readonly name: string;
  readonly steps: readonly (Act | Look)[];
}

/** As much of an object or a list as stories look at. */
export interface Body {
  readonly items?: readonly Body[];
  readonly kind?: string;
  readonly code?: number;
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly spec?: { readonly replicas?: number };
  readonly status?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly subsets?: readonly unknown[];
  readonly endpoints?: readonly unknown[];
  readonly rules?: readonly { readonly resources?: readonly string[] }[] | null;
}
