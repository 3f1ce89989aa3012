/** What the program of the API server is told, in a file. */
export interface ServerSettings {
  /** Where its journal is: what outlives it. */
  readonly journal: string;
  /** PEM. */
  readonly tls: { readonly cert: string; readonly key: string };
  readonly port: number;
  /** Plain HTTP, for everybody. */
  readonly insecurePort: number;
}

/** What each instance of the framework is told, in a file. */
export interface FrameworkSettings {
  readonly master: string;
  readonly apiServer: string;
  /** Program and arguments of the executor. */
  readonly executor: readonly [string, ...string[]];
  /** The mark of the run, in the environment of executors. */
  readonly run: string;
}
