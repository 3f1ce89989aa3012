import {
  flag,
  givenFlag,
  givenText,
  listOf,
  mapOf,
  pairs,
  record,
  silentRecord,
  some,
  sorted,
  text,
  texts,
  type Extensions,
  type Fielded,
} from './codec.js';
import { integer } from './numbers.js';
import type { Codec } from './reading.js';
import { serviceCodec, type Service } from './service.js';
import type { Findings } from '../diagnostics/compose-error.js';
import { isNull, map, toPlain, type MapTree, type Tree } from '../tree/tree.js';

export const networkCodec = record({
  name: text,
  driver: text,
  driver_opts: pairs,
  ipam: some(
    record({
      driver: text,
      config: listOf(silentRecord({ subnet: text, gateway: text, ip_range: text, aux_addresses: pairs })),
      options: pairs,
    }),
  ),
  external: flag,
  internal: flag,
  attachable: flag,
  labels: pairs,
  enable_ipv4: givenFlag,
  enable_ipv6: givenFlag,
});

export const volumeCodec = record({ name: text, driver: text, driver_opts: pairs, external: flag, labels: pairs });

const file = {
  name: text,
  file: text,
  environment: text,
  content: text,
  external: flag,
  labels: pairs,
  driver: text,
  driver_opts: mapOf(givenText),
  template_driver: text,
};
export const secretCodec = record(file);
export const configCodec = record(file);
export const modelCodec = record({ name: text, model: text, context_size: integer, runtime_flags: texts });

export type Network = Fielded<typeof networkCodec.fields>;
export type Volume = Fielded<typeof volumeCodec.fields>;
/** A secret. `content` holds the value of its variable; it is never printed. */
export type Secret = Fielded<typeof secretCodec.fields>;
export type Config = Fielded<typeof configCodec.fields>;
export type Model = Fielded<typeof modelCodec.fields>;

/** A whole project, as plain data. */
export interface Project extends Extensions {
  readonly name: string;
  /** Absolute folder that relative paths of the files refer to. */
  readonly workingDir: string;
  /** Active services by name. */
  readonly services: Readonly<Record<string, Service>>;
  /** Services that no active profile takes in. */
  readonly disabledServices: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, Network>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly configs: Readonly<Record<string, Config>>;
  readonly models: Readonly<Record<string, Model>>;
}

function readSection<T>(tree: MapTree, section: string, codec: Codec<T>, findings: Findings): Record<string, T> {
  const found = tree.entries.get(section);
  if (found?.kind !== 'map') return {};
  const entries: [string, T][] = [];
  for (const [key, value] of found.entries) {
    const whole: Tree = isNull(value) ? map([], value.at) : value;
    const made = codec.read(whole, { path: [section, key], findings });
    if (made !== undefined) entries.push([key, made]);
  }
  return sorted(entries);
}

/** Reads the model out of a normalised document. Values that cannot be read are findings. */
export function readProject(tree: MapTree, name: string, workingDir: string, findings: Findings): Project {
  const services = readSection(tree, 'services', serviceCodec, findings);
  const extensions = [...tree.entries].filter(([key]) => key.startsWith('x-'));
  return {
    name,
    workingDir,
    services: sorted(Object.entries(services).map(([key, service]) => [key, { ...service, name: key }])),
    disabledServices: {},
    networks: readSection(tree, 'networks', networkCodec, findings),
    volumes: readSection(tree, 'volumes', volumeCodec, findings),
    secrets: readSection(tree, 'secrets', secretCodec, findings),
    configs: readSection(tree, 'configs', configCodec, findings),
    models: readSection(tree, 'models', modelCodec, findings),
    ...Object.fromEntries(extensions.map(([key, value]) => [key, toPlain(value)])),
  };
}
