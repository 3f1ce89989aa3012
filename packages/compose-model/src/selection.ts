import type { Findings } from './diagnostics/compose-error.js';
import { serviceOrder } from './graph/graph.js';
import type { Project } from './model/project.js';
import type { Service } from './model/service.js';
import { similar } from './schema/similar.js';

/**
 * Keeps the named services and what they depend on. Naming a disabled service activates its profiles; it does not activate
 * those of its dependencies (specification notes, A12).
 */
export function selectServices(project: Project, names: readonly string[], findings: Findings): Project {
  const refuse = (name: string): never => {
    const near = similar(name, [...Object.keys(project.services), ...Object.keys(project.disabledServices)]);
    const hint = near === undefined || near === name ? undefined : `did you mean ${near}?`;
    return findings.fail({ code: 'selection', text: `no such service: ${name}`, hint });
  };
  const enabled = enableServices(project, names);
  for (const name of names) if (!Object.hasOwn(enabled.services, name)) refuse(name);
  const kept = new Set(serviceOrder(enabled, { only: names }));
  for (const name of kept) {
    for (const [target, dependency] of Object.entries(enabled.services[name]?.depends_on ?? {})) {
      if (!kept.has(target) && dependency.required !== false) refuse(target);
    }
  }
  const services = Object.entries(enabled.services);
  return {
    ...enabled,
    services: Object.fromEntries(
      services.filter(([name]) => kept.has(name)).map(([name, service]) => [name, keepEdges(service, kept)]),
    ),
    disabledServices: {
      ...enabled.disabledServices,
      ...Object.fromEntries(services.filter(([name]) => !kept.has(name))),
    },
  };
}

function keepEdges(service: Service, kept: ReadonlySet<string>): Service {
  const dependencies = Object.entries(service.depends_on ?? {}).filter(([name]) => kept.has(name));
  const made: Service = { ...service, depends_on: Object.fromEntries(dependencies) };
  if (dependencies.length === 0) delete made.depends_on;
  return made;
}

function enableServices(project: Project, names: readonly string[]): Project {
  const profiles = new Set(names.flatMap((name) => project.disabledServices[name]?.profiles ?? []));
  if (profiles.size === 0) return project;
  const isActive = (service: Service): boolean => (service.profiles ?? []).some((profile) => profiles.has(profile));
  const disabled = Object.entries(project.disabledServices);
  const services = [...Object.entries(project.services), ...disabled.filter(([, service]) => isActive(service))];
  return {
    ...project,
    services: Object.fromEntries(services.sort(([a], [b]) => (a < b ? -1 : 1))),
    disabledServices: Object.fromEntries(disabled.filter(([, service]) => !isActive(service))),
  };
}

/** Leaves out networks, volumes, secrets, configs and models that no active service uses. */
export function pruneResources(project: Project): Project {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
    models: new Set<string>(),
  };
  for (const service of Object.values(project.services)) {
    for (const name of Object.keys(service.networks ?? {})) used.networks.add(name);
    for (const name of Object.keys(service.models ?? {})) used.models.add(name);
    for (const mount of service.volumes ?? []) if (mount.type === 'volume') used.volumes.add(mount.source ?? '');
    for (const secret of [...(service.secrets ?? []), ...(service.build?.secrets ?? [])])
      used.secrets.add(secret.source ?? '');
    for (const config of service.configs ?? []) used.configs.add(config.source ?? '');
  }
  const keep = <T>(resources: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> =>
    Object.fromEntries(Object.entries(resources).filter(([name]) => names.has(name)));
  return {
    ...project,
    networks: keep(project.networks, used.networks),
    volumes: keep(project.volumes, used.volumes),
    secrets: keep(project.secrets, used.secrets),
    configs: keep(project.configs, used.configs),
    models: keep(project.models, used.models),
  };
}
