/** The lines of a streamed answer, in pieces of at most `longest` characters or so. Ends when the stream does; throws what breaks it. */
export async function* linesOf(body: ReadableStream<Uint8Array>, longest = Infinity): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces;
    if (rest.length < longest) continue;
    yield rest;
    rest = '';
  }
  if (rest !== '') yield rest;
}
