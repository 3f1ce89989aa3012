import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between a scheduler and its master. Calls for which `lose` says so break off before the master has seen them; `hold` makes a call wait. */
export class LossyProxy {
  readonly #server: Server;
  lose: (call: { type: string }) => boolean = () => false;
  hold: (call: { type: string }) => Promise<void> | void = () => undefined;

  constructor(target: string) {
    this.#server = createServer((incoming, answer) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const call = JSON.parse(body.toString()) as { type: string };
        if (this.lose(call)) {
          incoming.socket.destroy();
          return;
        }
        void Promise.resolve(this.hold(call)).then(() => forward(body, incoming, answer));
      });
    });
    const forward = (body: Buffer, incoming: IncomingMessage, answer: ServerResponse): void => {
      const { method, headers, url = '/' } = incoming;
      const outgoing = request(new URL(url, target), { method, headers, agent: false }, (response) => {
        answer.writeHead(response.statusCode ?? 500, response.headers);
        response.pipe(answer);
        response.on('error', () => answer.destroy());
      });
      outgoing.on('error', () => answer.destroy());
      answer.on('close', () => outgoing.destroy());
      outgoing.end(body);
    };
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
