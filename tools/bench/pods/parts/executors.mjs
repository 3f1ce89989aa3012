// Executors of many agents in one process; each speaks with its own agent and with the API server as one in a process of its own does.
import { createKubeClient } from '@kmd/kube-client';
import { runExecutor } from '@kmd/km';
import { parseExecutorEnvironment } from '@kmd/mesos-client';
import { runPart } from '../part.mjs';

const running = new Map();
let client;

process.on('message', async ({ type, id, env, signal }) => {
  if (type === 'kill') running.get(id)?.(signal);
  if (type !== 'launch') return;
  const stop = new AbortController();
  let exit = { code: 0, signal: null };
  running.set(id, (killed) => {
    exit = { code: null, signal: killed };
    stop.abort();
  });
  await runExecutor({ environment: parseExecutorEnvironment(env), kube: client, signal: stop.signal }).catch(() => {
    exit = { code: 1, signal: null };
  });
  running.delete(id);
  process.send({ request: { type: 'exited', id, exit } });
});

runPart(async ({ server, credentials }) => {
  client = createKubeClient({ server, ca: credentials.ca, token: credentials.token });
  return {
    facts: () => ({ executors: running.size }),
    close: async () => client.close(),
  };
});
