import { createServer, connect, type Server, type Socket } from 'node:net';

export interface Forward {
  /** Address and port under which the pod is known: its own address, the container's port. */
  readonly host: string;
  readonly port: number;
  /** Where the process listens. */
  readonly to: { readonly host: string; readonly port: number };
}

/**
 * Takes connections to a pod's own address and passes them on to the port that the pod was given, so that services and proxies find a
 * process as they find a container. Resolves to how to stop it; rejects where the system does not let this address be used.
 */
export async function startForward({ host, port, to }: Forward): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    const outgoing = connect({ ...to, allowHalfOpen: true });
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroySoon();
      });
    }
    incoming.pipe(outgoing);
    outgoing.pipe(incoming);
  });
  await listen(server, host, port);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, resolve);
  });
