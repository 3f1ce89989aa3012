import { Link } from 'wouter-preact';
import { preciseTimeOf, timeOf } from '../model/format.js';
import { summaryOf, timingsOf } from '../model/timing.js';
import type { Step } from '../model/way.js';

const said = { done: 'done', now: 'under way', ahead: 'still to come', bad: 'failed' } as const;

/** Steps as a line from top to bottom, with the time that each took, in words and as a part of the whole. */
export function WayView({ steps, now }: { steps: readonly Step[]; now: number }) {
  const timings = timingsOf(steps, now);
  const summary = summaryOf(steps);
  return (
    <>
      {summary !== undefined && <p>{summary}</p>}
      <ol class="way">
        {steps.map(({ title, moment, state, actor, what, notes }, index) => {
          const { gap, stretch } = timings[index] ?? {};
          return (
            <li key={title} class={state} aria-current={state === 'now' ? 'step' : undefined}>
              <span class="step-title">{title}</span>
              <span class="step-time">
                {moment && (moment.exact ? preciseTimeOf(moment.time) : timeOf(moment.time))}
                <span class="quiet"> {gap}</span>
              </span>
              <span class="track" aria-hidden="true">
                {stretch && <span style={{ marginLeft: `${stretch.from}%`, width: `${stretch.to - stretch.from}%` }} />}
              </span>
              <span class="step-what">
                <strong>{actor}</strong> {what} <span class="hidden">({said[state]})</span>
                {notes.map(({ text, link }) => (
                  <span key={text} class="note">
                    {text} {link && <Link href={link.href}>{link.text}</Link>}
                  </span>
                ))}
              </span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
