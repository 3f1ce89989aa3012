/** Why the real programs cannot be had here; undefined when they can. */
export function obstacle(): string | undefined;
/** `v1.33.4` */
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
  controllers?: boolean;
  token?: string;
  serviceCidr?: string;
  /** `AlwaysAllow` by default. */
  authorization?: 'AlwaysAllow' | 'RBAC';
  /** Who else may sign in, each with a token and the user's own name as uid. */
  users?: readonly { token: string; user: string; groups?: readonly string[] }[];
  onProgress?: (line: string) => void;
}
/** Starts a real kube-apiserver with an etcd of its own, building it first when it was never built here. */
export function startRealApiServer(options?: RealApiServerOptions): Promise<RealApiServer>;
