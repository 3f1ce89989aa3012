import { describe, expect, it } from 'vitest';
import { type ProgressEvent, StepRecorder } from './progress.js';

describe('StepRecorder', () => {
  const record = async (work: (steps: StepRecorder) => Promise<unknown>) => {
    const events: ProgressEvent[] = [];
    let now = 0;
    const steps = new StepRecorder(
      (event) => events.push(event),
      () => (now += 5),
    );
    const outcome = await work(steps).catch((error: unknown) => error);
    return { events, outcome };
  };

  it('ends a step with its detail and duration', async () => {
    const { events, outcome } = await record((steps) =>
      steps.run('a', 'Do it', async ({ waitingFor, detail }) => {
        waitingFor('b');
        waitingFor('b');
        detail('done twice');
        return 7;
      }),
    );
    expect(outcome).toBe(7);
    expect(events).toEqual([
      { type: 'step', phase: 'start', step: 'a', title: 'Do it' },
      { type: 'step', phase: 'wait', step: 'a', title: 'Do it', waitingFor: 'b' },
      { type: 'step', phase: 'end', step: 'a', title: 'Do it', result: 'done', milliseconds: 5, detail: 'done twice' },
    ]);
  });

  it('knows what is under way', async () => {
    const open: string[][] = [];
    await record((steps) =>
      steps.run('a', 'Do it', async ({ waitingFor }) => {
        open.push(steps.open);
        waitingFor('b');
        open.push(steps.open);
        queueMicrotask(() => queueMicrotask(() => open.push(steps.open)));
      }),
    );
    expect(open).toEqual([['Do it'], ['Do it (waiting for b)'], []]);
  });

  it('ends a step that throws', async () => {
    const { events, outcome } = await record((steps) => steps.run('a', 'Do it', () => Promise.reject(new Error('no'))));
    expect(outcome).toEqual(new Error('no'));
    expect(events.at(-1)).toMatchObject({ phase: 'end', result: 'failed' });
  });
});
