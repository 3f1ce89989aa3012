import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '..');
const root = join(cli, '..', '..');

/** The unmodified kubectl that this repository brings (linux/amd64). */
export const kubectlPath = join(root, 'tools', 'kubectl', 'vendor', 'kubectl');
export const hasKubectl = existsSync(kubectlPath);
export const guestbook = join(root, 'examples', 'guestbook');

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A home of its own for the built command: nothing of the person who runs the tests is read or written. */
export class Workplace {
  readonly home = mkdtempSync(join(tmpdir(), 'kmd-cli-'));
  readonly kubeconfig = join(this.home, 'kubeconfig');
  readonly #names = new Set<string>();

  environment(extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
    const { PATH, TMPDIR } = process.env;
    return {
      PATH,
      ...(TMPDIR === undefined ? {} : { TMPDIR }),
      HOME: this.home,
      KMD_HOME: join(this.home, '.kmd'),
      KUBECONFIG: this.kubeconfig,
      KUBECTL_PATH: kubectlPath,
      ...extra,
    };
  }

  start(args: readonly string[], extra: Record<string, string | undefined> = {}): ChildProcess {
    const name = args.indexOf('--name');
    this.#names.add(name < 0 ? 'local' : (args[name + 1] ?? 'local'));
    return spawn(process.execPath, [join(cli, 'bin', 'kmd.js'), ...args], {
      env: this.environment(extra),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  run(args: readonly string[], extra: Record<string, string | undefined> = {}): Promise<Result> {
    return finish(this.start(args, extra));
  }

  /** `up` on free ports, so that clusters of the machine's user are not in the way. */
  up(...args: string[]): Promise<Result> {
    return this.run(['up', '--runtime', 'embedded', '--api-port', '0', '--mesos-port', '0', ...args]);
  }

  kubectl(...args: string[]): Promise<Result> {
    return this.run(['kubectl', ...args]);
  }

  async status(name = 'local'): Promise<{
    state: string;
    process: { pid: number };
    apiServer: string;
    mesosMaster: string;
    services: { name: string; healthy: boolean }[];
    agents: { hostname: string; cpus: number; usedCpus: number; tasks: number }[];
    nodes: { name: string; ready: boolean }[];
    addons: { name: string; ready: boolean }[];
  }> {
    const { stdout, stderr } = await this.run(['status', '--json', '--name', name]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as never;
  }

  /** Processes of any cluster of this workplace: their command line names its folder or its executor's. */
  processes(): number[] {
    return readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(this.home) && Number(pid) !== process.pid;
        } catch {
          return false;
        }
      })
      .map(Number);
  }

  async close(): Promise<void> {
    for (const name of this.#names) await this.run(['down', '--quiet', '--name', name]);
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function finish(child: ChildProcess): Promise<Result> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Resolves when the condition holds; rejects with the last answer after `seconds`. */
export async function eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`not after ${seconds} s; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
