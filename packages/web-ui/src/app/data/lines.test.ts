import { expect, it } from 'vitest';
import { linesOf } from './lines.js';

async function read(chunks: readonly (string | Uint8Array)[], longest?: number): Promise<string[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  const lines: string[] = [];
  for await (const line of linesOf(body, longest)) lines.push(line);
  return lines;
}

it('puts lines together that come in pieces', async () => {
  expect(await read(['on', 'e\ntwo\nthr', 'ee\n'])).toEqual(['one', 'two', 'three']);
});

it('gives the last line, which has no end', async () => {
  expect(await read(['one\ntw', 'o'])).toEqual(['one', 'two']);
});

it('puts a character together that comes in two pieces', async () => {
  const bytes = new TextEncoder().encode('ü\n');
  expect(await read([bytes.slice(0, 1), bytes.slice(1)])).toEqual(['ü']);
});

it('does not wait for the end of a line that has none', async () => {
  expect(await read(['aaaa', 'bbbb', 'c\nd'], 6)).toEqual(['aaaabbbb', 'c', 'd']);
});
