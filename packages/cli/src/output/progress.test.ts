import { describe, expect, it, vi } from 'vitest';
import type { ProgressEvent } from '@kmd/cluster';
import { showProgress } from './progress.js';

const events: ProgressEvent[] = [
  { type: 'note', level: 'info', message: 'taking the embedded runtime' },
  { type: 'step', phase: 'start', step: 'a', title: 'Start' },
  { type: 'step', phase: 'wait', step: 'a', title: 'Start', waitingFor: 'etcd' },
  { type: 'step', phase: 'end', step: 'a', title: 'Start', result: 'done', milliseconds: 120, detail: 'etcd' },
  { type: 'step', phase: 'start', step: 'b', title: 'Deploy' },
  { type: 'step', phase: 'end', step: 'b', title: 'Deploy', result: 'failed', milliseconds: 7 },
];

function show(mode: 'live' | 'plain' | 'json' | 'quiet'): string {
  let text = '';
  const output = { write: (part: string) => (text += part), isTTY: mode === 'live', columns: 40 };
  const view = showProgress(mode, {
    stdout: output,
    stderr: output,
    environment: { NO_COLOR: '1' },
    signal: new AbortController().signal,
  });
  for (const event of events) view.listener(event);
  view.close();
  return text;
}

describe('showProgress', () => {
  it('prints a line for each end and note in a pipe', () => {
    expect(show('plain')).toBe(' · taking the embedded runtime\n ✓ Start (120 ms)  etcd\n ✗ Deploy (7 ms)\n');
  });

  it('prints a wait in a pipe once it is long', () => {
    vi.useFakeTimers();
    try {
      let text = '';
      const output = { write: (part: string) => (text += part) };
      const view = showProgress('plain', {
        stdout: output,
        stderr: output,
        environment: {},
        signal: new AbortController().signal,
      });
      for (const event of events.slice(1, 3)) view.listener(event);
      vi.advanceTimersByTime(1999);
      expect(text).toBe('');
      vi.advanceTimersByTime(1);
      expect(text).toBe(' … Start: waiting for etcd\n');
      view.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('prints every event as a JSON line', () => {
    expect(
      show('json')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(events);
  });

  it('prints nothing when quiet', () => {
    expect(show('quiet')).toBe('');
  });

  it('redraws on a terminal, and gives the cursor back', () => {
    const text = show('live');
    expect(text.startsWith('\u001B[?25l')).toBe(true);
    expect(text.endsWith('\u001B[?25h')).toBe(true);
    expect(text).toContain('Start: waiting for etcd');
    expect(text).toContain(' ✓ Start (120 ms)  etcd\n');
  });
});
