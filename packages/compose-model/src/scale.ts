import { ComposeError } from './diagnostics/compose-error.js';
import type { Project } from './model/project.js';
import type { Service } from './model/service.js';
import { similar } from './schema/similar.js';

function refuse(name: string, message: string, hint?: string): never {
  const path = `services.${name}`;
  throw new ComposeError([{ code: 'selection', message, path, ...(hint !== undefined && { hint }) }]);
}

/**
 * The same project with other numbers of containers, as `--scale web=3` asks for. `scale` and, where it is stated,
 * `deploy.replicas` of the service change; the given project does not.
 * @param replicas whole numbers from 0, by service
 * @throws ComposeError `selection` for a service that is not there or not active, a number that is none, or several containers of one name
 */
export function scale(project: Project, replicas: Readonly<Record<string, number>>): Project {
  const services: Record<string, Service> = { ...project.services };
  for (const [name, number] of Object.entries(replicas)) {
    const service = Object.hasOwn(services, name) ? services[name] : undefined;
    if (service === undefined) {
      const near = similar(name, Object.keys(services));
      return refuse(name, `no such service: ${name}`, near === undefined ? undefined : `did you mean ${near}?`);
    }
    if (!Number.isSafeInteger(number) || number < 0) {
      return refuse(name, `services.${name}.scale: ${number} is not a whole number from 0`);
    }
    if (number > 1 && service.container_name !== undefined) {
      return refuse(
        name,
        `services.${name}: ${number} containers cannot all be called ${JSON.stringify(service.container_name)}`,
        'take container_name away',
      );
    }
    services[name] = {
      ...service,
      scale: number,
      ...(service.deploy?.replicas !== undefined && { deploy: { ...service.deploy, replicas: number } }),
    };
  }
  return { ...project, services };
}
