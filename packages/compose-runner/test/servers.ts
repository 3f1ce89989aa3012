import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

type AnyServer = Server & { closeAllConnections?(): void };

/** A folder of a test's own, and servers that stand in for an engine. */
export interface Servers {
  readonly folder: string;
  /** On a socket in the folder, by its name, or on a port of loopback that is free. */
  listen<T extends AnyServer>(server: T, socket?: string): Promise<T>;
  /** Ends what listens; so does the end of the test. */
  close(): Promise<void>;
}

export function useServers(): Servers {
  let folder = '';
  const open: AnyServer[] = [];
  const close = async (): Promise<void> => {
    for (const server of open.splice(0)) {
      const closed = new Promise((resolve) => server.close(resolve));
      // One of bare sockets says nothing of those that are open still.
      if (server.closeAllConnections === undefined) continue;
      server.closeAllConnections();
      await closed;
    }
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-'));
  });
  afterEach(async () => {
    await close();
    await rm(folder, { recursive: true });
  });
  return {
    get folder() {
      return folder;
    },
    async listen(server, socket) {
      open.push(server);
      await new Promise<void>((resolve) =>
        socket === undefined ? server.listen(0, '127.0.0.1', resolve) : server.listen(join(folder, socket), resolve),
      );
      return server;
    },
    close,
  };
}
