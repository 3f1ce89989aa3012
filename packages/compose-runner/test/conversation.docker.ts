import { attach, exec, logs, restart, run, stats, up } from '@kmd/compose-runner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idle, openWorkbench, testbed, type Workbench } from './engine.js';

describe.skipIf(testbed === undefined)('what containers read and print', () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await openWorkbench();
  });
  afterEach(() => bench.close());

  it('merges logs, and follows containers that start again', async () => {
    const project = await bench.compose(`services:
  a: { image: IMAGE, command: [sh, -c, "echo one; echo two >&2; exec sleep 3600"], stop_grace_period: 0s }
  b: { image: IMAGE, command: [printf, three], stop_grace_period: 0s }
`);
    await up(bench.engine, project);
    const collect = async (): Promise<string[]> => {
      const seen: string[] = [];
      for await (const { service, from, text: line } of logs(bench.engine, bench.name))
        seen.push(`${service} ${from} ${line}`);
      return seen.sort();
    };
    await expect.poll(collect, { timeout: 10_000 }).toEqual(['a stderr two', 'a stdout one', 'b stdout three']);
    const stopping = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const line of logs(bench.engine, bench.name, {
        follow: true,
        services: ['a'],
        signal: stopping.signal,
      })) {
        seen.push(line.text);
      }
    })();
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2);
    await restart(bench.engine, bench.name, { services: ['a'] });
    await expect
      .poll(() => seen.filter((line) => line === 'one').length, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(2);
    stopping.abort();
    await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('runs one-off containers, with what the service needs', async () => {
    const project = await bench.compose(`services:
  a: { ${idle} }
  b: { ${idle}, depends_on: [a], environment: { A: "1" }, ports: ["127.0.0.1::80"], volumes: ["data:/data"] }
volumes: { data: {} }
`);
    let out = '';
    const onOutput = (_from: string, bytes: Uint8Array): void => void (out += Buffer.from(bytes).toString());
    const command = ['sh', '-c', 'echo $A $B; nslookup a >/dev/null && echo found; exit 5'];
    expect(await run(bench.engine, project, 'b', { command, environment: { B: '2' }, onOutput })).toBe(5);
    expect(out).toBe('1 2\nfound\n');
    expect(await bench.names()).toEqual(['a-1']);
    expect(await run(bench.engine, project, 'b', { command: ['true'], keep: true, name: `${bench.name}-once` })).toBe(
      0,
    );
    expect(await bench.names()).toEqual(['a-1', 'once']);
    await up(bench.engine, project, { removeOrphans: true });
    expect(await bench.names()).toEqual(['a-1', 'b-1']);
    const cancelling = new AbortController();
    const work = run(bench.engine, project, 'b', {
      command: ['sh', '-c', 'echo up; sleep 60'],
      signal: cancelling.signal,
      onOutput: () => cancelling.abort(new Error('enough')),
    });
    await expect(work).rejects.toThrow('enough');
    expect(await bench.names()).toEqual(['a-1', 'b-1']);
  });

  it('gives a one-off input, and all of its output', async () => {
    const project = await bench.compose(`services:\n  a: { ${idle} }\n`);
    // The engine hands the two on side by side: which comes first is open.
    const out = { stdout: '', stderr: '' };
    const command = ['sh', '-c', 'cat; echo end >&2'];
    const onOutput = (from: 'stdout' | 'stderr', bytes: Uint8Array): void =>
      void (out[from] += Buffer.from(bytes).toString());
    expect(await run(bench.engine, project, 'a', { command, stdin: [Buffer.from('read\n')], onOutput })).toBe(0);
    expect(out).toEqual({ stdout: 'read\n', stderr: 'end\n' });
    expect(await run(bench.engine, project, 'a', { command })).toBe(0);
  });

  it('gives input to a command, and its exit code back', async () => {
    await up(bench.engine, await bench.compose(`services:\n  a: { ${idle} }\n`));
    let out = '';
    const code = await exec(bench.engine, bench.name, 'a', ['sh', '-c', 'cat; exit 7'], {
      stdin: [Buffer.from('read '), Buffer.from('back')],
      onOutput: (_from, bytes) => (out += Buffer.from(bytes).toString()),
    });
    expect({ code, out }).toEqual({ code: 7, out: 'read back' });
  });

  it('takes part in what a container reads and prints', async () => {
    await up(
      bench.engine,
      await bench.compose(
        `services:\n  a: { image: IMAGE, command: [sh, -c, "read line; echo got $$line; exec sleep 3600"], stdin_open: true, stop_grace_period: 0s }\n`,
      ),
    );
    const letting = new AbortController();
    let out = '';
    // Input that does not end, as that of a terminal: with its end the engine would let go.
    async function* typed(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('word\n');
      await new Promise((resolve) => letting.signal.addEventListener('abort', resolve));
    }
    const attached = attach(bench.engine, bench.name, 'a', {
      signal: letting.signal,
      stdin: typed(),
      onOutput: (_from, bytes) => {
        out += Buffer.from(bytes).toString();
        if (out === 'got word\n') letting.abort(new Error('seen'));
      },
    });
    await expect(attached).rejects.toThrow('seen');
    expect(await bench.names(false)).toEqual(['a-1']);
  });

  it('tells what containers use', async () => {
    await up(
      bench.engine,
      await bench.compose(`services:
  a: { ${idle}, mem_limit: 64M }
  b: { image: IMAGE, command: [sh, -c, "while true; do :; done"], cpus: 0.2, stop_grace_period: 0s }
`),
    );
    const [a, b] = await stats(bench.engine, bench.name);
    expect(a).toMatchObject({ service: 'a', container: `${bench.name}-a-1`, memoryLimit: 64 * 2 ** 20, processes: 1 });
    expect(a?.memory).toBeGreaterThan(0);
    expect(a?.memory).toBeLessThan(64 * 2 ** 20);
    expect(b?.cpuPercent).toBeGreaterThan(1);
    expect(a?.cpuPercent).toBeLessThan(b?.cpuPercent ?? 0);
  });
});
