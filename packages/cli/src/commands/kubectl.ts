import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { findKubectl, requireCluster } from '@kmd/cluster';
import type { Streams } from '../streams.js';

export const kubectlHelp = `Usage: kmd kubectl [--name NAME] [--] ARGS…

Runs kubectl against the cluster, whatever the kubeconfig's current context is. All of ARGS goes to kubectl as it is, and kmd ends
with kubectl's exit code. kubectl is the file in KUBECTL_PATH, else the first on PATH.

Options:
  --name NAME  the cluster (default: local)

Examples:
  kmd kubectl get nodes -o wide
  kmd kubectl apply -f examples/guestbook
  kmd kubectl --name two -- get pods -A
`;

/** What follows `kmd kubectl`: kmd's own options end at the first word that is none of them. */
export function splitArguments(args: readonly string[]): { name: string; help: boolean; rest: string[] } {
  let name = 'local';
  let index = 0;
  for (; index < args.length; index++) {
    const word = args[index] ?? '';
    if (word === '--name') name = args[++index] ?? '';
    else if (word.startsWith('--name=')) name = word.slice('--name='.length);
    else if (word === '--') {
      index++;
      break;
    } else break;
  }
  const rest = args.slice(index);
  const help = index === 0 && rest.length === 1 && (rest[0] === '--help' || rest[0] === '-h');
  return { name, help, rest };
}

/** Runs kubectl and resolves to its exit code. */
export async function runKubectl(args: readonly string[], streams: Streams): Promise<number> {
  const { name, help, rest } = splitArguments(args);
  if (help) {
    streams.stdout.write(kubectlHelp);
    return 0;
  }
  const cluster = requireCluster(streams.environment, name);
  const kubectl = findKubectl(streams.environment);
  const child = spawn(kubectl, rest, {
    stdio: 'inherit',
    env: { ...streams.environment, KUBECONFIG: cluster.kubeconfig },
  });
  // kubectl gets Ctrl-C from the terminal itself; kmd only waits. Other signals are passed on.
  const ignore = () => undefined;
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', ignore).on('SIGTERM', pass).on('SIGHUP', pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}
