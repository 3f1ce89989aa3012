import type { EngineProbe } from '@kmd/compose-runner';
import { messageOf } from '../errors.js';
import type { ClusterSpec } from '../options.js';
import type { StepRecorder } from '../progress.js';
import type { Topology } from './plan.js';
import type { ChosenRuntime } from './settle.js';

/**
 * Says which runtime is taken, and why. `auto` takes docker where an engine answers that has all the images (docs/decisions/0012): nobody waits for a
 * download or build that was not asked for. Throws `RuntimeUnavailable` for one that cannot be had.
 */
export async function chooseRuntime(
  spec: ClusterSpec,
  engines: readonly EngineProbe[],
  topology: Topology,
  steps: StepRecorder,
  signal: AbortSignal,
): Promise<ChosenRuntime> {
  if (spec.runtime === 'embedded') return { name: 'embedded' };
  const answering = engines.find(({ answers }) => answers);
  if (spec.runtime === 'auto' && !answering) {
    steps.note('No Docker Engine answers here: taking the embedded runtime (pods are hollow, no container runs)');
    return { name: 'embedded' };
  }
  const { checkEngine, openEngine } = await import('../docker/engine.js');
  if (spec.runtime === 'docker') return { name: 'docker', engine: checkEngine(engines).host };
  const host = answering?.host ?? '';
  const why = await obstacle();
  if (why === undefined) return { name: 'docker', engine: host };
  steps.note(`A Docker Engine answers at ${host}, but ${why}: taking the embedded runtime`);
  return { name: 'embedded' };

  async function obstacle(): Promise<string | undefined> {
    try {
      checkEngine(engines, { elseEmbedded: false });
    } catch (error) {
      return messageOf(error);
    }
    if (!spec.background) return 'this cluster is to end with the process that makes it';
    const { missingImages } = await import('../docker/images.js');
    const engine = openEngine(host);
    try {
      const missing = await missingImages(engine, topology.project, signal);
      return missing.length === 0
        ? undefined
        : `it lacks ${missing.length === 1 ? 'the image' : 'images'} ${missing.join(', ')} (kmd up --runtime docker gets them)`;
    } finally {
      engine.close();
    }
  }
}
