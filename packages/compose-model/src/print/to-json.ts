import type { Codec } from '../model/codec.js';
import { sorted } from '../model/codec.js';
import {
  configCodec,
  networkCodec,
  secretCodec,
  volumeCodec,
  type Config,
  type Project,
  type Secret,
} from '../model/project.js';
import { serviceCodec, type Service } from '../model/service.js';

type Plain = Record<string, unknown>;

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON of docker compose has no `x-` keys below the top level. Names that users choose may start with `x-`, and stay. */
function withoutExtensions(value: Plain): Plain {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')));
}

const named = new Set([
  'depends_on',
  'environment',
  'labels',
  'networks',
  'annotations',
  'args',
  'sysctls',
  'options',
  'driver_opts',
  'models',
  'extra_hosts',
  'storage_opt',
  'additional_contexts',
  'ulimits',
]);

function clean(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => clean(item, ''));
  if (!isPlain(value)) return value;
  const own = named.has(key) ? value : withoutExtensions(value);
  return Object.fromEntries(
    Object.entries(own).map(([name, inner]) => [name, clean(inner, named.has(key) ? '' : name)]),
  );
}

/** Structures that docker compose prints although they are empty. */
function withEmptyParts(service: Plain): Plain {
  const made: Plain = { ...service, command: service['command'] ?? null, entrypoint: service['entrypoint'] ?? null };
  if (isPlain(made['deploy'])) made['deploy'] = { resources: {}, placement: {}, ...made['deploy'] };
  const develop = made['develop'];
  if (isPlain(develop) && Array.isArray(develop['watch'])) {
    made['develop'] = {
      ...develop,
      watch: develop['watch'].map((trigger: unknown) =>
        isPlain(trigger) ? { ...trigger, exec: withCommand(isPlain(trigger['exec']) ? trigger['exec'] : {}) } : trigger,
      ),
    };
  }
  if (isPlain(made['blkio_config'])) made['blkio_config'] = withCapitals(made['blkio_config']);
  for (const key of ['pre_start', 'post_start', 'pre_stop']) {
    const hooks = made[key];
    if (Array.isArray(hooks)) made[key] = hooks.map((hook: unknown) => (isPlain(hook) ? withCommand(hook) : hook));
  }
  return made;
}

/** Devices have capital keys in docker compose's JSON, and small ones in its YAML. */
function withCapitals(blkio: Plain): Plain {
  const capital = (device: unknown): unknown =>
    isPlain(device)
      ? Object.fromEntries(
          Object.entries(device).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
        )
      : device;
  return Object.fromEntries(
    Object.entries(blkio).map(([key, value]) => [key, Array.isArray(value) ? value.map(capital) : value]),
  );
}

function withCommand(hook: Plain): Plain {
  return { ...hook, command: hook['command'] ?? null };
}

function serviceToJson(service: Service): Plain {
  const printed = serviceCodec.print(service);
  const cleaned = clean(isPlain(printed) ? printed : {}, '');
  return withEmptyParts(isPlain(cleaned) ? cleaned : {});
}

function printAll<T>(codec: Codec<T>, values: Readonly<Record<string, T>>): Plain {
  return sorted(Object.entries(values).map(([key, value]) => [key, clean(codec.print(value), '')] as const));
}

function withoutContent<T extends Secret | Config>(
  values: Readonly<Record<string, T>>,
  always: boolean,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (!always && value.environment === undefined) return [key, value];
      const copy = { ...value };
      delete copy.content;
      return [key, copy];
    }),
  );
}

/**
 * What `docker compose config --format json` prints, before dollars are doubled: sizes and modes as text, durations in Go's form,
 * `command` and `entrypoint` always there, no `x-` keys below the top level, no models, no values of secrets.
 */
export function toJson(project: Project): Plain {
  const networks = Object.entries(project.networks).map(([key, network]) => {
    const printed = clean(networkCodec.print(network), '');
    return [key, isPlain(printed) ? { ...printed, ipam: printed['ipam'] ?? {} } : printed] as const;
  });
  const sections: [string, Plain][] = [
    ['networks', sorted(networks)],
    ['volumes', printAll(volumeCodec, project.volumes)],
    ['secrets', printAll(secretCodec, withoutContent(project.secrets, true))],
    ['configs', printAll(configCodec, withoutContent(project.configs, false))],
  ];
  const services = Object.entries(project.services).map(([key, service]) => [key, serviceToJson(service)] as const);
  return {
    name: project.name,
    services: sorted(services),
    ...Object.fromEntries(sections.filter(([, section]) => Object.keys(section).length > 0)),
    ...Object.fromEntries(Object.entries(project).filter(([key]) => key.startsWith('x-'))),
  };
}
