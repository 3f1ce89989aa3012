import type { Codec } from '../model/reading.js';
import { sorted, sortKeys } from '../model/codec.js';
import {
  configCodec,
  networkCodec,
  secretCodec,
  volumeCodec,
  type Config,
  type Network,
  type Project,
  type Secret,
  type Volume,
} from '../model/project.js';
import { deployCodec, serviceCodec, triggerCodec, type Service } from '../model/service.js';

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

/** The same entries in the order of a codec's fields; others come last. */
function reorder(value: Plain, fields: Readonly<Record<string, unknown>>): Plain {
  const ordered = Object.keys(fields).filter((key) => Object.hasOwn(value, key));
  return { ...Object.fromEntries(ordered.map((key) => [key, value[key]])), ...value };
}

/** Structures that docker compose prints although they are empty. */
function withEmptyParts(service: Plain): Plain {
  const made = reorder(
    { ...service, command: service['command'] ?? null, entrypoint: service['entrypoint'] ?? null },
    serviceCodec.fields,
  );
  if (isPlain(made['deploy'])) {
    made['deploy'] = reorder({ resources: {}, placement: {}, ...made['deploy'] }, deployCodec.fields);
  }
  const develop = made['develop'];
  if (isPlain(develop) && Array.isArray(develop['watch'])) {
    made['develop'] = {
      ...develop,
      watch: develop['watch'].map((trigger: unknown) =>
        isPlain(trigger)
          ? reorder(
              { ...trigger, exec: withCommand(isPlain(trigger['exec']) ? trigger['exec'] : {}) },
              triggerCodec.fields,
            )
          : trigger,
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
  return { command: null, ...hook };
}

/** One service as docker compose's JSON has it; the configuration hash is made of it. */
export function serviceToJson(service: Service): Plain {
  const printed = serviceCodec.print(service);
  const cleaned = clean(isPlain(printed) ? printed : {}, '');
  return withEmptyParts(isPlain(cleaned) ? cleaned : {});
}

function printAll<T>(codec: Codec<T>, values: Readonly<Record<string, T>>): Plain {
  return sorted(Object.entries(values).map(([key, value]) => [key, clean(codec.print(value), '')] as const));
}

/** Values that came from variables are never printed. */
export function withoutContent<T extends Secret | Config>(
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

/** One network as docker compose's JSON has it. */
export function networkToJson(network: Network): Plain {
  const printed = clean(networkCodec.print(network), '');
  return isPlain(printed) ? reorder({ ...printed, ipam: printed['ipam'] ?? {} }, networkCodec.fields) : {};
}

/** One volume as docker compose's JSON has it. */
export function volumeToJson(volume: Volume): Plain {
  const printed = clean(volumeCodec.print(volume), '');
  return isPlain(printed) ? printed : {};
}

/**
 * What `docker compose config --format json` prints, before dollars are doubled, in the same order of keys: sizes and modes as text,
 * durations in Go's form, `command` and `entrypoint` always there, no `x-` keys below the top level, no models, no values of secrets.
 */
export function toJson(project: Project): Plain {
  const sections: [string, Plain][] = [
    ['configs', printAll(configCodec, withoutContent(project.configs, false))],
    ['networks', sorted(Object.entries(project.networks).map(([key, network]) => [key, networkToJson(network)]))],
    ['secrets', printAll(secretCodec, withoutContent(project.secrets, true))],
    ['volumes', printAll(volumeCodec, project.volumes)],
  ];
  const services = Object.entries(project.services).map(([key, service]) => [key, serviceToJson(service)] as const);
  return sorted<unknown>([
    ['name', project.name],
    ['services', sorted(services)],
    ...sections.filter(([, section]) => Object.keys(section).length > 0),
    ...extensionsOf(project),
  ]);
}

/** The `x-` entries of the top level, their keys sorted. */
export function extensionsOf(project: Project): readonly (readonly [string, unknown])[] {
  const extensions = Object.entries(project).filter(([key]) => key.startsWith('x-'));
  return extensions.map(([key, value]) => [key, sortKeys(value)] as const);
}

/** JSON text as Go writes it: `<`, `>`, `&` and the two line separators of Unicode are escaped. */
export function printGoJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
