/** A kubectl command line, told to both clusters in turn. Words are split at spaces; what stands in quotes stays together. */
export interface Command {
  readonly line: string;
  readonly input?: string;
  /** Its input is what another command prints, with one text in the place of another. */
  readonly pipe?: { readonly from: string; readonly replace: readonly [string, string] };
  /** Told again, for twenty seconds at most, until its output has this: controllers take their time. Not compared then. */
  readonly until?: string;
}

/** A command that is compared. */
export const told = (line: string, input?: string): Command => ({ line, ...(input === undefined ? {} : { input }) });

/** Waits until the controller of a deployment has seen so many generations of it. */
export const seen = (name: string, generation: number): Command => ({
  line: `get deployment ${name} -o jsonpath={.status.observedGeneration}`,
  until: String(generation),
});
