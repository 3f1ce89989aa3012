import { spawn, type ChildProcess } from 'node:child_process';

/**
 * A shell that knows the process groups of all containers and outlives this process by a moment: its standard input ends when this
 * process does, however that came about, and it kills what is left. Without it the processes of an executor that was killed would go on.
 */
const SCRIPT = `groups=
while read -r op group; do
  case "$op" in
    +) groups="$groups $group" ;;
    -) rest=
       for known in $groups; do [ "$known" = "$group" ] || rest="$rest $known"; done
       groups="$rest" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** Ends process groups when this process ends without having done so. */
export class Guardian {
  #shell: ChildProcess | undefined;

  add(group: number): void {
    this.#tell(`+ ${group}\n`);
  }

  remove(group: number): void {
    this.#tell(`- ${group}\n`);
  }

  close(): void {
    this.#shell?.stdin?.end();
    this.#shell = undefined;
  }

  #tell(line: string): void {
    if (!this.#shell) {
      // A group of its own: whoever kills the executor's group must not kill this one with it.
      this.#shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
      this.#shell.unref();
      this.#shell.on('error', () => undefined);
      this.#shell.stdin?.on('error', () => undefined);
    }
    this.#shell.stdin?.write(line);
  }
}
