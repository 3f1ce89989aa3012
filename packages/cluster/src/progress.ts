/** What `createCluster` tells while it works: one `start` and one `end` for each step, whatever happens, and notes in between. */
export type ProgressEvent =
  | { type: 'step'; phase: 'start'; step: string; title: string }
  | { type: 'step'; phase: 'wait'; step: string; title: string; waitingFor: string }
  | {
      type: 'step';
      phase: 'end';
      step: string;
      title: string;
      result: 'done' | 'skipped' | 'failed';
      /** Wall-clock milliseconds since the step's start. */
      milliseconds: number;
      detail?: string;
    }
  | { type: 'note'; level: 'info' | 'warning'; message: string };

export type ProgressListener = (event: ProgressEvent) => void;

/** Runs steps that always close: a step ends as done or failed, never stays open. */
export class StepRecorder {
  readonly #listener: ProgressListener;
  readonly #now: () => number;
  readonly #open = new Map<string, string>();

  constructor(listener: ProgressListener | undefined, now: () => number = () => performance.now()) {
    this.#listener = listener ?? (() => undefined);
    this.#now = now;
  }

  /** The steps under way, each with what it waits for: `Deploy addon dns (waiting for pod x: …)`. */
  get open(): string[] {
    return [...this.#open.values()];
  }

  note(message: string, level: 'info' | 'warning' = 'info'): void {
    this.#listener({ type: 'note', level, message });
  }

  /** Runs `work` as a step. Its result may carry a `detail` to show beside the tick. */
  async run<T>(
    step: string,
    title: string,
    work: (report: { waitingFor(what: string): void; detail(text: string): void }) => Promise<T>,
  ): Promise<T> {
    const begun = this.#now();
    let detail: string | undefined;
    let waiting = '';
    const end = (result: 'done' | 'failed') => {
      this.#open.delete(step);
      this.#listener({
        type: 'step',
        phase: 'end',
        step,
        title,
        result,
        milliseconds: Math.round(this.#now() - begun),
        ...(detail === undefined ? {} : { detail }),
      });
    };
    this.#open.set(step, title);
    this.#listener({ type: 'step', phase: 'start', step, title });
    try {
      const result = await work({
        waitingFor: (what) => {
          if (what === waiting) return;
          waiting = what;
          this.#open.set(step, `${title} (waiting for ${what})`);
          this.#listener({ type: 'step', phase: 'wait', step, title, waitingFor: what });
        },
        detail: (text) => {
          detail = text;
        },
      });
      end('done');
      return result;
    } catch (error) {
      end('failed');
      throw error;
    }
  }
}
