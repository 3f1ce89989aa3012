import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { KubeError } from '@kmd/kube-client';

/** When a process began, as the system counts it: a process id is used again, the pair is not. Undefined where the system does not say. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold anything; the start time is the 20th field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // A process that has ended and was not waited for yet (Z) still has its id.
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isHeld(text: string): boolean {
  const [pidText = '', start = ''] = text.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return false;
  const now = startOf(pid);
  return start === '' || now === undefined || now === start;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/**
 * Takes a lock that ends with the process: a file with its id. That of a process that is no more is taken over. Returns how to give it back. Throws
 * `KubeError` with code `JournalInUse` while another process, or another part of this one, has it.
 */
export function takeLock(path: string): () => void {
  const mine = `${process.pid} ${startOf(process.pid) ?? ''} ${randomUUID()}\n`;
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        // A link appears whole or not at all: nobody reads a lock that is half written.
        linkSync(own, path);
        break;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      takeAway(path);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    try {
      if (readFileSync(path, 'utf8') === mine) rmSync(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  };
}

/** Removes a lock that nobody holds. Another process may do the same at this moment, so what was moved away is looked at again. */
function takeAway(path: string): void {
  const refuse = (text: string): KubeError =>
    new KubeError(
      0,
      'JournalInUse',
      `the journal is in use by process ${text.split(' ')[0] ?? '?'} (${path}): stop that server, or give this one another folder`,
    );
  const aside = `${path}.${randomUUID()}`;
  try {
    const text = readFileSync(path, 'utf8');
    if (isHeld(text)) throw refuse(text);
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readFileSync(aside, 'utf8');
  if (isHeld(moved)) {
    try {
      linkSync(aside, path);
    } finally {
      rmSync(aside);
    }
    throw refuse(moved);
  }
  rmSync(aside);
}
