import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { programs, version } from '@kmd/tools-testbed/kwok';
import { run } from '@kmd/tools-testbed/src/command.mjs';

const cluster = 'bench';
/** kwokctl asks with kubectl whether the API server answers. */
const kubectl = join(import.meta.dirname, '..', '..', 'kubectl', 'bin');
/** There is no flag for the address; by default everything listens on all of them. */
const configuration = {
  apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
  kind: 'KwokctlConfiguration',
  options: { bindAddress: '127.0.0.1' },
};
/** The flags that name its programs, less `-binary`. */
const components = {
  etcd: 'etcd',
  'kube-apiserver': 'kube-apiserver',
  'kube-controller-manager': 'kube-controller-manager',
  'kube-scheduler': 'kube-scheduler',
  'kwok-controller': 'kwok',
};

function kwokctl(name, options) {
  let files;
  return {
    name,
    async prepare() {
      files = await programs({ onProgress: (line) => console.error(line) });
    },
    async start({ home, kubeconfig, nodes }) {
      const config = join(home, 'kwokctl.json');
      writeFileSync(config, JSON.stringify(configuration));
      const env = {
        ...process.env,
        HOME: home,
        KWOK_WORKDIR: home,
        KUBECONFIG: kubeconfig,
        PATH: `${kubectl}${delimiter}${process.env.PATH}`,
      };
      const command = (...args) => run(files.kwokctl, [...args, '--name', cluster, '--config', config], { env });
      const binaries = Object.entries(components).flatMap(([flag, program]) => [`--${flag}-binary`, files[program]]);
      const close = () => command('delete', 'cluster');
      try {
        await command('create', 'cluster', '--runtime', 'binary', ...binaries, ...options);
      } catch (error) {
        await close();
        throw error;
      }
      const folder = join(home, 'clusters', cluster, 'pids');
      return {
        addNodes: () => command('scale', 'node', '--replicas', `${nodes}`),
        pids: async () => readdirSync(folder).map((file) => Number(readFileSync(join(folder, file), 'utf8'))),
        close,
      };
    },
  };
}

/**
 * kwokctl's binary runtime at its best: by itself its controller manager makes 20 pods a second, and its scheduler, which waits for a lease and ends when it
 * cannot renew it for ten seconds, did not always outlive 3,000 pods on two busy cores.
 */
export const unlimited = kwokctl(`kwokctl ${version}, no limits`, [
  '--disable-qps-limits',
  ...['kube-controller-manager', 'kube-scheduler'].flatMap((one) => ['--extra-args', `${one}=leader-elect=false`]),
]);
/** The same as it comes. */
export const limited = kwokctl(`kwokctl ${version} as it comes`, []);
