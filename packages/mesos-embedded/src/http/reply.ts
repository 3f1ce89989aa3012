import { STATUS_CODES, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

import type { Codec } from '@kmd/mesos-client';

import { EventStream } from './event-stream.js';
import { printJson } from './json.js';
import type { Messages } from './negotiation.js';

/** Bodies below this many bytes are not worth compressing. */
const compressFrom = 512;

/** Where among its headers an answer has its date: `late` is before how it is encoded. */
export type DatePlace = 'first' | 'late' | 'last';

/** The answer to one request, with the header names and their order as Mesos writes them (traces, INDEX.md "Wire facts"). */
export class Reply {
  readonly #response: ServerResponse;
  readonly #method: string;
  readonly #gzip: boolean;
  #encoding: { readonly codec: Codec; readonly messages: Messages } | undefined;

  constructor(response: ServerResponse, method: string, acceptEncoding: string | string[] | undefined) {
    this.#response = response;
    this.#method = method;
    this.#gzip = String(acceptEncoding ?? '').includes('gzip');
  }

  /** `200 OK` of a container's I/O switchboard, whose date stands behind its other headers (trace 40-operator-agent/46). */
  emptyOfContainer(): void {
    this.#head(200, [['Content-Length', '0']], 'last');
    this.#response.end();
  }

  /** A status without a body: `202 Accepted`, `200 OK`. */
  empty(status: number, headers: readonly [name: string, value: string][] = []): void {
    this.#send(status, [...headers, ['Content-Length', '0']]);
  }

  /** An error with its text, which ends without a newline. */
  text(status: number, body: string, headers: readonly [name: string, value: string][] = []): void {
    const bytes = Buffer.from(body);
    this.#send(
      status,
      [...headers, ['Content-Type', 'text/plain; charset=utf-8'], ['Content-Length', String(bytes.length)]],
      bytes,
    );
  }

  /** 405, naming the methods that are answered. */
  methodNotAllowed(allowed: readonly string[]): void {
    const names = allowed.map((name) => `'${name}'`).join(', ');
    const body = `405 Method Not Allowed. Expecting one of { ${names} }, but received '${this.#method}'.`;
    this.text(405, body, [['Allow', allowed.join(', ')]]);
  }

  /** Answers and events go out in protobuf from now on. */
  encodeWith(codec: Codec, messages: Messages): void {
    this.#encoding = { codec, messages };
  }

  /** An answer of `/api/v1`. */
  json(value: object): void {
    if (this.#encoding === undefined) {
      this.#document(printJson(value), 'application/json', ['type', 'length']);
      return;
    }
    const { codec, messages } = this.#encoding;
    this.#document(codec.encode(messages.response, value), codec.mediaType, ['type', 'length']);
  }

  /** An answer of the GET endpoints, wrapped in a call of `callback` where one was asked for (`?jsonp=`). */
  legacyJson(value: unknown, callback: string | null): void {
    const text = printJson(value);
    if (callback === null) this.#document(text, 'application/json', ['length', 'type']);
    else this.#document(`${callback}(${text});`, 'text/javascript', ['length', 'type']);
  }

  /** A page for eyes. */
  page(html: string, order: readonly ('type' | 'length')[]): void {
    this.#document(html, 'text/html', order);
  }

  /** A RecordIO stream that stays open: `200 OK`, chunked. */
  stream(headers: readonly [name: string, value: string][] = []): EventStream {
    const type = this.#encoding?.codec.mediaType ?? 'application/json';
    return this.streamWith([['Transfer-Encoding', 'chunked'], ...headers, ['Content-Type', type]]);
  }

  /** A stream whose headers are given whole; those of containers have their date elsewhere (trace 40-operator-agent/41-45). */
  streamWith(headers: readonly [name: string, value: string][], date: DatePlace = 'first'): EventStream {
    this.#head(200, headers, date);
    this.#response.flushHeaders();
    const encoding = this.#encoding;
    if (encoding === undefined) return new EventStream(this.#response);
    return new EventStream(this.#response, (event) => encoding.codec.encode(encoding.messages.event, event));
  }

  #document(text: string | Uint8Array, type: string, order: readonly ('type' | 'length')[]): void {
    let bytes: Buffer = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text);
    const headers: [string, string][] = [];
    if (this.#gzip && bytes.length >= compressFrom) {
      bytes = gzipSync(bytes, { level: 1 });
      headers.push(['Content-Encoding', 'gzip']);
    }
    for (const header of order) {
      headers.push(header === 'type' ? ['Content-Type', type] : ['Content-Length', String(bytes.length)]);
    }
    this.#send(200, headers, bytes);
  }

  #send(status: number, headers: readonly [name: string, value: string][], body?: Buffer): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    this.#head(status, headers);
    this.#response.end(body);
  }

  /** Content-Encoding stands before the date, everything else behind it (trace 21-errors-operator/20). */
  #head(status: number, headers: readonly [name: string, value: string][], date: DatePlace = 'first'): void {
    const response = this.#response;
    response.sendDate = false;
    response.removeHeader('Connection');
    const first = headers.filter(([name]) => name === 'Content-Encoding');
    const rest = headers.filter(([name]) => name !== 'Content-Encoding');
    const late = rest.findIndex(([name]) => name === 'Transfer-Encoding');
    const at = date === 'first' ? 0 : date === 'last' || late < 0 ? rest.length : late;
    const all = [...first, ...rest.slice(0, at), ['Date', new Date().toUTCString()] as const, ...rest.slice(at)];
    response.writeHead(
      status,
      STATUS_CODES[status],
      all.flatMap(([name, value]) => [name, value]),
    );
  }

  /** Bytes of a file: `application/octet-stream`, or as their name says. */
  bytes(body: Buffer, headers: readonly [name: string, value: string][]): void {
    this.#send(200, [['Content-Length', String(body.length)], ...headers], body);
  }
}
