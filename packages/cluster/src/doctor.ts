import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { findEngine } from '@kmd/compose-runner/find-engine';
import type { Environment } from './environment.js';
import { messageOf } from './errors.js';
import { findKubectl } from './kubectl.js';
import { kmdHome } from './state/paths.js';
import { type ClusterRecord, listRecords } from './state/record.js';
import { choosePort } from './up/ports.js';

/** One thing that kmd needs or can use. */
export interface Check {
  what: string;
  /** `note`: not as usual, and kmd works all the same. */
  result: 'ok' | 'note' | 'failed';
  found: string;
  advice?: string;
}

/** Looks at this machine; changes nothing that lasts. */
export async function diagnose(environment: Environment = process.env): Promise<Check[]> {
  const home = kmdHome(environment);
  const clusters = listRecords(home);
  return [
    { what: 'Node', result: 'ok', found: process.version },
    checkHome(home),
    checkKubectl(environment),
    await checkEngine(environment),
    await checkPort('API server port', 6443, clusters),
    await checkPort('Mesos master port', 5050, clusters),
    checkSize(),
  ];
}

function checkHome(home: string): Check {
  const what = 'State folder';
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    rmSync(mkdtempSync(join(home, 'doctor-')), { recursive: true });
    return { what, result: 'ok', found: home };
  } catch (error) {
    return {
      what,
      result: 'failed',
      found: `${home} cannot be written (${messageOf(error)})`,
      advice: 'Make it writable, or name another folder in KMD_HOME.',
    };
  }
}

function checkKubectl(environment: Environment): Check {
  try {
    return { what: 'kubectl', result: 'ok', found: findKubectl(environment) };
  } catch (error) {
    return { what: 'kubectl', result: 'note', found: 'none', advice: `${messageOf(error)}.` };
  }
}

async function checkEngine(environment: Environment): Promise<Check> {
  const engine = (await findEngine({ environment })).find(({ answers }) => answers);
  return engine
    ? { what: 'Docker Engine', result: 'ok', found: `${engine.version ?? 'unknown version'} at ${engine.host}` }
    : {
        what: 'Docker Engine',
        result: 'note',
        found: 'none answers',
        advice: 'kmd up takes the embedded runtime, which needs none.',
      };
}

/** @internal */
export async function checkPort(what: string, port: number, clusters: readonly ClusterRecord[]): Promise<Check> {
  const { moved } = await choosePort({ host: '127.0.0.1', wanted: port, fixed: false, what, option: '' });
  if (!moved) return { what, result: 'ok', found: `${port} is free` };
  const holder = clusters.find(({ phase, apiServer, mesosMaster }) => {
    return phase !== 'stopped' && [apiServer, mesosMaster].some((url) => URL.parse(url)?.port === String(port));
  });
  if (holder) return { what, result: 'ok', found: `${port} is held by cluster "${holder.name}"` };
  const advice = 'kmd up takes a free one in its place and says which.';
  return { what, result: 'note', found: `${port} is taken`, advice };
}

function checkSize(): Check {
  const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const found = `${availableParallelism()} processors, ${gibibytes(freemem())} of ${gibibytes(totalmem())} memory free`;
  return freemem() < 512 * 2 ** 20
    ? { what: 'Machine', result: 'note', found, advice: 'A cluster wants about half a GiB: close something.' }
    : { what: 'Machine', result: 'ok', found };
}
