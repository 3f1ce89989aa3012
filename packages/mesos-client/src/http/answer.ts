import { boundDelay } from '../delay.js';
import { MesosError } from '../errors.js';
import { MesosHttpError, ProtocolError, UnreachableError } from './errors.js';
import type { TransportResponse } from './transport.js';

/** An answer whose head has come, and how far it is trusted. */
export interface Exchange {
  /** Where the answer came from. */
  readonly url: URL;
  readonly response: TransportResponse;
  /** Milliseconds that its body may be silent; 0 for ever. */
  readonly patience: number;
  /** Bytes that its body, or one record of it, may have. */
  readonly maxBytes: number;
}

/** Bytes of a refusal that are read: Mesos writes one line. */
const MAX_REFUSAL = 64 * 1024;

/** The whole body. Throws `UnreachableError` where it breaks off or falls silent, `ProtocolError` where it does not end. */
export async function readBytes(exchange: Exchange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of readChunks(exchange)) {
    bytes += chunk.length;
    if (bytes > exchange.maxBytes) {
      exchange.response.abort();
      throw new ProtocolError(exchange.url, `an answer of more than ${exchange.maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a body that nobody needs, so that its connection can be used again. The head has said everything: a broken body is no error. */
export async function discard(exchange: Exchange): Promise<void> {
  await readStart(exchange);
}

/** What a server says where it refuses: as much as arrives of it, and not more than a page. */
export async function readReason(exchange: Exchange): Promise<string> {
  return (await readStart(exchange)).toString('utf8');
}

/** The error that an answer other than 200 and 202 stands for. */
export async function refusal(exchange: Exchange, what: string): Promise<MesosHttpError> {
  return new MesosHttpError(exchange.response.status, await readReason(exchange), what, exchange.url);
}

async function readStart(exchange: Exchange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of readChunks(exchange)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < MAX_REFUSAL) continue;
      exchange.response.abort();
      break;
    }
  } catch (error) {
    if (!(error instanceof MesosError)) throw error;
  }
  return Buffer.concat(chunks).subarray(0, MAX_REFUSAL);
}

/** The body as it arrives; cut when it is silent for too long. */
async function* readChunks({ url, response, patience }: Exchange): AsyncGenerator<Uint8Array> {
  let silent: UnreachableError | undefined;
  const giveUp = () => {
    silent = new UnreachableError(url, `the answer stopped for ${patience / 1000} s`);
    response.abort();
  };
  const timer = patience > 0 ? setTimeout(giveUp, boundDelay(patience)) : undefined;
  try {
    for await (const chunk of response.body) {
      yield chunk;
      timer?.refresh();
    }
  } catch (error) {
    throw silent ?? error;
  } finally {
    clearTimeout(timer);
  }
  if (silent) throw silent;
}
