import type { Project } from '@kmd/compose-model';

/** The project with another published port of one service. */
export function publish(project: Project, name: string, target: number, port: number): Project {
  const service = project.services[name];
  if (!service) return project;
  const ports = (service.ports ?? []).map((one) => (one.target === target ? { ...one, published: String(port) } : one));
  return { ...project, services: { ...project.services, [name]: { ...service, ports } } };
}

/** Where a service has a fixed address in a network of the project. */
export function fixedAddresses(project: Project, name: string): string[] {
  return Object.values(project.services[name]?.networks ?? {}).flatMap((network) => network?.ipv4_address ?? []);
}

/** The project with another number of agents. */
export function scaleAgents(project: Project, agents: number): Project {
  const service = project.services['mesosslave'];
  if (!service) return project;
  return { ...project, services: { ...project.services, mesosslave: { ...service, scale: agents } } };
}
