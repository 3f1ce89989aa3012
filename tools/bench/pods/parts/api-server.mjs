import { openJournal, startApiServer, startControllers } from '@kmd/kube-embedded';
import { runPart } from '../part.mjs';

runPart(async ({ credentials, directory }) => {
  const journal = openJournal({ directory });
  const server = await startApiServer({
    port: 0,
    tls: credentials.server,
    tokens: [{ token: credentials.token, user: 'bench', uid: 'bench' }],
    store: journal.store,
  });
  const controllers = startControllers({ api: server.api });
  return {
    address: server.url,
    async close() {
      await controllers.close();
      await server.close();
      journal.close();
    },
  };
});
