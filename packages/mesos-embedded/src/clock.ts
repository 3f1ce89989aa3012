/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Time as this package sees it. Tests put their own in its place. */
export interface Clock {
  /** Milliseconds since the epoch, with fractions. */
  now(): number;
  /** Calls back once, `milliseconds` from now. Does not keep the process alive. */
  after(milliseconds: number, callback: () => void): Timer;
}

/** The longest delay that a Node timer holds. */
const longest = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(milliseconds, 0), longest));
    timer.unref();
    return {
      cancel: () => {
        clearTimeout(timer);
      },
    };
  },
};

/** Calls back every `milliseconds`, until cancelled. */
export function every(clock: Clock, milliseconds: number, callback: () => void): Timer {
  let timer: Timer;
  const arm = (): void => {
    timer = clock.after(milliseconds, () => {
      arm();
      callback();
    });
  };
  arm();
  return {
    cancel: () => {
      timer.cancel();
    },
  };
}

/** Seconds since the epoch, as Mesos stamps its messages. */
export function seconds(clock: Clock): number {
  return Math.round(clock.now() * 1000) / 1e6;
}
