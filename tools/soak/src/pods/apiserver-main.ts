/* The API server with its controllers, as a process of its own: `apiserver.mjs SETTINGS.json`. */
import { readFileSync } from 'node:fs';
import { jsonLogger } from '@kmd/kube-client';
import { openJournal, startApiServer, startControllers } from '@kmd/kube-embedded';
import type { ServerSettings } from './settings.js';

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ServerSettings;
const logger = jsonLogger((line) => process.stdout.write(line));
const journal = openJournal({ directory: settings.journal, logger });
const { tls, port, insecurePort } = settings;
const server = await startApiServer({ tls, port, insecurePort, store: journal.store, logger });
const controllers = startControllers({ api: server.api, logger });

process.once('SIGTERM', () => {
  void (async () => {
    await controllers.close();
    await server.close();
    await journal.close();
    process.exit(0);
  })();
});
