import type { Readable } from 'node:stream';

/** One piece of a container's output. */
export interface OutputChunk {
  readonly from: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/**
 * Takes the engine's framing apart: eight bytes before each piece, of which the first tells the output (1 or 2) and the last four the length.
 * A container with a terminal has one output and no frames.
 */
export async function* readFrames(stream: Readable, tty: boolean): AsyncGenerator<OutputChunk> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes: Buffer = chunk;
    if (tty) {
      yield { from: 'stdout', bytes };
      continue;
    }
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let at = 0;
    while (rest.length - at >= 8) {
      const length = rest.readUInt32BE(at + 4);
      if (rest.length - at - 8 < length) break;
      yield { from: rest[at] === 2 ? 'stderr' : 'stdout', bytes: rest.subarray(at + 8, at + 8 + length) };
      at += 8 + length;
    }
    rest = rest.subarray(at);
  }
}

/** A whole line of output, without its end. */
export interface OutputLine {
  readonly from: OutputChunk['from'];
  readonly text: string;
}

/** Puts pieces together to lines, each output for itself; a last line without an end counts. */
export async function* readLines(chunks: AsyncIterable<OutputChunk>): AsyncGenerator<OutputLine> {
  const open = { stdout: { decoder: new TextDecoder(), rest: '' }, stderr: { decoder: new TextDecoder(), rest: '' } };
  for await (const { from, bytes } of chunks) {
    const state = open[from];
    const lines = (state.rest + state.decoder.decode(bytes, { stream: true })).split('\n');
    state.rest = lines.pop() ?? '';
    for (const line of lines) yield { from, text: line.replace(/\r$/, '') };
  }
  for (const from of ['stdout', 'stderr'] as const) if (open[from].rest !== '') yield { from, text: open[from].rest };
}
