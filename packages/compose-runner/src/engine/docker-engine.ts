import type { Readable } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { EngineConnection, ImageEvent, LocalImage } from '@kmd/image-builder';

/** What a call may be given. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface EngineContainer {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly image: string;
  readonly imageId: string;
  readonly command: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  readonly state: string;
  /** For a person, such as `Up 2 minutes (healthy)`. */
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networks: readonly string[];
  readonly mounts: readonly EngineMount[];
  readonly ports: readonly EnginePort[];
}

export interface EngineMount {
  readonly type: string;
  /** Of a volume. */
  readonly name?: string;
  readonly source: string;
  /** Path in the container. */
  readonly target: string;
}

export interface EnginePort {
  readonly host?: string;
  readonly published?: number;
  readonly target: number;
  readonly protocol: string;
}

/** What an inspection says of how a container is. */
export interface ContainerState {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly exitCode: number;
  /** `starting`, `healthy`, `unhealthy`; absent without a health check. */
  readonly health?: string;
  /** What the last health checks printed, newest last. */
  readonly healthLog: readonly string[];
  /** What kept it from starting. */
  readonly error: string;
  readonly tty: boolean;
}

export interface EngineNetwork {
  readonly id: string;
  /** RFC 3339, to the nanosecond. */
  readonly created: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface EngineVolume {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Something that happened to a container. */
export interface EngineEvent {
  /** `start`, `die`, `health_status: healthy`, … */
  readonly action: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What a container uses: bytes, and hundredths of one processor. */
export interface ContainerUsage {
  /** 100 is one whole processor. */
  readonly cpuPercent: number;
  readonly memory: number;
  readonly memoryLimit: number;
  /** Over its networks. */
  readonly received: number;
  readonly sent: number;
  /** From and to disks. */
  readonly read: number;
  readonly written: number;
  readonly processes: number;
}

export interface LogOptions extends CallOptions {
  readonly follow?: boolean;
  /** Number of last lines; all by default. */
  readonly tail?: number;
  /** Seconds since 1970, or RFC 3339. */
  readonly since?: string;
  readonly until?: string;
  readonly timestamps?: boolean;
}

export interface ExecSpec {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly privileged?: boolean;
  readonly tty?: boolean;
  readonly stdin?: boolean;
}

/**
 * What this package asks of an engine. `connectDockerEngine` is the real one; a test brings its own.
 * Calls throw `EngineError` of `@kmd/image-builder`, or the signal's reason. Containers are named by id or name.
 */
export interface DockerEngine {
  /** For builds and pulls, which speak to the engine themselves. */
  readonly connection: EngineConnection;
  apiVersion(): Promise<string>;

  /** Containers in any state that have all these labels, each `KEY` or `KEY=VALUE`. */
  containers(labels: readonly string[], options?: CallOptions): Promise<EngineContainer[]>;
  inspect(container: string, options?: CallOptions): Promise<ContainerState>;
  /** When it is cancelled nothing is left of it. @param body of `POST /containers/create` @returns the id */
  create(
    name: string,
    body: Readonly<Record<string, unknown>>,
    options?: CallOptions & { platform?: string },
  ): Promise<string>;
  start(container: string, options?: CallOptions): Promise<void>;
  /** @param options `timeout`: seconds until it is killed; what the container says, or 10, by default */
  stop(container: string, options?: CallOptions & { timeout?: number | undefined }): Promise<void>;
  restart(container: string, options?: CallOptions & { timeout?: number | undefined }): Promise<void>;
  kill(container: string, killSignal: string, options?: CallOptions): Promise<void>;
  remove(container: string, options?: CallOptions & { force?: boolean; volumes?: boolean }): Promise<void>;
  rename(container: string, name: string, options?: CallOptions): Promise<void>;
  /** Unpacks an archive in a folder of a container's, the root by default. */
  putFiles(container: string, archive: Uint8Array | Readable, options?: CallOptions & { path?: string }): Promise<void>;
  /** A file or a folder of a container as an archive. */
  getFiles(container: string, path: string, options?: CallOptions): Promise<Readable>;
  /** The engine's own stream: frames of both outputs, or plain bytes of a container with a terminal. */
  logs(container: string, options?: LogOptions): Promise<Readable>;
  /** Runs a command in a container. `exitCode` is asked for after the stream has ended. */
  exec(
    container: string,
    spec: ExecSpec,
    options?: CallOptions,
  ): Promise<{ stream: Duplex; exitCode(): Promise<number> }>;
  /** The container's own input and output from now on, framed unless it has a terminal. */
  attach(container: string, options?: CallOptions & { readonly stdin?: boolean }): Promise<Duplex>;
  /** Measured over about a second. */
  usage(container: string, options?: CallOptions): Promise<ContainerUsage>;
  top(
    container: string,
    options?: CallOptions,
  ): Promise<{ titles: readonly string[]; processes: readonly (readonly string[])[] }>;

  networks(options?: CallOptions): Promise<EngineNetwork[]>;
  /** @returns the id */
  /** What is on a network, by container id; an endpoint may have outlived its container. */
  endpoints(network: string, options?: CallOptions): Promise<{ container: string; name: string }[]>;
  createNetwork(body: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<string>;
  /** @param network its name or id */
  removeNetwork(network: string, options?: CallOptions): Promise<void>;
  connect(
    network: string,
    container: string,
    endpoint: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<void>;
  disconnect(network: string, container: string, options?: CallOptions): Promise<void>;

  volumes(options?: CallOptions): Promise<EngineVolume[]>;
  createVolume(body: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<void>;
  removeVolume(name: string, options?: CallOptions): Promise<void>;

  findImage(name: string, options?: CallOptions): Promise<LocalImage | undefined>;
  pull(
    image: string,
    options?: CallOptions & { platform?: string | undefined; onProgress?: ((event: ImageEvent) => void) | undefined },
  ): Promise<void>;
  removeImage(name: string, options?: CallOptions): Promise<void>;

  /** What happens to containers with these labels from now on. The promise settles when the engine listens. */
  events(labels: readonly string[], options?: CallOptions): Promise<AsyncIterable<EngineEvent>>;
  close(): void;
}
