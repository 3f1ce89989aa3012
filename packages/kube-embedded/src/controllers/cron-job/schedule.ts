/** A moment in the calendar of a time zone. */
interface Moment {
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
}

/** When a cron job runs: a time of its schedule after a given one, both in milliseconds since the epoch; undefined when there is none within five years. */
export interface Schedule {
  next(after: number, timeZone?: string): number | undefined;
}

const minute = 60_000;
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The values that one field allows; undefined when its text is no field. */
function parseField(
  text: string,
  low: number,
  high: number,
  names: readonly string[],
  offset: number,
): Set<number> | undefined {
  const values = new Set<number>();
  const number = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    return named >= 0 ? named + offset : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  for (const part of text.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [from = '', to] = range.split('-');
    const all = range === '*' || range === '?';
    const first = all ? low : number(from);
    const last = all ? high : to === undefined ? (part.includes('/') ? high : first) : number(to);
    const by = /^\d+$/.test(step) ? Number(step) : 0;
    if (!(first >= low && last <= high && first <= last && by > 0)) return undefined;
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

/** `1h30m` and the like in milliseconds, as `@every` takes it. */
function parseEvery(text: string): number | undefined {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: minute, s: 1000 };
  if (!/^(\d+[hms])+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0),
    0,
  );
}

/** Reads the calendar at a moment; the zone's formatter is made once, for that is what is slow. */
function calendar(timeZone: string | undefined): (time: number) => Moment {
  if (timeZone === undefined || timeZone === 'UTC' || timeZone === 'Etc/UTC') {
    return (time) => {
      const date = new Date(time);
      return {
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        weekday: date.getUTCDay(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
      };
    };
  }
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
    return {
      month: Number(parts.get('month')),
      day: Number(parts.get('day')),
      weekday: weekdays.indexOf((parts.get('weekday') ?? '').toLowerCase()),
      hour: Number(parts.get('hour')),
      minute: Number(parts.get('minute')),
    };
  };
}

/** Parses a cron job's schedule: five fields, a macro such as `@daily`, or `@every 5m`. Undefined when it is none. */
export function parseSchedule(text: string): Schedule | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('@every ')) {
    const every = parseEvery(trimmed.slice(7).trim());
    if (every === undefined || every < 1000) return undefined;
    return { next: (after) => Math.floor(after / 1000) * 1000 + every };
  }
  const fields = (macros[trimmed] ?? trimmed).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minuteText = '', hourText = '', dayText = '', monthText = '', weekdayText = ''] = fields;
  const minutes = parseField(minuteText, 0, 59, [], 0);
  const hours = parseField(hourText, 0, 23, [], 0);
  const days = parseField(dayText, 1, 31, [], 0);
  const monthsOfYear = parseField(monthText, 1, 12, months, 1);
  const daysOfWeek = parseField(weekdayText, 0, 6, weekdays, 0);
  if (!minutes || !hours || !days || !monthsOfYear || !daysOfWeek) return undefined;
  const anyDay = /^[*?]/.test(dayText);
  const anyWeekday = /^[*?]/.test(weekdayText);
  // Two restricted day fields mean either; one of them free means the other.
  const onDay = ({ day, weekday }: Moment): boolean =>
    anyDay || anyWeekday ? days.has(day) && daysOfWeek.has(weekday) : days.has(day) || daysOfWeek.has(weekday);
  return {
    next(after, timeZone) {
      const read = calendar(timeZone);
      const end = after + 5 * 366 * 24 * 60 * minute;
      let time = Math.floor(after / minute) * minute + minute;
      while (time < end) {
        const moment = read(time);
        if (!monthsOfYear.has(moment.month) || !onDay(moment)) {
          // To the next midnight; where the clock is put forward or back on the way, an hour too far is avoided by stopping short of it.
          const left = (24 - moment.hour) * 60 - moment.minute;
          time += (left > 120 ? left - 60 : left > 60 ? 60 - moment.minute : left) * minute;
        } else if (!hours.has(moment.hour)) time += (60 - moment.minute) * minute;
        else if (!minutes.has(moment.minute)) time += minute;
        else return time;
      }
      return undefined;
    },
  };
}

/** The times of a schedule after `since` up to `now`: the last of them, and whether there were more. Of more than a hundred only that is told. */
export function missedTimes(
  schedule: Schedule,
  since: number,
  now: number,
  timeZone?: string,
): { last: number | undefined; many: boolean } {
  let last: number | undefined;
  let count = 0;
  let from = since;
  for (
    let time = schedule.next(from, timeZone);
    time !== undefined && time <= now;
    time = schedule.next(from, timeZone)
  ) {
    last = time;
    from = time;
    if (++count > 100) {
      // Far behind: begin again shortly before now.
      const step = Math.max(minute, (schedule.next(time, timeZone) ?? time + minute) - time);
      from = Math.max(from, now - step * 2);
    }
    if (count > 1000) break;
  }
  return { last, many: count > 100 };
}
