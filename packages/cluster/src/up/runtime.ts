import type { EngineProbe } from '@kmd/compose-runner';
import { ClusterError } from '../errors.js';
import type { ClusterSpec } from '../options.js';
import type { StepRecorder } from '../progress.js';

/** Says which runtime is taken, and why. Throws `RuntimeUnavailable` for one that cannot be had. */
export function chooseRuntime(spec: ClusterSpec, engines: readonly EngineProbe[], steps: StepRecorder): void {
  const engine = engines.find(({ answers }) => answers);
  if (spec.runtime === 'docker') {
    throw new ClusterError(
      'RuntimeUnavailable',
      'the docker runtime is not part of this version of kmd: leave --runtime out, or give --runtime embedded',
    );
  }
  if (spec.runtime === 'embedded') return;
  steps.note(
    engine
      ? `A Docker Engine answers at ${engine.host}, but this version of kmd has no docker runtime yet: taking the embedded runtime`
      : 'No Docker Engine answers here: taking the embedded runtime (pods are hollow, no container runs)',
  );
}
