import type { Project } from './model/project.js';
import type { Service } from './model/service.js';

/** Puts services that no active profile takes in among the disabled ones. A service without profiles is always active. */
export function applyProfiles(project: Project, profiles: readonly string[]): Project {
  const isActive = ({ profiles: own = [] }: Service): boolean =>
    own.length === 0 || profiles.includes('*') || own.some((profile) => profiles.includes(profile));
  const services = Object.entries(project.services);
  return {
    ...project,
    services: Object.fromEntries(services.filter(([, service]) => isActive(service))),
    disabledServices: Object.fromEntries(services.filter(([, service]) => !isActive(service))),
  };
}
