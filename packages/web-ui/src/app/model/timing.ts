import { duration } from './format.js';
import type { Step } from './way.js';

/** How long a step took, in words and as a part of the whole. */
export interface Timing {
  /** `+120 ms`, since the step before of which the time is known; `about +3 s` where one of the two is told to the second; may be empty. */
  gap: string;
  /** Where the step lies in the whole time, in percent. */
  stretch: { from: number; to: number } | undefined;
}

/**
 * The times between steps, and where they lie between the first exact moment and the last one, or now for a pod that waits. An offer may have
 * been in hand long before the pod came: then it is no part of the pod's time.
 */
export function timingsOf(steps: readonly Step[], now: number): Timing[] {
  const waiting = steps.find(({ title, state }) => title === 'Waiting' && state === 'now')?.moment;
  const own = steps.flatMap(({ title, moment }) => (moment?.exact && title !== 'Offer' ? [moment.time] : []));
  const begin = Math.min(...own);
  const end = waiting ? now : Math.max(...own);
  const stretch = (from: number, to: number): Timing['stretch'] => {
    const place = (time: number): number => Math.min(100, Math.max(0, (100 * (time - begin)) / (end - begin)));
    return end > begin ? { from: place(from), to: place(to) } : undefined;
  };
  let before: Step['moment'];
  return steps.map(({ title, moment }): Timing => {
    const last = before;
    if (moment && (title !== 'Offer' || !last || moment.time >= last.time)) before = moment;
    if (!moment) return { gap: '', stretch: undefined };
    if (moment === waiting) return { gap: `for ${duration(now - moment.time)}`, stretch: stretch(moment.time, now) };
    if (!last) return { gap: '', stretch: undefined };
    const gap = moment.time - last.time;
    if (title === 'Offer' && gap < 0) return { gap: `${duration(-gap)} before`, stretch: undefined };
    if (!moment.exact || !last.exact)
      return { gap: gap < 1000 ? '' : `about +${duration(Math.round(gap / 1000) * 1000)}`, stretch: undefined };
    return { gap: `+${duration(Math.max(0, gap))}`, stretch: stretch(last.time, moment.time) };
  });
}

/** `Running 790 ms after the scheduler saw it: 4 ms until …`; undefined for a pod that never ran, or of which the times are not known. */
export function summaryOf(steps: readonly Step[]): string | undefined {
  const at = (title: string): number | undefined => {
    const moment = steps.find((step) => step.title === title)?.moment;
    return moment?.exact ? moment.time : undefined;
  };
  const [queued, launched, received, ran] = ['Waiting', 'Task', 'Executor', 'Running'].map(at);
  if (queued === undefined || launched === undefined || received === undefined || ran === undefined) return undefined;
  const parts = [
    `${duration(launched - queued)} until an offer was accepted`,
    `${duration(Math.max(0, received - launched))} until the executor had the task`,
    `${duration(Math.max(0, ran - received))} until the containers ran`,
  ];
  return `Running ${duration(ran - queued)} after the scheduler saw it: ${parts.join(', ')}.`;
}
