import { pods, type KubeApi, type Logger, type PodStatus } from '@kmd/kube-client';
import { isGone } from '../delete-pod.js';

export interface StatusWriterOptions {
  readonly kube: KubeApi;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Milliseconds between attempts; default 1 s. */
  readonly retryDelay?: number | undefined;
}

export interface PodIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Writes one pod's status: one PATCH at a time, and of several changes that come meanwhile only the last. */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #pod: PodIdentity;
  readonly #written: (status: PodStatus) => void;
  readonly #gone: () => void;
  #next: PodStatus | undefined;
  #busy = false;
  #closed = false;

  /** `written` follows each write; `gone` says that the API server has no such pod any more. */
  constructor(
    options: StatusWriterOptions,
    pod: PodIdentity,
    { written, gone }: { written: (status: PodStatus) => void; gone: () => void },
  ) {
    this.#options = options;
    this.#pod = pod;
    this.#written = written;
    this.#gone = gone;
  }

  write(status: PodStatus): void {
    if (this.#closed) return;
    this.#next = status;
    if (!this.#busy) void this.#flush();
  }

  close(): void {
    this.#closed = true;
    this.#next = undefined;
  }

  async #flush(): Promise<void> {
    const { kube, logger, signal, retryDelay = 1_000 } = this.#options;
    const { namespace, name, uid } = this.#pod;
    this.#busy = true;
    while (this.#next && !this.#closed && !signal.aborted) {
      const status = this.#next;
      this.#next = undefined;
      try {
        // The uid keeps the status off another pod of the same name: the server refuses to change it.
        const patch = { metadata: { uid }, status };
        await kube.patch(pods, name, patch, { namespace, type: 'merge', subresource: 'status', signal });
        if (!this.#closed) this.#written(status);
      } catch (error) {
        if (signal.aborted) break;
        if (isGone(error)) {
          this.#closed = true;
          this.#gone();
          break;
        }
        logger.warn({ err: error, pod: `${namespace}/${name}` }, 'pod status not written, trying again');
        this.#next ??= status;
        await new Promise((resolve) => setTimeout(resolve, retryDelay));
      }
    }
    this.#busy = false;
  }
}
