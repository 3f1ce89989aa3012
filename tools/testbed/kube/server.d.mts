/** Why the real programs of a version (`version` by default) cannot be had here; undefined when they can. */
export function obstacle(version?: string): string | undefined;
/** Whether a version's programs were built here before. */
export function isBuilt(version?: string): boolean;
/** The versions on which `subject` can be tested here: built before, or asked for by `KMD_KUBE_VERSIONS`. Prints a line for each that is skipped. */
export function versionsAtHand(subject: string): string[];
/** The folder of Kubernetes' own Go module, of `version`: its manifests are in it. Rejects where there is no Go. */
export function sourceFolder(): Promise<string>;
/** `v1.33.4`: what is started unless another version is asked for. */
export const version: string;
export interface RealApiServer {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Where its logs are. */
  readonly folder: string;
  readonly pids: readonly number[];
  close(): Promise<void>;
}
export interface RealApiServerOptions {
  /** Another one, for instance `v1.20.15`: 1.20 to the newest. */
  version?: string;
  controllers?: boolean;
  token?: string;
  serviceCidr?: string;
  /** `AlwaysAllow` by default. */
  authorization?: 'AlwaysAllow' | 'RBAC';
  /** Who else may sign in, each with a token and the user's own name as uid. */
  users?: readonly { token: string; user: string; groups?: readonly string[] }[];
  /** More flags of the kube-apiserver, or other values: by name, without dashes. */
  flags?: Readonly<Record<string, string>>;
  onProgress?: (line: string) => void;
}
/** Starts a real kube-apiserver with an etcd of its own, building it first when it was never built here. */
export function startRealApiServer(options?: RealApiServerOptions): Promise<RealApiServer>;
