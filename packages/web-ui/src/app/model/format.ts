const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const hundredths = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const hands = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
const clock = new Intl.DateTimeFormat(undefined, hands);
const precise = new Intl.DateTimeFormat(undefined, { ...hands, fractionalSecondDigits: 3 });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export const count = (value: number): string => whole.format(value);
/** `1 pod`, `3 pods`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;
export const processors = (value: number): string => hundredths.format(value);
export const cores = (value: number): string => `${processors(value)} CPU`;
/** Of megabytes, as Mesos counts them: 1024 of them are a gigabyte. */
export const megabytes = (value: number): string =>
  value >= 1024 ? `${tenths.format(value / 1024)} GiB` : `${whole.format(value)} MiB`;

/** `12s`, `5m`, `3h`, `2d`: as kubectl prints ages. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h` : `${Math.floor(hours / 24)}d`;
}

/** `120 ms`, `1.4 s`, `3m`: between two moments. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${whole.format(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${tenths.format(milliseconds / 1000)} s`;
  return age(milliseconds);
}

export const timeOf = (milliseconds: number): string => clock.format(milliseconds);
/** To the millisecond: `10:23:01.901`. */
export const preciseTimeOf = (milliseconds: number): string => precise.format(milliseconds);
export const dateOf = (milliseconds: number): string => date.format(milliseconds);

/** Milliseconds since 1970 of one of Kubernetes' times. */
export function instant(text: string | undefined | null): number | undefined {
  const value = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(value) ? undefined : value;
}
