import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readFrames, readLines } from './frames.js';

const frame = (from: number, text: string | Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head[0] = from;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
};

async function lines(chunks: Buffer[], tty = false): Promise<string[]> {
  const found: string[] = [];
  for await (const { from, text } of readLines(readFrames(Readable.from(chunks, { objectMode: false }), tty))) {
    found.push(`${from} ${text}`);
  }
  return found;
}

describe('the output of a container', () => {
  const euro = Buffer.from('€\n');
  const whole = Buffer.concat([
    frame(1, 'one\ntw'),
    frame(2, 'bad\r\n'),
    frame(1, 'o\n'),
    frame(1, euro.subarray(0, 1)),
    frame(1, euro.subarray(1)),
    frame(2, 'end'),
  ]);
  const expected = ['stdout one', 'stderr bad', 'stdout two', 'stdout €', 'stderr end'];

  it('is taken out of its frames, each output for itself', async () => {
    expect(await lines([whole])).toEqual(expected);
  });

  it('is the same however the stream is cut', async () => {
    for (const size of [1, 3, 7, 11]) {
      const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.subarray(index * size, (index + 1) * size),
      );
      expect(await lines(chunks)).toEqual(expected);
    }
  });

  it('has no frames on a terminal', async () => {
    expect(await lines([Buffer.from('one\r\ntwo')], true)).toEqual(['stdout one', 'stdout two']);
  });
});
