import type { Project, Service } from '@kmd/compose-model';

type Named = Pick<Project, 'name'>;

/**
 * The name of a service's container: `container_name`, else `project-service-number`.
 * @param number of the replica, counted from 1
 */
export function containerName(
  project: Named,
  service: Pick<Service, 'name' | 'container_name'>,
  number: number,
): string {
  return service.container_name ?? `${project.name}-${service.name}-${number}`;
}

/** What an image that is built for a service is called. */
export function imageName(project: Named, service: Pick<Service, 'name' | 'image'>): string {
  return service.image ?? `${project.name}-${service.name}`;
}
