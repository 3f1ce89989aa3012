import { join } from 'node:path';
import { run } from '@kmd/tools-testbed/src/command.mjs';
import { descendantsOf } from '../processes.mjs';

const program = join(import.meta.dirname, '..', '..', '..', 'packages', 'cli', 'bin', 'kmd.js');

/** `kmd up --runtime embedded`, all in one process, without add-ons: kwokctl has none either. Agents have the size of kwokctl's nodes. */
export const kmd = {
  name: 'kmd up',
  prepare: async () => undefined,
  async start({ home, kubeconfig, nodes }) {
    const env = {
      ...process.env,
      HOME: home,
      KMD_HOME: home,
      KUBECONFIG: kubeconfig,
      KMD_EXECUTORS: 'shared',
      ENABLE_CLUSTER_UI: 'false',
      ENABLE_CLUSTER_DNS: 'false',
      MESOS_RESOURCES: 'cpus:32;mem:262144;disk:25600;ports:[8000-21099]',
    };
    const command = (...args) => run(process.execPath, [program, ...args], { env });
    await command(...`up --json --runtime embedded --agents ${nodes} --api-port 0 --mesos-port 0`.split(' '));
    return {
      // The agents are the nodes.
      addNodes: async () => undefined,
      async pids() {
        const { process: background } = JSON.parse(await command('status', '--json'));
        return [background.pid, ...descendantsOf(background.pid)];
      },
      close: () => command('down'),
    };
  },
};
