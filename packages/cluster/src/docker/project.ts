import type { Project, Service } from '@kmd/compose-model';

/** Labels of everything that a cluster has on an engine. `kmd cleanup` goes by them. */
export const clusterLabels = { name: 'dev.kmd.cluster', home: 'dev.kmd.home' } as const;

/**
 * The project as the engine gets it. It is the topology's, with two differences: everything carries the cluster's labels, and the services of kmd do not
 * wait for each other's health, since each of them waits by itself for what it needs (docs/decisions/0011). Conditions of other services stay.
 */
export function projectForEngine(project: Project, cluster: { name: string; home: string }): Project {
  const labels = { [clusterLabels.name]: cluster.name, [clusterLabels.home]: cluster.home };
  const label = <T extends { labels?: Readonly<Record<string, string>> }>(one: T): T => ({
    ...one,
    labels: { ...one.labels, ...labels },
  });
  const each = <T>(all: Readonly<Record<string, T>>, change: (one: T) => T) =>
    Object.fromEntries(Object.entries(all).map(([key, one]) => [key, change(one)]));
  return {
    ...project,
    services: each(project.services, (service) => label(startTogether(service))),
    networks: each(project.networks, label),
    volumes: each(project.volumes, label),
  };
}

/** `mesosslave-1` of the container `kmd-local-mesosslave-1`. */
export const withoutProject = (container: string, project: string): string =>
  container.startsWith(`${project}-`) ? container.slice(project.length + 1) : container;

/** Services that wait by themselves. */
const patient = new Set(['mesosslave', 'apiserver', 'controller', 'scheduler']);

function startTogether(service: Service): Service {
  if (!patient.has(service.name) || service.depends_on === undefined) return service;
  return {
    ...service,
    depends_on: Object.fromEntries(
      Object.entries(service.depends_on).map(([name, dependency]) => [
        name,
        dependency.condition === 'service_healthy' ? { ...dependency, condition: 'service_started' } : dependency,
      ]),
    ),
  };
}
