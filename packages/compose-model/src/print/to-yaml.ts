import { sorted } from '../model/codec.js';
import type { Codec } from '../model/reading.js';
import { configCodec, modelCodec, networkCodec, secretCodec, volumeCodec, type Project } from '../model/project.js';
import { serviceCodec } from '../model/service.js';
import { extensionsOf, withoutContent } from './to-json.js';
import { printYaml } from './yaml-text.js';

type Plain = Record<string, unknown>;

function printAll<T>(codec: Codec<T>, values: Readonly<Record<string, T>>): Plain {
  return sorted(Object.entries(values).map(([key, value]) => [key, codec.print(value)] as const));
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keys of the build's ssh agent are texts here: `id` or `id: path`. */
function withKeys(service: unknown): unknown {
  const build = isPlain(service) ? service['build'] : undefined;
  const keys = isPlain(build) ? build['ssh'] : undefined;
  if (!isPlain(service) || !isPlain(build) || !Array.isArray(keys)) return service;
  const ssh = keys.map((key: unknown) =>
    isPlain(key) ? Object.entries(key).map(([id, path]) => `${id}: ${String(path)}`)[0] : key,
  );
  return { ...service, build: { ...build, ssh } };
}

/** The plain data that `toYaml` prints. */
export function toYamlData(project: Project): Plain {
  const services = Object.entries(project.services).map(
    ([key, service]) => [key, withKeys(serviceCodec.print(service))] as const,
  );
  const sections: [string, Plain][] = [
    ['networks', printAll(networkCodec, project.networks)],
    ['volumes', printAll(volumeCodec, project.volumes)],
    ['secrets', printAll(secretCodec, withoutContent(project.secrets, true))],
    ['configs', printAll(configCodec, withoutContent(project.configs, false))],
    ['models', printAll(modelCodec, project.models)],
  ];
  return {
    name: project.name,
    services: sorted(services),
    ...Object.fromEntries(sections.filter(([, section]) => Object.keys(section).length > 0)),
    ...sorted(extensionsOf(project)),
  };
}

/**
 * What `docker compose config` prints, before dollars are doubled: YAML in canonical form, which loads to the same project again. Unlike
 * `toJson` it has the `x-` keys of every level and the models. Values of secrets are not printed.
 */
export function toYaml(project: Project): string {
  return printYaml(toYamlData(project));
}
