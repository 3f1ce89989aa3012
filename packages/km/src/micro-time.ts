/** A `MicroTime` of Kubernetes, as leases have them: RFC 3339 with six digits after the second. `milliseconds`: since the epoch. */
export const microTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('Z', '000Z');
