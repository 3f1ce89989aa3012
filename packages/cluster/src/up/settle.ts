import { readFileSync } from 'node:fs';
import { type EngineProbe, findEngine } from '@kmd/compose-runner/find-engine';
import { ClusterError, messageOf } from '../errors.js';
import type { StepRecorder } from '../progress.js';
import { writePrivateFile } from '../state/record.js';
import type { ClusterPaths } from '../state/paths.js';
import type { UpContext } from './context.js';
import { loadTopology, type Topology } from './plan.js';
import { choosePorts, reservePorts } from './ports.js';
import { locatePrograms } from './programs.js';

/** A runtime that was chosen. */
export type ChosenRuntime = { name: 'embedded' } | { name: 'docker'; engine: string };

export interface Settled {
  topology: Topology;
  runtime: ChosenRuntime;
}

/**
 * Decides all that is to be decided before anything starts: files, options, runtime, ports. What comes of it is kept in a file: a cluster that is started
 * again or scaled goes on from there, whatever the environment says by then.
 */
export async function settleTopology(context: UpContext, steps: StepRecorder): Promise<Settled> {
  const { spec, paths, environment, signal, stale } = context;
  if (context.resume && stale) {
    const topology = readTopology(paths);
    if (stale.runtime === 'docker') return { topology, runtime: { name: 'docker', engine: stale.engine } };
    await reservePorts(topology);
    return { topology, runtime: { name: 'embedded' } };
  }
  const engines: Promise<readonly EngineProbe[]> =
    spec.runtime === 'embedded' ? Promise.resolve([]) : findEngine({ environment, signal });
  engines.catch(() => undefined);
  const { topology: topologyFile } = locatePrograms();
  let topology = await loadTopology(topologyFile, spec, paths, process.cwd());
  const { chooseRuntime } = await import('./runtime.js');
  const runtime = await chooseRuntime(spec, await engines, topology, steps, signal);
  if (runtime.name === 'docker') {
    const { fitNetwork } = await import('../docker/settle.js');
    topology = await fitNetwork(context, topology, runtime.engine, (variables) =>
      loadTopology(topologyFile, { ...spec, variables: { ...spec.variables, ...variables } }, paths, process.cwd()),
    );
  }
  for (const warning of topology.warnings) steps.note(warning, 'warning');
  topology = await choosePorts(spec, topology, runtime.name, steps);
  writeTopology(paths, topology);
  return { topology, runtime };
}

export function writeTopology(paths: ClusterPaths, topology: Topology): void {
  writePrivateFile(
    paths.topology,
    `${JSON.stringify(topology, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}\n`,
  );
}

/** What an earlier `up` settled. Throws `NotRunning` where that is lost. */
export function readTopology(paths: ClusterPaths): Topology {
  try {
    // Written by this program alone, into a folder of its own.
    return JSON.parse(readFileSync(paths.topology, 'utf8')) as Topology;
  } catch (error) {
    throw new ClusterError(
      'NotRunning',
      `what the cluster was made of cannot be read (${messageOf(error)}): run kmd down, then kmd up`,
      { cause: error },
    );
  }
}
