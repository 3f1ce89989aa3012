import { now } from '../data/clock.js';
import { age, dateOf } from '../model/format.js';

/** How long ago; nothing where that is not known. */
export function Age({ time }: { time: number | undefined }) {
  return <>{time === undefined ? '' : age(now.value - time)}</>;
}

/** When, and how long ago. */
export function When({ time }: { time: number }) {
  return (
    <>
      {dateOf(time)} (<Age time={time} /> ago)
    </>
  );
}
