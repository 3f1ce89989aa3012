import type { Pod } from '@kmd/kube-client';
import { RUNTIME } from '../annotation.js';
import type { PodRun, PodRuntime, PodSite } from './pod/runtime.js';

/** A pod that asks for a runtime which is not here: it waits, and its status says why. */
function refuse(pod: Pod, { report, hostIP, podIP }: PodSite, message: string): PodRun {
  const waiting = { reason: 'CreatePodSandboxError', message };
  report({
    phase: 'Pending',
    hostIP,
    podIP,
    reason: waiting.reason,
    message,
    containerStatuses: (pod.spec?.containers ?? []).map(({ name, image = '' }) => ({
      name,
      image,
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { waiting },
    })),
  });
  return { stop: () => Promise.resolve(), log: () => undefined };
}

/** Gives each pod to the runtime that its annotation `kmd.dev/runtime` names, or to the first. */
export function chooseRuntime(runtimes: readonly [PodRuntime, ...PodRuntime[]]): PodRuntime {
  const [first] = runtimes;
  return {
    name: first.name,
    start: (pod, site) => {
      const wanted = pod.metadata?.annotations?.[RUNTIME] ?? first.name;
      const runtime = runtimes.find(({ name }) => name === wanted);
      if (runtime) return runtime.start(pod, site);
      const known = runtimes.map(({ name }) => name).join(', ');
      return refuse(pod, site, `this node has no runtime "${wanted}": it has ${known}`);
    },
  };
}
