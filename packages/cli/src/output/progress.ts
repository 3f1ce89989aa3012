import type { ProgressEvent, ProgressListener } from '@kmd/cluster';
import type { Streams } from '../streams.js';
import { formatDuration, painter } from './text.js';

export type ProgressMode = 'live' | 'plain' | 'json' | 'quiet';

/** How a command shows what it does: as its flags say, else as the terminal allows. */
export function modeOf(
  flags: { json?: boolean | undefined; quiet?: boolean | undefined; verbose?: boolean | undefined },
  { stdout }: Streams,
): ProgressMode {
  if (flags.json) return 'json';
  if (flags.quiet) return 'quiet';
  return stdout.isTTY && !flags.verbose ? 'live' : 'plain';
}

/** Shows what `up` and `down` do. `close` leaves the terminal as it found it. */
export interface ProgressView {
  listener: ProgressListener;
  close(): void;
}

export function showProgress(mode: ProgressMode, streams: Streams): ProgressView {
  switch (mode) {
    case 'live':
      return new LiveProgress(streams);
    case 'plain':
      return plainProgress(streams);
    case 'json':
      return { listener: (event) => streams.stdout.write(`${JSON.stringify(event)}\n`), close: () => undefined };
    case 'quiet':
      return { listener: () => undefined, close: () => undefined };
  }
}

/** A wait shorter than this is not worth a line, in milliseconds. */
const LONG_WAIT = 2000;

function plainProgress(streams: Streams): ProgressView {
  const paint = painter(streams.stdout, streams.environment);
  const waits = new Map<string, NodeJS.Timeout>();
  const forget = (step: string) => {
    clearTimeout(waits.get(step));
    waits.delete(step);
  };
  return {
    listener: (event) => {
      if (event.type === 'note') streams.stdout.write(`${endLine(event, paint)}\n`);
      else {
        forget(event.step);
        if (event.phase === 'end') streams.stdout.write(`${endLine(event, paint)}\n`);
        if (event.phase === 'wait') {
          const line = ` … ${event.title}: waiting for ${event.waitingFor}\n`;
          waits.set(
            event.step,
            setTimeout(() => streams.stdout.write(line), LONG_WAIT),
          );
        }
      }
    },
    close: () => {
      for (const step of [...waits.keys()]) forget(step);
    },
  };
}

type Paint = ReturnType<typeof painter>;

function endLine(event: Extract<ProgressEvent, { type: 'note' } | { phase: 'end' }>, paint: Paint): string {
  if (event.type === 'note')
    return event.level === 'warning'
      ? `${paint('yellow', ' !')} ${event.message}`
      : ` ${paint('dim', '·')} ${event.message}`;
  const mark = { done: paint('green', '✓'), failed: paint('red', '✗'), skipped: paint('dim', '-') }[event.result];
  const detail = event.detail === undefined ? '' : paint('dim', `  ${event.detail}`);
  return ` ${mark} ${event.title} ${paint('dim', `(${formatDuration(event.milliseconds)})`)}${detail}`;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Ended steps scroll up; the ones under way stay below with a spinner, redrawn in place. */
class LiveProgress implements ProgressView {
  readonly #streams: Streams;
  readonly #paint: Paint;
  readonly #open = new Map<string, { title: string; waitingFor?: string; since: number }>();
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;
  #frame = 0;

  constructor(streams: Streams) {
    this.#streams = streams;
    this.#paint = painter(streams.stdout, streams.environment);
    streams.stdout.write('\u001B[?25l');
    this.#timer = setInterval(() => {
      this.#frame++;
      this.#draw('');
    }, 80);
    this.#timer.unref();
  }

  readonly listener: ProgressListener = (event) => {
    if (event.type === 'note') {
      this.#draw(`${endLine(event, this.#paint)}\n`);
      return;
    }
    switch (event.phase) {
      case 'start':
        this.#open.set(event.step, { title: event.title, since: Date.now() });
        this.#draw('');
        break;
      case 'wait': {
        const step = this.#open.get(event.step);
        if (step) step.waitingFor = event.waitingFor;
        this.#draw('');
        break;
      }
      case 'end':
        this.#open.delete(event.step);
        this.#draw(`${endLine(event, this.#paint)}\n`);
        break;
    }
  };

  close(): void {
    clearInterval(this.#timer);
    this.#open.clear();
    this.#draw('');
    this.#streams.stdout.write('\u001B[?25h');
  }

  /** Clears the open steps, prints `above`, and draws the open steps again. */
  #draw(above: string): void {
    const width = (this.#streams.stdout.columns ?? 80) - 1;
    const spinner = FRAMES[this.#frame % FRAMES.length] ?? '';
    const lines = [...this.#open.values()].map(({ title, waitingFor, since }) => {
      const elapsed = Date.now() - since;
      const time = elapsed >= 1000 ? ` (${formatDuration(elapsed)})` : '';
      const text = `${title}${time}${waitingFor === undefined ? '' : `: waiting for ${waitingFor}`}`;
      return ` ${this.#paint('cyan', spinner)} ${text.length > width - 3 ? `${text.slice(0, width - 4)}…` : text}\n`;
    });
    const up = this.#drawn > 0 ? `\u001B[${this.#drawn}A\r` : '';
    this.#streams.stdout.write(`${up}\u001B[J${above}${lines.join('')}`);
    this.#drawn = lines.length;
  }
}
