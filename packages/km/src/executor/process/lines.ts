import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut in pieces; characters. */
const LONGEST = 16_384;

/** Calls back for each line of a stream, the last one also without its end. */
export function readLines(stream: Readable, write: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) write(line.endsWith('\r') ? line.slice(0, -1) : line);
    for (; rest.length > LONGEST; rest = rest.slice(LONGEST)) write(rest.slice(0, LONGEST));
  });
  stream.on('end', () => {
    const last = rest + decoder.end();
    if (last !== '') write(last);
  });
}
