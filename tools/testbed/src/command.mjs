import { spawn } from 'node:child_process';

/**
 * Runs a command and gives what it printed. A command that fails is an error that carries its last lines.
 * @param {string} name
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, input?: import('node:stream').Readable }} [options]
 * @returns {Promise<string>} standard output
 */
export function run(name, args, { cwd, env = process.env, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, { cwd, env });
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors = (errors + text).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${name} ${args.join(' ')} ended with ${code ?? signal}: ${errors.trim() || out.trim()}`));
    });
    child.stdin.on('error', () => undefined); // a command that ends early has its own say above
    if (input === undefined) child.stdin.end();
    else {
      input.on('error', (error) => child.kill() && reject(error));
      input.pipe(child.stdin);
    }
  });
}
