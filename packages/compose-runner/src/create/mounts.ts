import type { Mount, Project, Service } from '@kmd/compose-model';
import type { LocalImage } from '@kmd/image-builder';
import type { EngineMount } from '../engine/docker-engine.js';
import { RunnerError } from '../runner-error.js';

type Json = Readonly<Record<string, unknown>>;

/** `source:target:mode`, which creates a folder of the host where there is none, as Compose files expect. */
function printBind(mount: Mount, source: string): string {
  const modes = [
    mount.read_only === true ? 'ro' : 'rw',
    ...(mount.bind?.selinux === undefined ? [] : [mount.bind.selinux]),
    ...(mount.bind?.propagation === undefined ? [] : [mount.bind.propagation]),
    ...(mount.volume?.nocopy === true ? ['nocopy'] : []),
  ];
  return `${source}:${mount.target ?? ''}:${modes.join(',')}`;
}

function printMount(mount: Mount, source: string | undefined): Json {
  const { tmpfs, volume, image } = mount;
  return {
    Type: mount.type ?? 'volume',
    ...(source !== undefined && { Source: source }),
    Target: mount.target,
    ...(mount.read_only === true && { ReadOnly: true }),
    ...(mount.consistency !== undefined && { Consistency: mount.consistency }),
    ...(mount.bind?.propagation !== undefined && { BindOptions: { Propagation: mount.bind.propagation } }),
    ...(volume !== undefined &&
      mount.type === 'volume' && {
        VolumeOptions: {
          ...(volume.nocopy === true && { NoCopy: true }),
          ...(volume.subpath !== undefined && { Subpath: volume.subpath }),
          ...(volume.labels !== undefined && { Labels: volume.labels }),
        },
      }),
    ...(tmpfs !== undefined &&
      mount.type === 'tmpfs' && {
        TmpfsOptions: {
          ...(tmpfs.size !== undefined && { SizeBytes: Number(tmpfs.size) }),
          ...(tmpfs.mode !== undefined && { Mode: tmpfs.mode }),
        },
      }),
    ...(image?.subpath !== undefined && { ImageOptions: { Subpath: image.subpath } }),
  };
}

/** A secret or config of a service: what it holds, and where it goes. */
interface Granted {
  readonly target: string;
  readonly file?: string;
  readonly content?: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

function grantedTo(project: Project, service: Service): Granted[] {
  const resolve = (kind: 'secrets' | 'configs'): Granted[] =>
    (service[kind] ?? []).map((grant) => {
      const source = grant.source ?? '';
      const found = project[kind][source];
      if (found?.external === true) {
        throw new RunnerError(
          'unsupported',
          `services.${service.name}.${kind}: ${source} is external, and an engine outside a swarm keeps none; give it a file, content or environment`,
          { service: service.name },
        );
      }
      const stated = grant.target ?? (kind === 'secrets' ? source : `/${source}`);
      return {
        target: stated.startsWith('/') ? stated : `/run/secrets/${stated}`,
        ...(found?.file !== undefined && { file: found.file }),
        ...(found?.content !== undefined && { content: found.content }),
        uid: Number(grant.uid ?? 0),
        gid: Number(grant.gid ?? 0),
        mode: grant.mode ?? 0o444,
      };
    });
  return [...resolve('configs'), ...resolve('secrets')];
}

/** Files that are copied into a container before each start: secrets and configs that are not files of the host. */
export interface CopiedFile {
  readonly path: string;
  readonly content: string;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** @throws RunnerError for a container whose files cannot be written */
export function copiedFilesOf(project: Project, service: Service): CopiedFile[] {
  const files = grantedTo(project, service).flatMap(({ target, file, content, uid, gid, mode }) =>
    file === undefined && content !== undefined ? [{ path: target.slice(1), content, uid, gid, mode }] : [],
  );
  if (files.length > 0 && service.read_only === true) {
    throw new RunnerError(
      'unsupported',
      `services.${service.name}: read_only leaves no way to copy /${files[0]?.path ?? ''} in; give the secret or config as a file`,
      { service: service.name },
    );
  }
  return files;
}

/**
 * Anonymous volumes that a new container takes over from the one it replaces: at paths that the image or the service declares as a volume
 * without a name, so that what was written there survives.
 */
export function inheritedMounts(service: Service, image: LocalImage | undefined, old: readonly EngineMount[]): Json[] {
  const named = new Set((service.volumes ?? []).filter((one) => one.source !== undefined).map((one) => one.target));
  const nameless = (service.volumes ?? []).filter((one) => one.type === 'volume' && one.source === undefined);
  const paths = new Set([...(image?.volumes ?? []), ...nameless.map((one) => one.target)]);
  return old
    .filter(
      ({ type, name, target }) => type === 'volume' && name !== undefined && paths.has(target) && !named.has(target),
    )
    .map(({ name, target }) => ({ Type: 'volume', Source: name, Target: target }));
}

/** What the engine is told of a service's volumes, configs and secrets. */
export function mountsOf(
  project: Project,
  service: Service,
  inherited: readonly Json[],
): { Binds: string[]; Mounts: Json[] } {
  const binds: string[] = [];
  const mounts: Json[] = [...inherited];
  const taken = new Set(inherited.map((mount) => mount['Target']));
  for (const mount of service.volumes ?? []) {
    const { type, source } = mount;
    if (
      type === 'volume' &&
      source !== undefined &&
      mount.volume?.subpath === undefined &&
      mount.volume?.labels === undefined
    ) {
      binds.push(printBind(mount, project.volumes[source]?.name ?? source));
    } else if (type === 'bind' && source !== undefined && mount.bind?.create_host_path !== false) {
      binds.push(printBind(mount, source));
    } else if (!taken.has(mount.target)) {
      const name = type === 'volume' && source !== undefined ? (project.volumes[source]?.name ?? source) : source;
      mounts.push(printMount(mount, name));
    }
  }
  for (const { target, file } of grantedTo(project, service)) {
    if (file !== undefined) mounts.push({ Type: 'bind', Source: file, Target: target, ReadOnly: true });
  }
  return { Binds: binds, Mounts: mounts };
}
