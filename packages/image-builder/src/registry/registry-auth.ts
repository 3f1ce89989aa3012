/** What a registry is shown, in the form of the engine's `X-Registry-Auth`. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  /** In place of a password: what a registry gave at a login. */
  readonly identitytoken?: string;
  readonly serveraddress?: string;
}

/** What was found for a registry. */
export interface RegistryLogin {
  readonly auth?: RegistryAuth;
  /** Why there is none though there should be, for the message of a pull that then fails. */
  readonly problem?: string;
}

/** Looks for the credentials of a registry, as `registryOf` names it. */
export type FindLogin = (registry: string, signal?: AbortSignal) => Promise<RegistryLogin>;

/** What Docker Hub is called where credentials are kept. */
export const dockerHub = 'https://index.docker.io/v1/';

const hubHosts: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/** A registry by the name under which its credentials are kept. */
export const nameRegistry = (host: string): string => (hubHosts.includes(host) ? dockerHub : host);

/** The registry that an image comes from: its host, or Docker Hub's name where the reference has none. */
export function registryOf(reference: string): string {
  const slash = reference.indexOf('/');
  const first = slash < 0 ? '' : reference.slice(0, slash);
  return first === 'localhost' || /[.:]/.test(first) ? nameRegistry(first) : dockerHub;
}
