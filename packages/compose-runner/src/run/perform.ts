import { EngineError, isOlderApi, type LocalImage } from '@kmd/image-builder';
import { composeLabels } from '../compose-labels.js';
import { imageName } from '../container-name.js';
import { containerSpec } from '../create/container-spec.js';
import { copyFiles } from '../create/copy-files.js';
import { networkSpec, volumeSpec } from '../create/resources.js';
import type { DockerEngine, EngineNetwork } from '../engine/docker-engine.js';
import { lastLines } from '../logs/last-lines.js';
import type { ObservedContainer } from '../observe/observed.js';
import type { Action } from '../plan/action.js';
import { expectedHash } from '../plan/divergence.js';
import { RunnerError } from '../runner-error.js';
import { prepareService, runHooks } from './hooks.js';
import { removeNetwork } from './remove-network.js';
import { containerFor, serviceOf, type Stage } from './stage.js';
import { stopContainer } from './stop-container.js';
import { unlessGone, unlessThere } from './unless-gone.js';
import { waitFor } from './wait.js';

function refused(
  what: string,
  cause: unknown,
  about: { service: string; container: string; output?: readonly string[] },
): unknown {
  if (!(cause instanceof EngineError) || cause.code === 'engine-unreachable') return cause;
  const why = cause.message.replace(/^[A-Z]+ \/\S+: /, '');
  return new RunnerError('engine-refused', `${what}: ${why}`, { ...about, cause });
}

async function createContainer(
  stage: Stage,
  { service: serviceName, number, name }: { service: string; number: number; name: string },
  signal: AbortSignal,
  replaced?: ObservedContainer,
): Promise<{ id: string; name: string }> {
  const { engine, project, observed, origin } = stage;
  const service = serviceOf(stage, serviceName);
  const containerOf = (other: string): string => containerFor(stage, other, serviceName);
  const image: LocalImage | undefined = observed.images.get(imageName(project, service));
  const { body, connectLater } = containerSpec({
    project,
    service,
    number,
    name,
    image,
    containerOf,
    apiVersion: await engine.apiVersion(),
    ...(replaced !== undefined && stage.renewVolumes !== true && { replaced: replaced.mounts }),
    labels: composeLabels({
      project,
      service,
      number,
      configFiles: origin.configFiles ?? [],
      ...(origin.environmentFile !== undefined && { environmentFile: origin.environmentFile }),
      configHash: expectedHash(service, containerOf),
      ...(image !== undefined && { imageDigest: image.id }),
      ...(replaced !== undefined && { replaces: service.container_name ?? `${service.name}-${number}` }),
    }),
  });
  const createdName = replaced === undefined ? name : `${replaced.id.slice(0, 12)}_${name}`;
  const platform = service.platform === undefined ? {} : { platform: service.platform };
  let id: string;
  try {
    id = await engine.create(createdName, body, { signal, ...platform });
  } catch (error) {
    throw refused(`container ${name} cannot be created`, error, { service: serviceName, container: name });
  }
  try {
    for (const { network, config } of connectLater) await engine.connect(network, id, config, { signal });
  } catch (error) {
    await unlessGone(engine.remove(id, { force: true }));
    throw refused(`container ${name} cannot be put on its networks`, error, { service: serviceName, container: name });
  }
  return { id, name: createdName };
}

/**
 * Puts a container in the place of another: it is made beside the old one, which is stopped and removed only then. When that is
 * interrupted before the old one is gone, the new one is taken away again.
 */
async function recreate(stage: Stage, action: Action & { type: 'recreate' }, signal: AbortSignal): Promise<void> {
  const { engine } = stage;
  const { old, name, service } = action;
  const made = await createContainer(stage, action, signal, old);
  try {
    await stopContainer(engine, stage.project.services, old, { ...stage, signal });
    signal.throwIfAborted();
  } catch (error) {
    await unlessGone(engine.remove(made.id, { force: true }));
    throw error;
  }
  // From here on it goes through, whatever the signal says: what lies between is a project without either container.
  await unlessGone(engine.remove(old.id, { force: true }));
  await engine.rename(made.id, name);
  stage.made.set(service, stage.made.get(service) ?? made.id);
}

async function start(
  stage: Stage,
  { service: serviceName, name }: Action & { type: 'start' },
  signal: AbortSignal,
): Promise<void> {
  const { engine } = stage;
  const service = serviceOf(stage, serviceName);
  await prepareService(stage, service, name, signal);
  try {
    await copyFiles(engine, stage.project, service, name, { signal });
    await engine.start(name, { signal });
  } catch (error) {
    signal.throwIfAborted();
    const output = await lastLines(engine, name, 10);
    throw refused(`container ${name} cannot be started`, error, { service: serviceName, container: name, output });
  }
  await runHooks(engine, service, 'post_start', { id: name, name }, { signal, onProgress: stage.onProgress });
}

/**
 * Engines before API 1.44 let two create a network of one name at once, and then refuse what names it. The later one gives way.
 */
async function yieldToOlder(engine: DockerEngine, name: string, id: string, signal: AbortSignal): Promise<void> {
  if (!isOlderApi(await engine.apiVersion(), '1.44')) return;
  const [own, ...others] = (await engine.networks({ signal }))
    .filter((one) => one.name === name)
    .sort((a, b) => Number(b.id === id) - Number(a.id === id));
  if (own?.id !== id || !others.some((other) => moment(other) < moment(own))) return;
  await unlessGone(engine.removeNetwork(id, { signal }));
}

/** Without its zone, so that a fraction with fewer digits is less than one that goes on. */
const moment = ({ created }: EngineNetwork): string => created.replace(/(?:Z|[+-]\d\d:\d\d)$/, '');

/** Carries one action out. @throws RunnerError, EngineError, or the signal's reason */
export async function perform(stage: Stage, action: Action, signal: AbortSignal): Promise<void> {
  const { engine, project, watch, stopTimeout } = stage;
  switch (action.type) {
    case 'create-network': {
      const network = project.networks[action.key];
      if (network === undefined) return;
      const id = await unlessThere(engine.createNetwork(networkSpec(project, action.key, network), { signal }));
      return id === undefined ? undefined : yieldToOlder(engine, action.name, id, signal);
    }
    case 'remove-network':
      for (const container of action.attached) {
        await unlessGone(engine.stop(container, { signal, timeout: stopTimeout }));
        await unlessGone(engine.disconnect(action.name, container, { signal }));
      }
      try {
        return await removeNetwork(engine, action, { signal });
      } catch (error) {
        if (!action.unlessUsed || !(error instanceof RunnerError)) throw error;
        return stage.onProgress?.({ type: 'warning', text: error.message });
      }
    case 'create-volume': {
      const volume = project.volumes[action.key];
      if (volume !== undefined) await engine.createVolume(volumeSpec(project, action.key, volume), { signal });
      return;
    }
    case 'remove-volume':
      return unlessGone(engine.removeVolume(action.volume.name, { signal }));
    case 'create': {
      const { id } = await createContainer(stage, action, signal);
      if (!stage.made.has(action.service)) stage.made.set(action.service, id);
      return;
    }
    case 'recreate':
      return recreate(stage, action, signal);
    case 'rename':
      return engine.rename(action.container.id, action.name, { signal });
    case 'stop':
      return stopContainer(engine, project.services, action.container, { ...stage, signal });
    case 'remove':
      return unlessGone(engine.remove(action.container.id, { signal, force: true, volumes: action.volumes }));
    case 'wait':
      try {
        await waitFor({ engine, watch }, action.for, 'dependency-failed', signal);
      } catch (error) {
        if (action.for.required || !(error instanceof RunnerError)) throw error;
        stage.onProgress?.({ type: 'warning', text: error.message });
      }
      return;
    case 'start':
      return start(stage, action, signal);
  }
}
