import { spawn } from 'node:child_process';
import { findEngine, obstacle, startEngine, stopEngine } from '@kmd/tools-testbed/src/engine.mjs';
import { makeImages } from '@kmd/tools-testbed/src/images.mjs';

/** Runs `work` with an engine that has the test bed's small image; one that was started for it is ended. */
export async function withEngine(work) {
  const found = await findEngine();
  const reason = found === undefined ? obstacle() : undefined;
  if (reason !== undefined) {
    console.log(`SKIPPED: no engine answers, and ${reason}`);
    return;
  }
  const engine = found ?? (await startEngine());
  try {
    await makeImages(engine, ['small']);
    await work(engine);
  } finally {
    if (found === undefined) await stopEngine();
  }
}

/** Milliseconds of a whole process. */
export async function time({ command, args, env = process.env }, more, { cwd, engine }) {
  const start = performance.now();
  await new Promise((resolve, reject) => {
    const child = spawn(command, [...args, ...more], {
      cwd,
      env: { ...env, DOCKER_HOST: engine.host },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text) => (errors = (errors + text).slice(-2000)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${more.join(' ')} ended with ${code}: ${errors}`)),
    );
  });
  return performance.now() - start;
}

/** Lets all tools take turns at a list of commands. @returns milliseconds by tool and command */
export async function takeTurns(tools, commands, runs, measure) {
  const times = new Map(tools.map(({ name }) => [name, new Map(commands.map((command) => [command, []]))]));
  for (let run = 0; run < runs; run += 1)
    for (const tool of tools)
      for (const command of commands)
        times
          .get(tool.name)
          .get(command)
          .push(await measure(tool, command, run));
  return times;
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
