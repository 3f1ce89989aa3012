import { listenForInterrupts } from './interrupt.js';
import { reportError } from './report.js';
import type { Streams } from './streams.js';

/** Runs one command line and resolves to its exit code. What each command needs is loaded with it, so that a small one starts fast. */
export async function main(args: readonly string[]): Promise<number> {
  const streams: Streams = {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    // kubectl is sent signals itself.
    signal: args[0] === 'kubectl' ? new AbortController().signal : listenForInterrupts(),
  };
  // `kmd logs | head`: the reader has enough, and that is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    if (args[0] === 'kubectl') {
      const { runKubectl } = await import('./commands/kubectl.js');
      return await runKubectl(args.slice(1), streams);
    }
    const { runProgram } = await import('./program.js');
    return await runProgram(args, streams);
  } catch (error) {
    return reportError(error, streams);
  }
}
