import type { Event } from '@kmd/kube-client';
import { instant } from './format.js';

/** When an event happened last. */
export const lastOf = ({ lastTimestamp, eventTime, metadata }: Event): number | undefined =>
  instant(lastTimestamp) ?? instant(eventTime) ?? instant(metadata.creationTimestamp);

/** A moment, in milliseconds since 1970; Kubernetes tells most of them to the second only. */
export interface Moment {
  time: number;
  exact: boolean;
}

export const exactly = (time: number | undefined): Moment | undefined =>
  time === undefined ? undefined : { time, exact: true };
export const roughly = (text: string | undefined | null): Moment | undefined => {
  const time = instant(text);
  return time === undefined ? undefined : { time, exact: false };
};

/**
 * When an event happened first. Its timestamps are told to the second, but who records events as client-go does names them
 * `OBJECT.HEX`, the nanoseconds since 1970 in hexadecimal digits; those are taken where they agree with the timestamp.
 */
export function firstOf({ firstTimestamp, eventTime, metadata }: Event): Moment | undefined {
  const told = roughly(firstTimestamp) ?? exactly(instant(eventTime)) ?? roughly(metadata.creationTimestamp);
  const digits = /\.([0-9a-f]{15,16})$/.exec(metadata.name ?? '')?.[1];
  if (told === undefined || told.exact || digits === undefined) return told;
  const time = Number(BigInt(`0x${digits}`) / 1_000_000n);
  return time >= told.time && time < told.time + 1000 ? { time, exact: true } : told;
}
