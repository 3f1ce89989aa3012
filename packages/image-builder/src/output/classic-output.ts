import type { ImageEvent } from '../build/event.js';
import { keptLines, type BuildOutput } from './build-output.js';
import { readProgress } from './progress.js';
import { Tail } from './tail.js';

/** The classic builder prints text: `Step 1/3 : FROM base`, what steps print, and notes of its own. */
export class ClassicOutput implements BuildOutput {
  image: string | undefined;
  failure: string | undefined;
  step: string | undefined;
  readonly #onProgress: ((event: ImageEvent) => void) | undefined;
  readonly #tail = new Tail(keptLines, (line) => this.#print(line));

  constructor(onProgress?: (event: ImageEvent) => void) {
    this.#onProgress = onProgress;
  }

  get lines(): readonly string[] {
    return this.#tail.lines;
  }

  read(message: Readonly<Record<string, unknown>>): void {
    const progress = readProgress(message);
    if (progress?.kind === 'text') {
      this.#tail.add(progress.text);
      this.image ??= /^Successfully built ([0-9a-f]+)/m.exec(progress.text)?.[1];
    } else if (progress?.kind === 'image') this.image = progress.id;
    else if (progress?.kind === 'error') this.failure = progress.message;
    else if (progress?.kind === 'event') this.#onProgress?.(progress.event);
  }

  end(): void {
    this.#tail.end();
  }

  #print(line: string): boolean {
    const begun = /^Step (\d+)\/(\d+) : (.*)$/.exec(line);
    if (begun !== null) {
      const [, step, steps, text = ''] = begun;
      this.step = text;
      this.#tail.lines.length = 0;
      this.#onProgress?.({ type: 'step', step: Number(step), steps: Number(steps), text });
      return false;
    }
    if (line === '') return false;
    this.#onProgress?.({ type: 'output', text: line });
    // The engine's own notes on what it does (` ---> Running in 0123`) say nothing of why a step failed.
    return !line.startsWith(' --->') && !line.startsWith('Removing intermediate');
  }
}
