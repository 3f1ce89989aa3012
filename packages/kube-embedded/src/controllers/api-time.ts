/** The API's `Time`: RFC 3339 in UTC with whole seconds. */
export const toApiTime = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** Milliseconds since the epoch of an API `Time` or `MicroTime`; absent or unreadable is `undefined`. */
export function fromApiTime(time: string | undefined): number | undefined {
  const parsed = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(parsed) ? undefined : parsed;
}
