import { createServer } from 'node:net';
import { ClusterError, systemCode } from '../errors.js';

/** A port to listen on: the wanted one, or a free one where the wanted one is taken and need not be had. */
export async function choosePort(options: {
  host: string;
  wanted: number;
  fixed: boolean;
  /** For the message, for instance `API server`. */
  what: string;
  /** For the message: how to ask for another port, for instance `--api-port`. */
  option: string;
}): Promise<{ port: number; moved: boolean }> {
  const { host, wanted, fixed, what, option } = options;
  if (wanted === 0) return { port: await tryListen(host, 0), moved: false };
  try {
    return { port: await tryListen(host, wanted), moved: false };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EACCES') {
      throw new ClusterError(
        'PortTaken',
        `port ${wanted} for the ${what} needs more rights: give one above 1023 with ${option}`,
        { cause: error },
      );
    }
    if (code === 'EADDRNOTAVAIL') {
      throw new ClusterError(
        'InvalidSpec',
        `the ${what} cannot listen on ${host}: that is no address of this machine`,
        { cause: error },
      );
    }
    if (code !== 'EADDRINUSE') throw error;
    if (fixed) {
      throw new ClusterError(
        'PortTaken',
        `port ${wanted} for the ${what} is taken by another program: free it, give another with ${option}, or leave ${option} out to get a free one`,
        { cause: error },
      );
    }
    return { port: await tryListen(host, 0), moved: true };
  }
}

function tryListen(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
