// The embedded server as a process of its own, with a journal as `kmd up` gives it one. Prints its address.
import { readFileSync } from 'node:fs';
import { openJournal, startApiServer } from '@kmd/kube-embedded';

const [folder, token] = process.argv.slice(2);
const pem = (name) =>
  readFileSync(new URL(`../../../packages/kube-embedded/testdata/${name}`, import.meta.url), 'utf8');
const journal = openJournal({ directory: folder });
const server = await startApiServer({
  port: 0,
  store: journal.store,
  tls: { cert: pem('server.crt'), key: pem('server.key') },
  tokens: [{ token, user: 'cluster-admin', uid: 'cluster-admin', groups: ['system:masters'] }],
});
process.once('SIGTERM', () => {
  void server.close().then(() => journal.close());
});
console.log(server.url);
