import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
}

/** A folder in which an executor runs. */
export interface Sandbox {
  readonly directory: string;
  readonly user: SandboxUser | undefined;
}

/** Makes the folder of one run of an executor, and points `latest` to it. @throws what the file system says. */
export function makeSandbox(options: {
  workDir: string;
  agentId: string;
  frameworkId: string;
  executorId: string;
  containerId: string;
  user: string | undefined;
}): Sandbox {
  const { workDir, agentId, frameworkId, executorId, containerId } = options;
  const runs = join(workDir, 'slaves', agentId, 'frameworks', frameworkId, 'executors', executorId, 'runs');
  const directory = join(runs, containerId);
  mkdirSync(directory, { recursive: true });
  const latest = join(runs, 'latest');
  const fresh = join(runs, `.latest-${containerId}`);
  symlinkSync(containerId, fresh);
  renameSync(fresh, latest);
  const user = switchUser(directory, options.user);
  return { directory, user };
}

/** The folders of an executor and of its framework, above that of one of its runs. */
export function foldersAbove(directory: string): [executor: string, framework: string] {
  const executor = dirname(dirname(directory));
  return [executor, dirname(dirname(executor))];
}

/** Only root can become another user; anyone else runs everything as themselves. */
function switchUser(directory: string, name: string | undefined): SandboxUser | undefined {
  if (name === undefined || name === '' || name === 'root' || process.getuid?.() !== 0) return undefined;
  const user = findUser(name);
  if (user === undefined) {
    rmSync(directory, { recursive: true, force: true });
    throw new Error(
      `Failed to create executor directory '${directory}': Failed to chown directory to '${name}': No such user '${name}'`,
    );
  }
  chownSync(directory, user.uid, user.gid);
  return user;
}

function findUser(name: string): SandboxUser | undefined {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [login, , uid, gid] = line.split(':');
    if (login === name) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
