import fc from 'fast-check';

/** Variables that generated files may use. */
export const variables: Readonly<Record<string, string>> = { A: 'alpha', B: '', PORT: '8080', YES: 'true', N: '3' };

const word = fc.constantFrom(
  'a',
  'b',
  'web',
  'db',
  'x-y',
  'no',
  'y',
  '1',
  '010',
  '1e3',
  '0x1f',
  'Ünï',
  'a b',
  "it's",
  '#c',
  'a: b',
  '-',
  '~',
  'null',
);
const template = fc.constantFrom(
  ...[
    '$A',
    '${A}',
    '${B:-def}',
    '${B-def}',
    '${GONE:-}',
    '${GONE-${A}}',
    '${A:+alt}',
    '${GONE:+alt}',
    '$$A',
    '${N}',
    'p$',
    '${A:-${B:-x}}',
  ],
  ...['${GONE:?must be set}', '${', '${A:', '$1', '${PORT}:80', '${YES}'],
);
const text = fc.oneof({ weight: 4, arbitrary: word }, { weight: 2, arbitrary: template });
const number = fc.oneof(fc.integer({ min: -2, max: 70000 }), fc.constantFrom('${N}', '5', '0.5', 0.25, 'many'));
const flag = fc.constantFrom<unknown>(true, false, 'true', '${YES}', 'no', 'maybe', 1);
const duration = fc.constantFrom('1s', '1m30s', '500ms', '1h', '2d', 'soon', '0', '1.5m', 10);
const size = fc.constantFrom<unknown>('64m', '1gb', '1.5g', 1024, 'lots', '-1', '0', '10 MB');
const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { maxLength: 3 });
const pairs = fc.oneof(
  fc.dictionary(fc.constantFrom('A', 'B', 'K.k', 'x-z', 'N'), fc.oneof(text, number, flag, fc.constant(null)), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  list(fc.oneof(fc.constantFrom('A=1', 'B', 'K=', 'N=a=b', 'A=2', 'K.k=$A'), text)),
);
const port = fc.oneof(
  fc.constantFrom<unknown>(
    '80',
    '80:80',
    '127.0.0.1:80:81',
    '3000-3002',
    '90-92:80-82',
    '8000-9000:80',
    '53:53/udp',
    '80:abc',
    '::1:80:80',
    '[::1]:81:80',
    80,
    '${PORT}:80',
    '80/sctp',
    '99999',
    '1-3:1-2',
  ),
  fc.record(
    {
      target: number,
      published: fc.constantFrom<unknown>('80', 81, '80-82'),
      protocol: fc.constantFrom('tcp', 'udp'),
      mode: fc.constantFrom('host', 'ingress'),
    },
    { requiredKeys: ['target'] },
  ),
);
const mount = fc.oneof(
  fc.constantFrom(
    'data:/data',
    './x:/x',
    '/abs:/y:ro',
    '~/h:/h',
    '/anon',
    'data:/data:nocopy',
    'gone:/gone',
    '../up:/up:z,ro',
    'data:/d/../e',
    'c:\\win:/w',
    'data:',
    ':',
    '/a:/b:/c:/d',
  ),
  fc.record(
    {
      type: fc.constantFrom('bind', 'volume', 'tmpfs', 'odd'),
      source: fc.constantFrom('data', './x', '/abs'),
      target: fc.constantFrom('/t', 'rel/', '/u//v'),
      read_only: flag,
      bind: fc.record({ propagation: fc.constant('rshared'), create_host_path: fc.boolean() }, { requiredKeys: [] }),
      volume: fc.record({ nocopy: flag }, { requiredKeys: [] }),
      tmpfs: fc.record({ size }, { requiredKeys: [] }),
    },
    { requiredKeys: ['type'] },
  ),
);
const names = fc.constantFrom('web', 'db', 'cache', 'job');
const command = fc.oneof(
  fc.constantFrom('run -x', 'sh -c \'echo "$$HOME"\'', 'a "b c" \\d', 'open "', 'a; b', ''),
  list(text),
  fc.constant(null),
);

const attributes: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  build: fc.oneof(
    fc.constantFrom('.', './app', 'https://example.org/x.git'),
    fc.record(
      {
        context: fc.constantFrom('.', '../c', '${A}'),
        dockerfile: text,
        args: pairs,
        target: text,
        labels: pairs,
        tags: list(word),
        shm_size: size,
      },
      { requiredKeys: [] },
    ),
  ),
  command,
  entrypoint: command,
  environment: pairs,
  labels: pairs,
  annotations: pairs,
  sysctls: pairs,
  ports: list(port),
  expose: list(fc.constantFrom<unknown>('80', 81, '80-90', '80')),
  volumes: list(mount),
  tmpfs: fc.oneof(fc.constantFrom('/t', '/data'), list(fc.constantFrom('/t', '/u:size=1m'))),
  depends_on: fc.oneof(
    list(names),
    fc.dictionary(
      names,
      fc.record(
        {
          condition: fc.constantFrom('service_started', 'service_healthy', 'odd'),
          required: fc.boolean(),
          restart: flag,
        },
        { requiredKeys: ['condition'] },
      ),
      { maxKeys: 2, noNullPrototype: true },
    ),
  ),
  links: list(fc.constantFrom('db', 'db:alias', 'cache')),
  networks: fc.oneof(
    list(fc.constantFrom('front', 'default', 'gone')),
    fc.dictionary(
      fc.constantFrom('front', 'default'),
      fc.oneof(
        fc.constant(null),
        fc.record(
          { aliases: list(word), ipv4_address: fc.constant('10.0.0.2'), priority: fc.integer() },
          { requiredKeys: [] },
        ),
      ),
      { maxKeys: 2, noNullPrototype: true },
    ),
  ),
  network_mode: fc.constantFrom('host', 'none', 'service:db', 'container:x'),
  healthcheck: fc.record(
    {
      test: fc.oneof(fc.constantFrom('curl x'), list(fc.constantFrom('CMD', 'CMD-SHELL', 'x', 'NONE'))),
      interval: duration,
      timeout: duration,
      retries: number,
      disable: flag,
      start_period: duration,
    },
    { requiredKeys: [] },
  ),
  deploy: fc.record(
    {
      replicas: number,
      mode: word,
      labels: pairs,
      resources: fc.record(
        {
          limits: fc.record(
            { cpus: fc.constantFrom<unknown>('0.5', 1, 'x'), memory: size, pids: number },
            { requiredKeys: [] },
          ),
        },
        { requiredKeys: [] },
      ),
      restart_policy: fc.record({ condition: word, delay: duration, max_attempts: number }, { requiredKeys: [] }),
      update_config: fc.record(
        { parallelism: number, delay: duration, order: fc.constantFrom('start-first', 'odd') },
        { requiredKeys: [] },
      ),
      placement: fc.record({ constraints: list(text), max_replicas_per_node: number }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  ),
  restart: fc.constantFrom<unknown>('always', 'no', 'on-failure:3', false, '${A}'),
  hostname: text,
  user: fc.oneof(text, number),
  working_dir: text,
  container_name: fc.constantFrom('c1', 'c2', '${A}', '-bad'),
  privileged: flag,
  read_only: flag,
  init: flag,
  tty: flag,
  cpus: fc.constantFrom<unknown>('0.5', 1, 'x', 0),
  mem_limit: size,
  memswap_limit: size,
  shm_size: size,
  pids_limit: number,
  scale: number,
  stop_grace_period: duration,
  stop_signal: word,
  cap_add: list(word),
  dns: fc.oneof(fc.constantFrom('1.1.1.1', ''), list(fc.constantFrom('1.1.1.1', '8.8.8.8'))),
  dns_search: fc.oneof(word, list(word)),
  extra_hosts: fc.oneof(
    list(fc.constantFrom('h:1.1.1.1', 'h=2.2.2.2', 'g:::1', 'bad')),
    fc.dictionary(fc.constantFrom('h', 'g'), fc.constantFrom('1.1.1.1', '::1'), { noNullPrototype: true }),
  ),
  ulimits: fc.dictionary(
    fc.constantFrom('nproc', 'nofile', 'N'),
    fc.oneof(number, fc.record({ soft: number, hard: number })),
    { maxKeys: 2, noNullPrototype: true },
  ),
  logging: fc.record(
    { driver: word, options: fc.dictionary(word, fc.oneof(text, number), { maxKeys: 2, noNullPrototype: true }) },
    { requiredKeys: [] },
  ),
  secrets: list(
    fc.oneof(
      fc.constantFrom('s', 'gone'),
      fc.record(
        { source: fc.constant('s'), target: text, mode: fc.constantFrom<unknown>(288, '0440', 'x') },
        { requiredKeys: ['source'] },
      ),
    ),
  ),
  configs: list(
    fc.oneof(
      fc.constantFrom('c', 'gone'),
      fc.record({ source: fc.constant('c'), target: text }, { requiredKeys: ['source'] }),
    ),
  ),
  profiles: list(fc.constantFrom('p', 'q')),
  extends: fc.oneof(names, fc.record({ service: names })),
  devices: list(fc.constantFrom('/dev/a', '/dev/a:/dev/b', '/dev/a:/dev/b:r', 'a:b:c:d')),
  volumes_from: list(fc.constantFrom('db', 'db:ro', 'container:x')),
  pull_policy: fc.constantFrom('always', 'if_not_present', 'odd', 'daily'),
  'x-note': fc.oneof(text, pairs),
  imagee: text,
};

const resource = (more: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constant(null),
    fc.record({ name: text, labels: pairs, external: flag, driver: word, ...more }, { requiredKeys: [] }),
  );

/** A service: an image, and a few attributes. Most values are right, some are not. */
const service = fc
  .tuple(
    fc.subarray(Object.keys(attributes), { minLength: 0, maxLength: 4 }),
    fc.oneof({ weight: 9, arbitrary: fc.constant('img') }, { weight: 1, arbitrary: text }),
  )
  .chain(([keys, image]) =>
    fc.record({
      image: fc.constant(image),
      ...Object.fromEntries(keys.map((key) => [key, attributes[key] ?? fc.constant(null)])),
    }),
  );

const sections = {
  networks: fc.dictionary(fc.constantFrom('front', 'default'), resource({ internal: flag, attachable: flag }), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  volumes: fc.dictionary(
    fc.constantFrom('data'),
    resource({ driver_opts: fc.dictionary(word, fc.oneof(text, number), { maxKeys: 2, noNullPrototype: true }) }),
    { noNullPrototype: true },
  ),
  secrets: fc.constantFrom({ s: { file: './s' } }, { s: { environment: 'A' } }, { s: { external: true } }),
  configs: fc.constantFrom({ c: { file: './c' } }, { c: { content: 'a$A\nb' } }, { c: {} }),
  'x-top': pairs,
};

/** One to three services and the resources that they may use. */
export const composeFile: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .tuple(
    fc.dictionary(names, service, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    fc.record(sections, { requiredKeys: ['volumes', 'secrets', 'configs'] }),
  )
  .map(([services, rest]) => ({ services, ...rest }));

/** A file, sometimes with an override. */
export const composeFiles = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(composeFile) },
  { weight: 1, arbitrary: fc.tuple(composeFile, composeFile) },
);

const old: readonly string[] = [
  ...[
    'command',
    'entrypoint',
    'ports',
    'expose',
    'hostname',
    'user',
    'working_dir',
    'mem_limit',
    'privileged',
    'restart',
    'cap_add',
    'dns',
  ],
  ...['links', 'volumes', 'tty', 'volumes_from', 'devices'],
];
const plainPairs = fc.dictionary(
  fc.constantFrom('A', 'B', 'K'),
  fc.constantFrom<unknown>('1', 'x y', 5, '$A', '', null),
  { maxKeys: 3, noNullPrototype: true },
);
const oldPort = fc.constantFrom<unknown>(
  '80',
  '80:80',
  '127.0.0.1:80:81',
  '3000-3002',
  '53:53/udp',
  80,
  '${PORT}:80',
  'x:y',
);
const oldService = fc
  .tuple(
    fc.subarray([...old], { maxLength: 4 }),
    plainPairs,
    fc.constantFrom('bridge', 'host', 'container:db', 'container:x'),
  )
  .chain(([keys, environment, net]) =>
    fc.record(
      {
        image: fc.constant('img'),
        environment: fc.constant(environment),
        net: fc.constant(net),
        ...Object.fromEntries(
          keys.map((key) => [key, key === 'ports' ? list(oldPort) : (attributes[key] ?? fc.constant(null))]),
        ),
      },
      { requiredKeys: ['image'] },
    ),
  );

/** A file of version 1. */
export const oldFile: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc.dictionary(names, oldService, {
  minKeys: 1,
  maxKeys: 3,
  noNullPrototype: true,
});
