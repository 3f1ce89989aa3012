import type { Service } from '@kmd/compose-model';
import { Tail } from '@kmd/image-builder';
import { imageName } from '../container-name.js';
import { compact } from '../create/host-config.js';
import { endpointsOf, splitEndpoints } from '../create/networking.js';
import { resolveShared } from '../create/container-spec.js';
import { resourceLabels } from '../compose-labels.js';
import type { DockerEngine } from '../engine/docker-engine.js';
import type { CommandOptions, HookKind } from '../event.js';
import { label } from '../labels.js';
import { converse } from '../logs/converse.js';
import { lastLines } from '../logs/last-lines.js';

import { RunnerError } from '../runner-error.js';
import { containerFor, type Stage } from './stage.js';
import { unlessGone } from './unless-gone.js';

const keptLines = 10;

type Hook = NonNullable<Service['pre_start']>[number];

const environmentOf = (environment: Service['environment']): string[] =>
  Object.entries(environment ?? {}).map(([key, value]) => (value === null ? key : `${key}=${value}`));

/**
 * Runs a service's `post_start` or `pre_stop` hooks in a container that runs, one after another.
 * @throws RunnerError `hook-failed`, with the last lines, when one ends with another code than 0
 */
export async function runHooks(
  engine: DockerEngine,
  service: Service,
  kind: Exclude<HookKind, 'pre_start'>,
  container: { readonly id: string; readonly name: string },
  { signal, onProgress }: CommandOptions,
): Promise<void> {
  for (const { command = [], user, privileged, working_dir, environment } of service[kind] ?? []) {
    const tail = new Tail(keptLines, (text) =>
      onProgress?.({ type: 'hook', kind, service: service.name, container: container.name, text }),
    );
    const set = Object.entries(environment ?? {}).flatMap(([key, value]) => (value === null ? [] : [[key, value]]));
    const { stream, exitCode } = await engine.exec(
      container.id,
      {
        command,
        environment: Object.fromEntries(set),
        ...(user !== undefined && { user }),
        ...(privileged !== undefined && { privileged }),
        ...(working_dir !== undefined && { workingDir: working_dir }),
      },
      { signal },
    );
    await converse(stream, false, { signal, onOutput: (_from, bytes) => tail.add(bytes) });
    failUnlessZero(await exitCode(), { service, kind, container: container.name, command, output: tail.end() });
  }
}

function failUnlessZero(
  code: number,
  about: {
    service: Service;
    kind: HookKind;
    container: string;
    command: readonly string[];
    output: readonly string[];
  },
): void {
  if (code === 0) return;
  const { service, kind, container, command, output } = about;
  const text = `services.${service.name}.${kind}: ${command.join(' ')} ended with ${code} in ${container}`;
  throw new RunnerError('hook-failed', text, { service: service.name, container, output });
}

/**
 * Runs a service's `pre_start` hooks before its first container starts: each in a container of its own that has the volumes of the one
 * that is about to start, and its networks. They are labelled as docker compose labels them, and removed when they are over.
 * @throws RunnerError `hook-failed`
 */
export async function prepareService(
  stage: Stage,
  service: Service,
  container: string,
  signal: AbortSignal,
): Promise<void> {
  if (stage.prepared.has(service.name)) return;
  stage.prepared.add(service.name);
  for (const hook of service.pre_start ?? []) {
    if (hook.per_replica === true) {
      throw new RunnerError('unsupported', `services.${service.name}.pre_start: per_replica is not supported`, {
        service: service.name,
      });
    }
    await prepare(stage, service, { hook, container, signal });
  }
}

async function prepare(
  stage: Stage,
  service: Service,
  { hook, container, signal }: { hook: Hook; container: string; signal: AbortSignal },
): Promise<void> {
  const { engine, project, watch, onProgress } = stage;
  const name = `${container}-pre-start`;
  const [now, later] = splitEndpoints(endpointsOf(project, service, name), await engine.apiVersion());
  const shared = (mode: string | undefined): string | undefined =>
    resolveShared(mode, (other) => containerFor(stage, other, service.name));
  // One that was cut off before may be left.
  await unlessGone(engine.remove(name, { force: true, volumes: true, signal }));
  const id = await engine.create(
    name,
    compact({
      Image: hook.image ?? imageName(project, service),
      Cmd: hook.command,
      User: hook.user,
      WorkingDir: hook.working_dir,
      Env: [...environmentOf(service.environment), ...environmentOf(hook.environment)],
      Labels: {
        ...resourceLabels(project.name, 'service', service.name),
        [label.hook]: 'pre_start',
      },
      HostConfig: compact({
        Privileged: hook.privileged === true,
        VolumesFrom: [container],
        NetworkMode: shared(service.network_mode) ?? now[0]?.network ?? 'none',
      }),
      NetworkingConfig:
        now.length === 0
          ? undefined
          : { EndpointsConfig: Object.fromEntries(now.map((one) => [one.network, one.config])) },
    }),
    { signal },
  );
  try {
    for (const { network, config } of later) await engine.connect(network, id, config, { signal });
    // Not cancelled in the middle: what is removed meanwhile must not be on its way up.
    await engine.start(id);
    const code = await watch.until(
      name,
      ({ status, exitCode }) => (status === 'exited' || status === 'dead' ? exitCode : undefined),
      signal,
    );
    const output = await lastLines(engine, id, keptLines);
    for (const text of output)
      onProgress?.({ type: 'hook', kind: 'pre_start', service: service.name, container: name, text });
    failUnlessZero(code, { service, kind: 'pre_start', container: name, command: hook.command ?? [], output });
  } finally {
    await unlessGone(engine.remove(id, { force: true, volumes: true }));
  }
}
