import { spawn } from 'node:child_process';
import { requireCluster } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';

/** Opens the page of a cluster in the browser; with `print`, or where there is none, says where it is. */
export async function ui(flags: { name: string; print?: boolean }, streams: Streams): Promise<number> {
  const { record } = requireCluster(streams.environment, flags.name);
  if (!record.ui) {
    streams.stderr.write(
      `kmd: cluster "${record.name}" has no web UI: it was brought up with ENABLE_CLUSTER_UI=false\n`,
    );
    return exitCodes.failure;
  }
  const user = `user ${record.user.name}, password ${record.user.password}`;
  const { address, proxy } = record.ui;
  if (flags.print === true) {
    streams.stdout.write(`${address}\n`);
    return exitCodes.ok;
  }
  if (proxy) {
    streams.stdout.write(`Open ${describePage(record.ui, record.name === 'local' ? '' : ` --name ${record.name}`)}\n`);
    return exitCodes.ok;
  }
  const opened = await open(address);
  streams.stdout.write(opened ? `Opened ${address}   ${user}\n` : `Open ${address} in a browser   ${user}\n`);
  return exitCodes.ok;
}

/** Its address, and what it takes to get there. */
export const describePage = ({ address, proxy }: { address: string; proxy?: true }, option: string): string =>
  proxy ? `${address}   while kmd kubectl${option} proxy runs` : address;

const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Milliseconds after which a program that has not ended is the browser itself. */
const patience = 2000;

/** Whether the system's own program took the address. */
function open(address: string): Promise<boolean> {
  const [command = '', ...args] = openers[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
    const end = (opened: boolean): void => {
      clearTimeout(timer);
      child.unref();
      resolve(opened);
    };
    const timer = setTimeout(end, patience, true);
    child.on('error', () => end(false));
    child.on('exit', (code) => end(code === 0));
  });
}
