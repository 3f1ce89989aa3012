/**
 * One record in RecordIO framing: its length in bytes as decimal digits, a line feed, the bytes.
 *
 * ```ts
 * encodeRecord('{"type":"HEARTBEAT"}'); // the bytes of '20\n{"type":"HEARTBEAT"}'
 * ```
 */
export function encodeRecord(record: Uint8Array | string): Uint8Array {
  const bytes = typeof record === 'string' ? Buffer.from(record, 'utf8') : record;
  return Buffer.concat([Buffer.from(`${bytes.length}\n`, 'latin1'), bytes]);
}
