import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between a scheduler and its master. Calls for which `lose` says so break off before the master has seen them. */
export class LossyProxy {
  readonly #server: Server;
  lose: (call: { type: string }) => boolean = () => false;

  constructor(target: string) {
    this.#server = createServer((incoming, answer) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        if (this.lose(JSON.parse(body.toString()) as { type: string })) {
          incoming.socket.destroy();
          return;
        }
        const { method, headers, url = '/' } = incoming;
        const outgoing = request(new URL(url, target), { method, headers, agent: false }, (response) => {
          answer.writeHead(response.statusCode ?? 500, response.headers);
          response.pipe(answer);
          response.on('error', () => answer.destroy());
        });
        outgoing.on('error', () => answer.destroy());
        answer.on('close', () => outgoing.destroy());
        outgoing.end(body);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
