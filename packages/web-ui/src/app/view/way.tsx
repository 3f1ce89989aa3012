import { later, timeOf } from '../model/format.js';
import type { Step } from '../model/way.js';

const said = { done: 'done', now: 'under way', ahead: 'still to come', bad: 'failed' } as const;

/** Between times of which one is told to the second. */
const roughly = (milliseconds: number): string =>
  milliseconds < 1000 ? 'within a second' : `about ${later(Math.round(milliseconds / 1000) * 1000)}`;

/** Steps as a line from top to bottom, with the time each took. */
export function WayView({ steps }: { steps: readonly Step[] }) {
  let before: Step | undefined;
  return (
    <ol class="way">
      {steps.map((step) => {
        const gap =
          step.time === undefined || before?.time === undefined || step.state === 'ahead'
            ? ''
            : step.coarse || before.coarse
              ? roughly(step.time - before.time)
              : later(Math.max(0, step.time - before.time));
        if (step.time !== undefined) before = step;
        return (
          <li key={step.title} class={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
            <span class="step-title">{step.title}</span>
            <span class="step-time">
              {step.time === undefined ? '' : timeOf(step.time)} <span class="quiet">{gap}</span>
            </span>
            <span class="step-by">
              {step.by} <span class="hidden">({said[step.state]})</span>
              {step.notes.map((note) => (
                <span key={note} class="note">
                  {note}
                </span>
              ))}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
