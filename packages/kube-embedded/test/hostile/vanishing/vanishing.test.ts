import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/* A server in a network of its own, joined to this one by a cable that is pulled. Needs root and iproute2. */
const space = `kmd-vanish-${process.pid}`;
const cable = `kmdv${process.pid}`.slice(0, 13);
const host = '10.213.77.2';
const watch = '/api/v1/configmaps?watch=true';
const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });

function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'it takes root to make a network namespace';
  if (!existsSync('/usr/sbin/ip') && !existsSync('/sbin/ip')) return 'iproute2 is not installed';
  try {
    ip('netns', 'add', space);
    ip('netns', 'del', space);
    return undefined;
  } catch (cause) {
    return `no network namespace can be made: ${String(cause)}`;
  }
}

let child: ChildProcess | undefined;
let home: string | undefined;
beforeEach(() => ip('netns', 'add', space));
afterEach(async () => {
  child?.kill('SIGKILL');
  if (child) await once(child, 'close');
  child = undefined;
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
  // A network goes when its last connection does, which takes the kernel a while.
  if (existsSync(`/sys/class/net/${cable}`)) ip('link', 'del', cable);
  ip('netns', 'del', space);
});

const reason = obstacle();
if (reason !== undefined) console.log(`skipped: clients that vanish are not tried: ${reason}`);

/** Starts the server in its network, and gives what waits for it to have so many connections. */
async function startFar(
  numbers: string,
): Promise<{ secure: string; plain: string; has(count: number): Promise<void> }> {
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'far', 'netns', space);
  ip('addr', 'add', '10.213.77.1/30', 'dev', cable);
  ip('link', 'set', cable, 'up');
  ip('-n', space, 'addr', 'add', `${host}/30`, 'dev', 'far');
  ip('-n', space, 'link', 'set', 'far', 'up');
  home = mkdtempSync(join(tmpdir(), 'kmd-vanishing-'));
  const program = join(home, 'server.mjs');
  const entry = join(import.meta.dirname, 'server.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: program });
  const pems = join(import.meta.dirname, '..', '..', '..', 'testdata');
  const command = `${numbers} exec "${process.execPath}" "${program}" ${host} "${pems}"`;
  child = spawn('ip', ['netns', 'exec', space, 'sh', '-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('the output of the server is not read');
  const lines = createInterface({ input: child.stdout });
  const [urls] = await once(lines, 'line');
  const [secure = '', plain = ''] = String(urls).split(' ');
  return {
    secure,
    plain,
    async has(count) {
      for await (const [line] of on(lines, 'line')) if (Number(line) === count) return;
    },
  };
}

describe.skipIf(reason !== undefined)('a watcher that vanishes without a word', () => {
  it('is let go by the pings of HTTP/2', { timeout: 120_000 }, async () => {
    const { secure, has } = await startFar('');
    const session = connect(secure, { rejectUnauthorized: false });
    session.on('error', () => undefined);
    const stream = session.request({ ':path': watch, authorization: 'Bearer test-token' });
    stream.on('error', () => undefined);
    await once(stream, 'response');
    await has(1);
    ip('link', 'set', cable, 'down');
    await has(0);
    expect(child?.exitCode).toBeNull();
    session.destroy();
  });

  it('is let go by the probes of TCP', { timeout: 120_000 }, async () => {
    // The kernel asks every 75 seconds, nine times; here twice in two seconds. Each network has its own numbers.
    const numbers = 'cd /proc/sys/net/ipv4 && echo 1 > tcp_keepalive_intvl && echo 2 > tcp_keepalive_probes &&';
    const { plain, has } = await startFar(numbers);
    const request = get(`${plain}${watch}`);
    request.on('error', () => undefined);
    await once(request, 'response');
    await has(1);
    ip('link', 'set', cable, 'down');
    await has(0);
    expect(child?.exitCode).toBeNull();
    request.destroy();
  });
});
