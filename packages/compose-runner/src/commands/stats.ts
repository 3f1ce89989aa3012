import type { CallOptions, ContainerUsage, DockerEngine } from '../engine/docker-engine.js';
import { ps } from './inspect.js';

/** What a container uses. */
export interface StatsRow extends ContainerUsage {
  readonly container: string;
  readonly service: string;
}

/** What each running container of a project uses, measured over about a second. */
export async function stats(
  engine: DockerEngine,
  project: string,
  options: CallOptions & { readonly services?: readonly string[] } = {},
): Promise<StatsRow[]> {
  const rows = await ps(engine, project, options);
  return Promise.all(
    rows.map(async ({ id, name, service }) => ({ container: name, service, ...(await engine.usage(id, options)) })),
  );
}
