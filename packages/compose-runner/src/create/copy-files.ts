import type { Project, Service } from '@kmd/compose-model';
import { tarEnd, tarHeader, tarPadding } from '@kmd/image-builder';
import type { CallOptions, DockerEngine } from '../engine/docker-engine.js';
import { copiedFilesOf } from './mounts.js';

/** Copies secrets and configs that are no files of the host into a container, as is done before each start. @throws RunnerError */
export async function copyFiles(
  engine: Pick<DockerEngine, 'putFiles'>,
  project: Project,
  service: Service,
  container: string,
  options: CallOptions,
): Promise<void> {
  const files = copiedFilesOf(project, service);
  if (files.length === 0) return;
  const parts = files.flatMap(({ path, content, mode, uid, gid }) => {
    const bytes = Buffer.from(content);
    return [
      tarHeader({ name: path, kind: 'file', mode, uid, gid, size: bytes.length }),
      bytes,
      tarPadding(bytes.length),
    ];
  });
  await engine.putFiles(container, Buffer.concat([...parts, tarEnd]), options);
}
