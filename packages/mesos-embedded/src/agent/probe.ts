import { spawn } from 'node:child_process';
import { connect } from 'node:net';

import type { CheckStatusInfo, CommandInfo } from '@kmd/mesos-client';

import { killGroup } from './launcher.js';

/** One look at a task: what to run, to ask or to connect to. Ports are those of this machine. */
export type Probe =
  | { readonly type: 'COMMAND'; readonly command: CommandInfo }
  | { readonly type: 'HTTP'; readonly port: number; readonly path: string; readonly scheme: string; readonly ipv6: boolean }
  | { readonly type: 'TCP'; readonly port: number; readonly ipv6: boolean }; // prettier-ignore

/** Where a command of a check runs: as its task does. */
export interface ProbeSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** At most so many redirects are followed, as curl does. */
const longestRedirection = 50;

/** Looks once. Rejects when the look itself fails, as at `signal`; a refusal of the task's is a result, but for HTTP. */
export function look(probe: Probe, surroundings: ProbeSurroundings, signal: AbortSignal): Promise<CheckStatusInfo> {
  switch (probe.type) {
    case 'COMMAND':
      return run(probe.command, surroundings, signal);
    case 'HTTP':
      return ask(urlOf(probe), signal);
    case 'TCP':
      return open(probe.port, host(probe.ipv6), signal);
  }
}

function host(ipv6: boolean): string {
  return ipv6 ? '::1' : '127.0.0.1';
}

function urlOf({ scheme, port, path, ipv6 }: Probe & { type: 'HTTP' }): URL {
  return new URL(`${scheme}://${ipv6 ? '[::1]' : '127.0.0.1'}:${String(port)}${path}`);
}

function run(command: CommandInfo, where: ProbeSurroundings, signal: AbortSignal): Promise<CheckStatusInfo> {
  const shell = command.shell !== false;
  const { cwd, uid, gid } = where;
  const env: Record<string, string> = { ...where.env };
  for (const { name, value } of command.environment?.variables ?? []) env[name] = value ?? '';
  return new Promise((resolve, reject) => {
    const child = spawn(
      shell ? '/bin/sh' : (command.value ?? ''),
      shell ? ['-c', command.value ?? ''] : (command.arguments ?? []).slice(1),
      {
        cwd,
        env,
        stdio: 'ignore',
        detached: true,
        ...(uid === undefined ? {} : { uid }),
        ...(gid === undefined ? {} : { gid }),
      },
    );
    const end = (): void => {
      if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
    };
    const stop = (): void => {
      end();
      reject(new Error('the command took too long'));
    };
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('exit', (code, ended) => {
      signal.removeEventListener('abort', stop);
      end();
      if (code === null) reject(new Error(`the command was ended by ${String(ended)}`));
      else resolve({ type: 'COMMAND', command: { exit_code: code } });
    });
  });
}

async function ask(first: URL, signal: AbortSignal): Promise<CheckStatusInfo> {
  let url = first;
  for (let redirects = 0; redirects <= longestRedirection; redirects += 1) {
    const { status, location } = await get(url, signal);
    if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, url.href)) {
      return { type: 'HTTP', http: { status_code: status } };
    }
    url = new URL(location, url);
  }
  throw new Error(`more than ${String(longestRedirection)} redirects`);
}

/** The status of an answer; certificates are not looked at, for a task need not have one of its own machine's name. */
async function get(url: URL, signal: AbortSignal): Promise<{ status: number; location: string | undefined }> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const call = request(url, { signal, agent: false, rejectUnauthorized: false }, (response) => {
      const { statusCode = 0, headers } = response;
      response.destroy();
      resolve({ status: statusCode, location: headers.location });
    });
    call.on('error', reject);
    call.end();
  });
}

function open(port: number, address: string, signal: AbortSignal): Promise<CheckStatusInfo> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: address });
    const stop = (): void => {
      socket.destroy();
      reject(new Error('the connection took too long'));
    };
    signal.addEventListener('abort', stop, { once: true });
    const done = (succeeded: boolean): void => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve({ type: 'TCP', tcp: { succeeded } });
    };
    socket.once('connect', () => {
      done(true);
    });
    socket.once('error', () => {
      done(false);
    });
  });
}
