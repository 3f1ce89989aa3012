import type { ImageEvent } from '../build/event.js';
import { keptLines, type BuildOutput } from '../output/build-output.js';
import { readProgress } from '../output/progress.js';
import { Tail } from '../output/tail.js';
import { bytesIn, messagesIn, readFields, textIn, type Fields } from './protobuf.js';

/** A step of a build, which BuildKit calls a vertex. */
interface Vertex {
  readonly name: string;
  readonly tail: Tail;
  begun: boolean;
}

/**
 * BuildKit tells a build as a graph whose vertices begin, print and end, several at a time: messages `moby.buildkit.trace`, each a
 * `StatusResponse` of its control API in base64 (moby/buildkit, api/services/control/control.proto).
 */
export class BuildkitOutput implements BuildOutput {
  image: string | undefined;
  failure: string | undefined;
  readonly #vertices = new Map<string, Vertex>();
  readonly #onProgress: ((event: ImageEvent) => void) | undefined;
  #last: Vertex | undefined;
  #failed: Vertex | undefined;

  constructor(onProgress?: (event: ImageEvent) => void) {
    this.#onProgress = onProgress;
  }

  get step(): string | undefined {
    return (this.#failed ?? this.#last)?.name;
  }

  get lines(): readonly string[] {
    return (this.#failed ?? this.#last)?.tail.lines ?? [];
  }

  read(message: Readonly<Record<string, unknown>>): void {
    const { id, aux } = message;
    if (id === 'moby.buildkit.trace' && typeof aux === 'string') {
      const status = readFields(Buffer.from(aux, 'base64'));
      for (const vertex of messagesIn(status, 1)) this.#readVertex(vertex);
      for (const log of messagesIn(status, 3)) this.#vertices.get(textIn(log, 1))?.tail.add(bytesIn(log, 4) ?? '');
      return;
    }
    const progress = readProgress(message);
    if (progress?.kind === 'image') this.image = progress.id;
    else if (progress?.kind === 'error') this.failure = progress.message;
    else if (progress?.kind === 'event') this.#onProgress?.(progress.event);
  }

  end(): void {
    for (const { tail } of this.#vertices.values()) tail.end();
  }

  #readVertex(fields: Fields): void {
    const digest = textIn(fields, 1);
    // `[web 2/3] RUN make`; `[internal] load build context` is no step of the Dockerfile.
    const name = textIn(fields, 3);
    const place = /^\[(?:\S+ +)?(\d+)\/(\d+)\] (.*)$/s.exec(name);
    const vertex = this.#vertices.get(digest) ?? {
      name: place?.[3] ?? name,
      begun: false,
      tail: new Tail(keptLines, (text) => text !== '' && this.#onProgress?.({ type: 'output', text })),
    };
    this.#vertices.set(digest, vertex);
    if (bytesIn(fields, 5) !== undefined && !vertex.begun) {
      vertex.begun = true;
      if (place === null) this.#onProgress?.({ type: 'status', text: name });
      else {
        this.#last = vertex;
        const [, step, steps] = place;
        this.#onProgress?.({ type: 'step', step: Number(step), steps: Number(steps), text: vertex.name });
      }
    }
    if (bytesIn(fields, 6) !== undefined) vertex.tail.end();
    // When a step fails, those that ran beside it are cancelled, and say so as their error.
    const error = textIn(fields, 7);
    if (error !== '' && !/context canceled$/.test(error)) this.#failed ??= vertex;
  }
}
