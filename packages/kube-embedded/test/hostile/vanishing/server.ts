import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApiServer } from '../../../src/index.js';

/* `server.mjs HOST FOLDER`: a server with the key pair of a folder, that says its ports, and then again and again how many connections it has. */
const [host = '', folder = ''] = process.argv.slice(2);
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');

const server = await startApiServer({
  host,
  port: 0,
  insecurePort: 0,
  tls: { cert: pem('server.crt'), key: pem('server.key') },
  tokens: [{ token: 'test-token', user: 'admin', uid: 'admin', groups: ['system:masters'] }],
  limits: { ping: 300, pong: 300, probe: 1000 },
});
console.log(`${server.url} ${server.insecureUrl ?? ''}`);
setInterval(() => {
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap');
  console.log(sockets.length);
}, 50);
