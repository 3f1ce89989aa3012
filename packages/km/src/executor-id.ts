import type { CommandInfo } from '@kmd/mesos-client';

/** CRC-64 with ECMA-182's polynomial, reflected, all ones in and out: what Go's hash/crc64 computes for its ECMA table. */
const POLYNOMIAL = 0xc96c5795d7870f42n;
const ALL_ONES = 0xffff_ffff_ffff_ffffn;

/** CRC-64/XZ of a text's UTF-8 bytes. */
export function crc64(text: string): bigint {
  let crc = ALL_ONES;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ POLYNOMIAL : crc >> 1n;
  }
  return crc ^ ALL_ONES;
}

const SUFFIX = '_k8sm-executor';

/** Whether an executor id was made by this framework, in this or another version. */
export const isExecutorId = (id: string): boolean => id.endsWith(SUFFIX);

/**
 * The id of the executor that a command makes: equal commands give equal ids, and any change gives another, so that an agent never
 * runs tasks of one version on the executor of another (spec B11: arguments, environment and URIs count in sorted order).
 */
export function nameExecutor(name: string, source: string, command: CommandInfo): string {
  const parts = [
    name,
    source,
    command.value ?? '',
    command.user ?? '',
    String(command.shell ?? true),
    ...[...(command.arguments ?? [])].sort(),
    ...(command.environment?.variables ?? []).map((variable) => `${variable.name}=${variable.value ?? ''}`).sort(),
    ...(command.uris ?? []).map((uri) => uri.value).sort(),
  ];
  // A separator that no part contains keeps ["ab", "c"] and ["a", "bc"] apart.
  return crc64(parts.join('\0')).toString(16).padStart(16, '0') + SUFFIX;
}
