/* The program of the UI addon's pod: everything it is told comes from its environment. */
import { fileURLToPath } from 'node:url';
import { startUiServer } from './server.js';

// eslint-disable-next-line no-restricted-syntax -- a process of its own
const { HOST: host = '127.0.0.1', PORT: port = '8080', KMD_MESOS_MASTER: master, KMD_CLUSTER_NAME: name } = process.env;

function fail(text: string): never {
  // eslint-disable-next-line no-restricted-syntax -- a process of its own
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

if (!master) fail('KMD_MESOS_MASTER is not set: give the address of the Mesos master, http://HOST:PORT');
try {
  const server = await startUiServer({
    host,
    port: Number(port),
    assets: fileURLToPath(new URL('./app', import.meta.url)),
    mesosMaster: master.split(','),
    clusterName: name,
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.close());
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
