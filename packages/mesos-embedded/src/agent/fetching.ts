import { chmodSync, chownSync, copyFileSync, createWriteStream, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { CommandURI } from '@kmd/mesos-client';

import type { SandboxUser } from './sandbox.js';

/** Longest silence of a server from which a file is fetched, in milliseconds (--fetcher_stall_timeout). */
const stall = 60_000;

export const isRemote = ({ value }: CommandURI): boolean => /^https?:\/\//i.test(value);

/** Copies the local files that a command names into its sandbox. @throws when one is no readable file. */
export function copyFiles(uris: readonly CommandURI[], directory: string): void {
  for (const uri of uris) {
    const path = uri.value.startsWith('file://') ? uri.value.slice('file://'.length) : uri.value;
    if (!path.startsWith('/')) {
      throw new Error(`${uri.value} is neither an absolute path nor http(s): the embedded Mesos fetches nothing else`);
    }
    if (!statSync(path).isFile()) throw new Error(`${path} is no file`);
    const target = targetOf(uri, path, directory);
    copyFileSync(path, target);
    finish(uri, target);
  }
}

/** Downloads the files that a command names into its sandbox. Rejects when one cannot be had, or with the signal's reason. */
export async function downloadFiles(
  uris: readonly CommandURI[],
  directory: string,
  user: SandboxUser | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (const uri of uris) {
    const target = targetOf(uri, decodeURIComponent(new URL(uri.value).pathname), directory);
    const silence = new AbortController();
    const timer = setTimeout(() => {
      silence.abort(new Error(`${uri.value} sends nothing for ${String(stall / 1000)} s`));
    }, stall);
    try {
      const response = await fetch(uri.value, { signal: AbortSignal.any([signal, silence.signal]) });
      if (!response.ok) throw new Error(`${uri.value} answered ${String(response.status)} ${response.statusText}`);
      const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
      body.on('data', () => timer.refresh());
      await pipeline(body, createWriteStream(target));
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
      throw new Error(`${uri.value}: ${error instanceof Error ? error.message : String(error)}${cause}`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
    if (user !== undefined) chownSync(target, user.uid, user.gid);
    finish(uri, target);
  }
}

function targetOf(uri: CommandURI, path: string, directory: string): string {
  if (uri.extract !== false && /\.(tar(\.\w+)?|tgz|tbz2|txz|zip)$/.test(path)) {
    throw new Error(`${uri.value} is an archive, which the embedded Mesos does not extract: set 'extract' to false`);
  }
  const name = uri.output_file ?? basename(path);
  if (name === '') throw new Error(`${uri.value} names no file: give 'output_file'`);
  return join(directory, name);
}

function finish(uri: CommandURI, target: string): void {
  if (uri.executable === true) chmodSync(target, 0o755);
}
