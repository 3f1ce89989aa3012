import fc from 'fast-check';
import { composeSchema } from '../src/schema/compose-schema.js';
import type { MapShape, Shape, ScalarType } from '../src/schema/shape.js';

/*
 * Files in which any attribute of the schema may stand, with values of the kind that it takes: what is added to the schema is
 * generated from then on.
 */

type Values = fc.Arbitrary<unknown>;

const words = [
  'a',
  'web',
  'b-c',
  'D_e',
  'x y',
  "it's",
  '#c',
  'k: v',
  '-',
  '~',
  'null',
  'yes',
  'True',
  '',
  ' lead',
  'ünï',
  '<&>',
];
const numbers = ['1', '010', '0x1f', '1e3', '1_000', '0o17', '3.50', '12:30', '.5', '+3', '2024-01-02'];
const templates = [
  '$A',
  '${A}-1',
  '${B:-def}',
  '${B-def}',
  '${GONE:-}',
  '${GONE-${A}}',
  '${A:+alt}',
  '${B+set}',
  '$$A',
  'p$$',
  '${A:-${B:-x}}',
  '${N}',
];
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.constantFrom(...numbers) },
  { weight: 2, arbitrary: fc.constantFrom(...templates) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'two\nlines',
      'trailing\n',
      '\ttab',
      'a"b',
      'back\\slash',
      'x'.repeat(90),
      'long words '.repeat(12),
    ),
  },
);

/** Values by the end of their path, where only some have a meaning. */
const known: readonly (readonly [RegExp, Values])[] = [
  [
    /(interval|timeout|start_period|stop_grace_period|delay|monitor|window|pull_refresh_after)$/,
    fc.constantFrom(
      '1s',
      '1m30s',
      '500ms',
      '1h',
      '2d',
      '1w',
      '1.5m',
      '10us',
      '90s',
      '0s',
      '1h1m1s',
      '100ns',
      '${GONE:-5s}',
    ),
  ],
  [
    /(shm_size|mem_\w+|memswap_limit|memory|tmpfs\.size)$/,
    fc.constantFrom<unknown>('64m', '1gb', '1.5g', 1024, '10 MB', '0', '2KiB', '1t', '128M', '512b', '${N}m'),
  ],
  [/mem_swappiness$/, fc.constantFrom<unknown>(0, 60, '10')],
  [/\.cpus$/, fc.constantFrom<unknown>('0.5', 1, 0.25, '2', '${N}')],
  [/(context_size|priority|discrete_resource_spec\.value)$/, fc.constantFrom<unknown>(0, 1, 3, 7)],
  [
    /(retries|replicas|parallelism|max_attempts|max_replicas_per_node|scale|pids_limit|pids|weight)$/,
    fc.constantFrom<unknown>(1, 3, '2', '${N}', 7),
  ],
  [/cpu_(count|percent|quota|period|rt_\w+|shares)$/, fc.constantFrom<unknown>(0, 1, 50, '20', '${N}')],
  [/enable_ipv|initial_sync|use_api_socket|depends_on\.\*\.required/, fc.boolean()],
  [/oom_score_adj$/, fc.constantFrom<unknown>(-500, 0, 10, '5')],
  [/\.mode$/, fc.constantFrom<unknown>('0440', 288, '0755', '${N}')],
  [/max_failure_ratio$/, fc.constantFrom<unknown>(0, 0.5, '0.25')],
  [/rate$/, fc.constantFrom<unknown>(100, '1mb', '12k', '${N}')],
  [
    /volumes\[\]$/,
    fc.constantFrom(
      'data:/data',
      './x:/x',
      '/abs:/y:ro',
      '~/h:/h',
      '/anon',
      'data:/data:nocopy',
      '../up:/up:z,ro',
      'data:/d/../e',
      '/a:/b:rshared',
      './f:/g:Z',
      'other:/o:rw,volume-nocopy',
      'C:\\win:/w',
      '${A}:/v',
      '/p:/q:cached',
      'data:/data/:ro',
    ),
  ],
  [/volumes\[\]\.type$/, fc.constantFrom('bind', 'volume', 'tmpfs', 'image', 'npipe', 'cluster')],
  [/volumes\[\]\.source$/, fc.constantFrom('data', './x', '/abs', '~/h', '../y', 'other', 'img:1')],
  [/volumes\[\]\.target$/, fc.constantFrom('/t', '/u//v', '/w/', 'rel', '/x/../y', '/data')],
  [
    /ports\[\]$/,
    fc.constantFrom<unknown>(
      '80',
      '80:80',
      '127.0.0.1:80:81',
      '3000-3002',
      '90-92:80-82',
      '8000-9000:80',
      '53:53/udp',
      '[::1]:81:80',
      80,
      '${PORT}:80',
      '80/sctp',
      '127.0.0.1::82',
      '0.0.0.0:1-2:3-4/udp',
      '7000-7001:7000-7001',
    ),
  ],
  [/target$/, fc.constantFrom<unknown>('80', 8080, '${PORT}')],
  [/published$/, fc.constantFrom<unknown>('80', 81, '80-82', '${PORT}', '')],
  [/host_ip$/, fc.constantFrom('127.0.0.1', '::1', '0.0.0.0')],
  [/protocol$/, fc.constantFrom('tcp', 'udp', 'http')],
  [
    /(aliases|cap_add|cap_drop|security_opt|group_add|tags|profiles|capabilities|device_ids|cache_from|cache_to|entitlements|constraints|platforms)\[\]$/,
    fc.constantFrom('a', 'b', 'c', 'd:e', '${A}', 'N=1', 'n=2'),
  ],
  [/expose\[\]$/, fc.constantFrom<unknown>('80', 81, '80-90', '53/udp', '${PORT}')],
  [/links\[\]$/, fc.constantFrom('db', 'db:alias', 'web:w')],
  [/external_links\[\]$/, fc.constantFrom('db', 'db:alias', 'ext:e')],
  [/volumes_from\[\]$/, fc.constantFrom('db', 'db:ro', 'container:x', 'container:y:rw')],
  [/(network_mode|ipc|pid|uts)$/, fc.constantFrom('host', 'none', 'service:db', 'container:x', 'private', 'shareable')],
  [/\.cgroup$/, fc.constantFrom('host', 'private')],
  [/depends_on\[\]$/, fc.constantFrom('web', 'db')],
  [
    /devices\[\]$/,
    fc.constantFrom(
      '/dev/a',
      '/dev/a:/dev/b',
      '/dev/a:/dev/b:r',
      '/dev/c:/dev/b:rw',
      'vendor.com/class=dev',
      '/dev/q::m',
    ),
  ],
  [/extra_hosts\[\]$/, fc.constantFrom('h:1.1.1.1', 'h=2.2.2.2', 'g=::1', 'g:[::1]', 'k=1.1.1.1,2.2.2.2')],
  [/extra_hosts\.\*(\[\])?$/, fc.constantFrom('1.1.1.1', '::1', '[::1]', '${A}')],
  [/(dns)(\[\])?$/, fc.constantFrom('1.1.1.1', '8.8.8.8', '${A}')],
  [
    /(dns_search|dns_opt|tmpfs|label_file|env_file|ignore|include|no_cache_filter)(\[\])?$/,
    fc.constantFrom('one', 'two', '/three', './four', '${A}'),
  ],
  [/env_file\[\]\.path$/, fc.constantFrom('one', './four', '${A}')],
  [/env_file.*format$/, fc.constant('')],
  [
    /(environment|args|labels|annotations|sysctls|options|additional_contexts)\[\]$/,
    fc.constantFrom('A=1', 'A=2', 'B=x y', 'K=', 'K.k=a=b', 'N=${A}', 'A=$$x', 'Z="q"'),
  ],
  [/ssh\[\]$/, fc.constantFrom('default', 'k=/key', 'm=~/.ssh/id', 'r=rel/key')],
  [/ssh\.\*$/, fc.constantFrom('/key', '~/.ssh/id', 'rel/key')],
  [
    /additional_contexts\.\*$/,
    fc.constantFrom('.', 'https://example.org/x.git', 'service:db', '../other', 'docker-image://a'),
  ],
  [
    /build(\.context)?$/,
    fc.constantFrom('.', './app', '../c', 'https://example.org/x.git', '~/ctx', 'git@example.org:a/b', '${A}'),
  ],
  [/(secrets|configs)\[\](\.source)?$/, fc.constantFrom('s', 't')],
  [/(secrets|configs)\[\]\.target$/, fc.constantFrom('/etc/s', 'plain', 's', '/run/secrets/s')],
  [/(uid|gid)$/, fc.constantFrom('0', '1000', '${N}')],
  [/networks\[\]$/, fc.constantFrom('front', 'default', 'back')],
  [/models\[\]$/, fc.constantFrom('llm', 'tiny')],
  [/(service|extends)$/, fc.constantFrom('web', 'db')],
  [/gpus$/, fc.constant('all')],
  [/count$/, fc.constantFrom<unknown>('all', 1, '2', -1)],
  [/healthcheck\.test$/, fc.constantFrom('curl x', 'echo "a b"', '${A}')],
  [/healthcheck\.test\[\]$/, fc.constantFrom('CMD', 'CMD-SHELL', 'NONE', 'x')],
  [
    /(command|entrypoint)$/,
    fc.constantFrom<unknown>('run -x', 'sh -c \'echo "$$HOME"\'', 'a "b c" \\d', '', '${A} b', null),
  ],
  [/(command|entrypoint)\[\]$/, fc.constantFrom('run', '-x', '${A}', '')],
  [/watch\[\]\.path$/, fc.constantFrom('./src', '/abs', '~/w')],
  [/subnet$/, fc.constantFrom('10.0.0.0/24', '10.1.0.0/16')],
  [/services\.\*\.restart$/, fc.constantFrom<unknown>('always', 'no', 'on-failure:3', 'unless-stopped')],
  [/pull_policy$/, fc.constantFrom('always', 'if_not_present', 'daily', 'every_12h', 'build', 'missing')],
  [/container_name$/, fc.constantFrom('c1', 'c2', '${A}c')],
  [/(ulimits\.\*|soft|hard)$/, fc.constantFrom<unknown>(10, '20', '${N}', -1)],
  [/^name$/, fc.constantFrom('proj', 'My.Proj', '${A}')],
  [/volumes\.\*\.driver$/, fc.constantFrom('local', 'nfs')],
  [/volumes\.\*\.driver_opts\.\*$/, fc.constantFrom<unknown>('bind', './dev', '/dev/x', 5, 'none')],
  [/(file|template_driver|dockerfile)$/, fc.constantFrom('./f', '/g', 'sub/h', '~/i', '${A}')],
  [/version$/, fc.constantFrom('3.8', '2', '${N}')],
];

const keysOf: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^services$/, ['web', 'db', 'cache']],
  [/^networks$/, ['front', 'back', 'default']],
  [/^volumes$/, ['data', 'other']],
  [/^(secrets|configs)$/, ['s', 't']],
  [/^models$/, ['llm', 'tiny']],
  [/services\.\*\.networks$/, ['front', 'back', 'default']],
  [/services\.\*\.models$/, ['llm', 'tiny']],
  [/storage_opt$/, ['size', 'k']],
  [/depends_on$/, ['web', 'db']],
  [/ulimits$/, ['nproc', 'nofile']],
  [/extra_hosts$/, ['h', 'g']],
  [/driver_opts$/, ['type', 'o', 'device', 'k']],
  [/./, ['A', 'B', 'K.k', 'k']],
];

/** Keys that the schema leaves out and the checks after it want. */
const always: readonly (readonly [RegExp, readonly string[]])[] = [
  [/ports\[\]$/, ['target']],
  [/devices\[\]$/, ['target', 'capabilities']],
  [/services\.\*\.volumes\[\]$/, ['source', 'target']],
  [/(secrets|configs)\[\]$/, ['source']],
  [/pre_start\[\]$/, ['command']],
];

const scalars: Readonly<Record<ScalarType, Values>> = {
  boolean: fc.boolean(),
  integer: fc.constantFrom(0, 1, -1, 80, 1000),
  null: fc.constant(null),
  number: fc.constantFrom(0, 1, 0.5, -2, 1e6, 12345678),
  string: text,
};

/** Services, resources and files inside them are always there, so that what refers to them is mostly right. */
const skipped =
  /^(include|services\.\*\.(extends|provider|build\.dockerfile_inline)|(secrets|configs|volumes|networks)\.\*\.(external|driver|driver_opts|file|environment|content))$/;

function valuesOf(shape: Shape, path: string, rare: number): Values {
  if (shape.kind === 'any') return text;
  const kinds = shape.kind === 'choice' ? shape.shapes : [shape];
  return fc.oneof(
    ...kinds.map((kind): Values => {
      if (kind.kind === 'list') {
        const item = valuesOf(kind.item, `${path}[]`, rare);
        const several = { maxLength: 3, ...(path === 'services.*.pre_start' && { minLength: 1 }) };
        return kind.distinct
          ? fc.uniqueArray(item, { ...several, selector: (value) => JSON.stringify(value) })
          : fc.array(item, several);
      }
      if (kind.kind === 'map') return mapping(kind, path, rare);
      const meant = known.find(([pattern]) => pattern.test(path))?.[1];
      if (kind.values !== undefined) return fc.constantFrom(...kind.values);
      if (meant !== undefined) return meant;
      if (kind.types.join() === 'boolean,string') {
        return fc.constantFrom<unknown>(true, false, 'true', 'false', '${YES}', 'no', 'Yes');
      }
      const types = kind.types.includes('integer') && kind.types.includes('string') ? ['integer' as const] : kind.types;
      return fc.oneof(...types.map((type) => scalars[type]));
    }),
  );
}

function mapping(shape: MapShape, path: string, rare: number): Values {
  const entries: Record<string, Values> = {};
  for (const [key, inner] of Object.entries(shape.fields)) {
    const below = path === '' ? key : `${path}.${key}`;
    if (!skipped.test(below)) entries[key] = fc.constant(0).chain(() => valuesOf(inner, below, rare));
  }
  const required = [...shape.required, ...(always.find(([pattern]) => pattern.test(path))?.[1] ?? [])].filter(
    (key) => key in entries,
  );
  const optional = Object.keys(entries).filter((key) => !required.includes(key));
  const fields = fc
    .subarray(optional, { maxLength: Math.min(optional.length, path === '' ? 3 : 4) })
    .chain((keys) => fc.record(Object.fromEntries([...required, ...keys].map((key) => [key, entries[key] ?? text]))));
  const { names } = shape;
  if (names === undefined) {
    return shape.extensible
      ? fc
          .tuple(fields, fc.integer({ min: 0, max: rare }))
          .map(([value, chance]) =>
            chance === 0 ? { ...value, 'x-note': { list: [1, 'two'], deep: { k: '${A}' } } } : value,
          )
      : fields;
  }
  const keys = keysOf.find(([pattern]) => pattern.test(path))?.[1] ?? ['k'];
  return fc.dictionary(fc.constantFrom(...keys), valuesOf(names.shape, `${path}.*`, rare), {
    maxKeys: 3,
    noNullPrototype: true,
    ...(path === 'services' && { minKeys: 1 }),
  });
}

const top = composeSchema.kind === 'map' ? composeSchema.fields : {};
const section = (name: string): Values => valuesOf(top[name] ?? composeSchema, name, 8);

const resources = { front: null, back: { internal: true } };
/** A document in which all that may be referred to exists. */
export const shapedFile: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .tuple(
    section('services'),
    section('networks'),
    section('volumes'),
    section('secrets'),
    section('configs'),
    section('models'),
  )
  .map(([services, networks, volumes, secrets, configs, models]) => ({
    services: withImages({ web: {}, db: {}, ...(services as Record<string, object>) }),
    networks: { ...resources, ...(networks as object) },
    volumes: { data: {}, other: null, alpha: {}, ...(volumes as object) },
    secrets: withContent(secrets, { s: { file: './s' }, t: { environment: 'A' } }),
    configs: withContent(configs, { s: { file: './s' }, t: { content: 'c' } }),
    models: { llm: { model: 'm/llm' }, tiny: { model: 'm/tiny' }, ...(models as object) },
  }));

function withImages(services: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [
      name,
      'build' in service ? service : { image: 'img', ...service },
    ]),
  );
}

function withContent(given: unknown, base: Readonly<Record<string, object>>): Readonly<Record<string, object>> {
  const more = given as Readonly<Record<string, object>>;
  return Object.fromEntries(Object.entries(base).map(([name, value]) => [name, { ...more[name], ...value }]));
}

/** What an override says: some services and attributes again. */
export const shapedOverride: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .tuple(section('services'), fc.option(section('networks')), fc.option(section('volumes')))
  .map(([services, networks, volumes]) => ({
    services,
    ...(networks !== null && { networks }),
    ...(volumes !== null && { volumes }),
  }));

/** A file, sometimes with an override. */
export const shapedFiles: fc.Arbitrary<readonly unknown[]> = fc.oneof(
  fc.tuple(shapedFile),
  fc.tuple(shapedFile, shapedOverride),
);
