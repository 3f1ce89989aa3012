import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A recorded answer of a real Mesos 1.11, taken apart. */
export interface Recording {
  status: number;
  headers: Record<string, string>;
  /** Without chunk framing. */
  body: Buffer;
  /** The body in the chunks it came in; empty without chunked encoding. */
  chunks: Buffer[];
  /** The server ended the answer while it was recorded. */
  ended: boolean;
}

export function readRecording(name: string): Recording {
  const raw = readFileSync(fileURLToPath(new URL(`../testdata/${name}`, import.meta.url)));
  const split = raw.indexOf('\r\n\r\n');
  const [first = '', ...lines] = raw.subarray(0, split).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const rest = raw.subarray(split + 4);
  const status = Number(first.split(' ')[1]);
  if (headers['Transfer-Encoding'] !== 'chunked') return { status, headers, body: rest, chunks: [], ended: true };
  const { chunks, ended } = splitChunks(rest);
  return { status, headers, body: Buffer.concat(chunks), chunks, ended };
}

/** Headers and body of a recorded request. */
export function readRequest(name: string): { headers: string[]; body: unknown } {
  const text = readFileSync(fileURLToPath(new URL(`../testdata/${name}`, import.meta.url)), 'utf8');
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { headers: head.split('\r\n').slice(1), body: JSON.parse(body) };
}

export function readLines(name: string): string[] {
  return readFileSync(fileURLToPath(new URL(`../testdata/${name}`, import.meta.url)), 'utf8')
    .trim()
    .split('\n');
}

function splitChunks(bytes: Buffer): { chunks: Buffer[]; ended: boolean } {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const line = bytes.indexOf('\r\n', at);
    const size = parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (size === 0) return { chunks, ended: true };
    chunks.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return { chunks, ended: false };
}
