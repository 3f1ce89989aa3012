/** What a build has said so far. Each of the engine's builders speaks in its own way. */
export interface BuildOutput {
  /** Takes one message of the engine's answer. */
  read(message: Readonly<Record<string, unknown>>): void;
  /** The answer is over: lines without an end count. */
  end(): void;
  /** Of the image, once it is there. */
  readonly image: string | undefined;
  /** What went wrong, in the engine's words. */
  readonly failure: string | undefined;
  /** The step that failed, or else the one that was begun last, as the Dockerfile has it. */
  readonly step: string | undefined;
  /** The last lines that this step printed, oldest first. */
  readonly lines: readonly string[];
}

/** How many of the last lines an error carries. */
export const keptLines = 20;
