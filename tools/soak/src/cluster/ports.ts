import { createServer } from 'node:net';

/**
 * Free ports of this machine, below those that the system gives away by itself: nobody takes one while its process is dead for a moment.
 * Where the search begins is drawn by `random`, so that two runs at once rarely meet.
 */
export async function findPorts(count: number, random: () => number): Promise<number[]> {
  const ports: number[] = [];
  for (let port = 20_000 + Math.floor(random() * 10_000); ports.length < count; port += 1) {
    if (port > 32_000) port = 20_000;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
