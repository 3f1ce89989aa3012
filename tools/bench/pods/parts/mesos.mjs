// Master and agents. What the agents are to start as executor runs in the part `executors`.
import { startMesos } from '@kmd/mesos-embedded';
import { runPart } from '../part.mjs';

const running = new Map();
let serial = 0;

/** Has executors run elsewhere, many in one process: for all that the agent sees they are processes. */
const launcher = {
  launch(_command, { env }) {
    const id = ++serial;
    const exited = new Promise((resolve) => running.set(id, resolve));
    process.send({ request: { type: 'launch', id, env } });
    return { exited, kill: (signal) => process.send({ request: { type: 'kill', id, signal } }) };
  },
};

process.on('message', ({ type, id, exit }) => {
  if (type !== 'exited') return;
  running.get(id)?.(exit);
  running.delete(id);
});

runPart(async ({ agents, directory }) => {
  const mesos = await startMesos({ agents, workDir: directory, launcher });
  return { address: mesos.master.url, close: () => mesos.close() };
});
