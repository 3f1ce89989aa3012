import type { Service } from '@kmd/compose-model';

/** The release of docker compose whose labels these are. */
export const composeVersion = '2.40.3';

const prefix = 'com.docker.compose';

/** What the labels of a container are made of. */
export interface ContainerIdentity {
  readonly project: { readonly name: string; readonly workingDir: string };
  readonly service: Pick<Service, 'name' | 'labels' | 'depends_on'>;
  /** Number of the replica, counted from 1. */
  readonly number: number;
  /** Absolute paths of the Compose files, in merge order. */
  readonly configFiles: readonly string[];
  /** Absolute path of the `--env-file`, when one was given. */
  readonly environmentFile?: string;
  /** Hash of the service's configuration. Every listing of docker compose looks for the label that holds it. */
  readonly configHash: string;
  /** Digest of the local image, for noticing that it changed. */
  readonly imageDigest?: string;
  /** On a container that is made in place of another: `service-number`, or its own name. */
  readonly replaces?: string;
}

/** The labels that make `docker compose ps`, `logs`, `stop` and `down` see a container as theirs. The user's own labels come along. */
export function composeLabels(identity: ContainerIdentity): Record<string, string> {
  const { project, service } = identity;
  const dependencies = Object.entries(service.depends_on ?? {})
    .map(([name, { condition = 'service_started', restart = false }]) => `${name}:${condition}:${restart}`)
    .sort();
  return {
    ...service.labels,
    [`${prefix}.project`]: project.name,
    [`${prefix}.service`]: service.name,
    [`${prefix}.oneoff`]: 'False',
    [`${prefix}.version`]: composeVersion,
    [`${prefix}.project.working_dir`]: project.workingDir,
    [`${prefix}.project.config_files`]: identity.configFiles.join(','),
    ...(identity.environmentFile !== undefined && { [`${prefix}.project.environment_file`]: identity.environmentFile }),
    [`${prefix}.config-hash`]: identity.configHash,
    [`${prefix}.container-number`]: String(identity.number),
    [`${prefix}.depends_on`]: dependencies.join(','),
    ...(identity.imageDigest !== undefined && { [`${prefix}.image`]: identity.imageDigest }),
    ...(identity.replaces !== undefined && { [`${prefix}.replace`]: identity.replaces }),
  };
}

/** The labels of a network or volume that the project owns, and of the containers of hooks. External ones carry none. */
export function resourceLabels(
  projectName: string,
  kind: 'network' | 'volume' | 'service',
  key: string,
  labels: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    ...labels,
    [`${prefix}.${kind}`]: key,
    [`${prefix}.project`]: projectName,
    [`${prefix}.version`]: composeVersion,
  };
}
