import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { archiveContext } from '../context/archive.js';
import type { BuildContext } from '../context/context.js';
import type { ContextEntry } from '../context/entry.js';
import type { EngineConnection } from '../engine/connection.js';
import type { BuildOptions } from './build.js';

/** How a context gets to the engine. */
export interface Delivery {
  /** What `/build` is told about it. */
  readonly query: Readonly<Record<string, string | number>>;
  readonly body?: Readable;
  /** What kept the context from being read, which the engine's own words do not tell. */
  failure(): unknown;
  close(): void;
}

/** Counts what has been sent, for a person. */
function countEntries({ onProgress }: BuildOptions): { add(entry: ContextEntry): void; end(): void } {
  let entries = 0;
  let bytes = 0;
  const tell = (): void => onProgress?.({ type: 'context', entries, bytes });
  return {
    add({ size }) {
      entries += 1;
      bytes += size;
      // Often enough for a person, and no more than that for many small files.
      if (entries % 500 === 0 || size > 1_000_000) tell();
    },
    end: tell,
  };
}

/** The classic builder takes an archive as the body of its call. */
export function deliverArchive(context: BuildContext, options: BuildOptions): Delivery {
  const count = countEntries(options);
  let failure: unknown;
  const body = archiveContext(context, { onEntry: (entry) => count.add(entry) });
  body.on('error', (error) => (failure = error));
  body.on('end', () => count.end());
  return {
    query: { version: 1, dockerfile: context.dockerfile },
    body,
    failure: () => failure,
    close: () => void body.destroy(),
  };
}

/** BuildKit asks for what it needs, over a session. @throws EngineError */
export async function deliverBySession(
  engine: EngineConnection,
  context: BuildContext,
  options: BuildOptions,
): Promise<Delivery> {
  const { secrets, ssh, signal } = options;
  const count = countEntries(options);
  let failure: unknown;
  const dockerfile: ContextEntry = {
    path: 'Dockerfile',
    kind: 'file',
    mode: 0o644,
    size: Buffer.byteLength(context.dockerfileText),
    // Another at each build: by time and size the engine tells whether it has a file already.
    mtime: Date.now(),
    source: context.dockerfile,
    content: Buffer.from(context.dockerfileText),
  };
  // Loaded for the builds that need it: HTTP/2 takes a while to load.
  const { openSession } = await import('../buildkit/session.js');
  const session = await openSession(engine, {
    folders: {
      context: {
        folder: context.folder,
        async *entries(selects) {
          // A Dockerfile from outside comes by itself, and is no part of the folder.
          for await (const entry of context.entries(selects)) if (entry.content === undefined) yield entry;
        },
      },
      dockerfile: {
        folder: context.folder,
        async *entries() {
          yield dockerfile;
        },
      },
      onSent: (entry) => count.add(entry),
      onFailure: (error) => (failure ??= error),
    },
    sharedKey: createHash('sha256').update(context.folder).digest('hex'),
    ...(secrets !== undefined && { secrets }),
    ...(ssh !== undefined && { ssh }),
    signal,
  });
  return {
    query: { version: 2, dockerfile: 'Dockerfile', remote: 'client-session', session: session.id },
    failure: () => failure,
    close() {
      session.close();
      count.end();
    },
  };
}
