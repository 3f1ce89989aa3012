import { describe, expect, it } from 'vitest';
import { ComposeError, load, type ComposeFile, type LoadOptions } from './index.js';

const workingDir = '/srv/shop';

function loadText(content: string, options: Partial<LoadOptions> = {}) {
  return load({ files: [{ path: 'compose.yaml', content }], workingDir, ...options });
}

/** Files in memory, so that tests touch no disk. */
function inMemory(files: Readonly<Record<string, string>>): Pick<LoadOptions, 'readFile'> {
  return {
    readFile: async (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
      return text;
    },
  };
}

async function refusal(
  files: string | readonly ComposeFile[],
  options: Partial<LoadOptions> = {},
): Promise<ComposeError> {
  const given = typeof files === 'string' ? [{ path: 'compose.yaml', content: files }] : files;
  try {
    await load({ files: given, workingDir, ...options });
  } catch (error) {
    if (error instanceof ComposeError) return error;
    throw error;
  }
  throw new Error('it was loaded');
}

describe('loading a project', () => {
  it('gives typed, canonical values', async () => {
    const { project } = await loadText(`
      services:
        web:
          image: nginx
          command: nginx -g 'daemon off;'
          ports: ["127.0.0.1:8080:80", "9000-9001:9000-9001/udp"]
          environment: {A: 1, B: "two", C: null}
          mem_limit: 64m
          stop_grace_period: 1m30s
          volumes: ["./conf:/etc/conf:ro", "data:/data"]
          depends_on: [db]
        db: {image: postgres}
      volumes: {data: {}}
    `);
    const web = project.services['web'];
    expect(project.name).toBe('shop');
    expect(web?.command).toEqual(['nginx', '-g', 'daemon off;']);
    expect(web?.ports).toEqual([
      { mode: 'ingress', host_ip: '127.0.0.1', target: 80, published: '8080', protocol: 'tcp' },
      { mode: 'ingress', target: 9000, published: '9000', protocol: 'udp' },
      { mode: 'ingress', target: 9001, published: '9001', protocol: 'udp' },
    ]);
    expect(web?.environment).toEqual({ A: '1', B: 'two', C: null });
    expect(web?.mem_limit).toBe(64 * 1024 ** 2);
    expect(web?.stop_grace_period).toBe(90_000);
    expect(web?.volumes?.[0]).toMatchObject({
      type: 'bind',
      source: '/srv/shop/conf',
      target: '/etc/conf',
      read_only: true,
    });
    expect(web?.depends_on).toEqual({ db: { condition: 'service_started', required: true } });
    expect(web?.networks).toEqual({ default: null });
    expect(project.volumes).toEqual({ data: { name: 'shop_data' } });
  });

  it('merges override files, resets and overrides', async () => {
    const base = 'services: {web: {image: a, ports: ["80:80"], environment: {A: "1", B: "2"}, dns: [1.1.1.1]}}';
    const over =
      'services:\n  web:\n    ports: !override ["81:81"]\n    environment: {B: "3"}\n    dns: !reset null\n    labels: {x: y}\n';
    const { project } = await load({
      files: [
        { path: 'compose.yaml', content: base },
        { path: 'over.yaml', content: over },
      ],
      workingDir,
    });
    const web = project.services['web'];
    expect(web?.ports?.map((port) => port.published)).toEqual(['81']);
    expect(web?.environment).toEqual({ A: '1', B: '3' });
    expect(web?.dns).toBeUndefined();
    expect(web?.labels).toEqual({ x: 'y' });
  });

  it('follows extends and include through files', async () => {
    const files = {
      '/srv/shop/compose.yaml':
        'include: [parts/db.yaml]\nservices: {web: {extends: {file: base/web.yaml, service: web}}}',
      '/srv/shop/parts/db.yaml': 'services: {db: {image: "pg:${TAG}", volumes: ["./data:/data"]}}',
      '/srv/shop/parts/.env': 'TAG=17',
      '/srv/shop/base/web.yaml': 'services: {web: {build: ./app, environment: {A: b}}}',
    };
    const { project } = await load({ files: ['compose.yaml'], workingDir, ...inMemory(files) });
    expect(project.services['db']?.image).toBe('pg:17');
    expect(project.services['db']?.volumes?.[0]?.source).toBe('/srv/shop/parts/data');
    expect(project.services['web']?.build?.context).toBe('/srv/shop/base/app');
  });

  it('says where each value is written, through merges and short forms', async () => {
    const { sourceMap } = await load({
      files: [
        { path: 'compose.yaml', content: 'services:\n  web:\n    image: a\n    ports:\n      - "80:80"\n' },
        { path: 'over.yaml', content: 'services:\n  web:\n    image: b\n    ports:\n      - "81:81"\n' },
      ],
      workingDir,
    });
    expect(sourceMap.locate(['services', 'web', 'image'])).toEqual({ file: 'over.yaml', line: 3, column: 12 });
    expect(sourceMap.locate(['services', 'web', 'ports', 0, 'target'])).toEqual({
      file: 'compose.yaml',
      line: 5,
      column: 9,
    });
    expect(sourceMap.locate(['services', 'web', 'ports', 1])).toEqual({ file: 'over.yaml', line: 5, column: 9 });
    expect(sourceMap.locate(['services', 'nobody'])).toBeUndefined();
  });

  it('warns of variables that are not set, once each', async () => {
    const { warnings } = await loadText('services: {web: {image: "a:$TAG", hostname: "$TAG"}}');
    expect(warnings.map((warning) => warning.message)).toEqual([
      'The "TAG" variable is not set. Defaulting to a blank string.',
    ]);
  });
});

describe('an error', () => {
  it('points at the line and column, for everything that is wrong at once', async () => {
    const error = await refusal(
      [
        'services:',
        '  web:',
        '    imagee: nginx',
        '    ports:',
        '      - target: [80]',
        '    restart: {}',
        'volums: {}',
        '',
      ].join('\n'),
    );
    expect(error.code).toBe('schema');
    expect(error.message.split('\n')).toEqual([
      "compose.yaml:3:5: services.web additional properties 'imagee' not allowed (did you mean image?)",
      'compose.yaml:5:17: services.web.ports.0.target must be a integer or string',
      'compose.yaml:6:14: services.web.restart must be a string',
      "compose.yaml:7:1: additional properties 'volums' not allowed (did you mean volumes?)",
    ]);
    expect(error.diagnostics[0]).toEqual({
      code: 'schema',
      message: "services.web additional properties 'imagee' not allowed",
      path: 'services.web',
      file: 'compose.yaml',
      line: 3,
      column: 5,
      hint: 'did you mean image?',
    });
  });

  it.each([
    [
      'ports',
      'services:\n  web:\n    image: a\n    ports: ["80:80", "80:abc"]',
      'compose.yaml:4:22: services.web.ports[1]: Invalid containerPort: abc',
    ],
    [
      'sizes',
      'services:\n  web:\n    image: a\n    mem_limit: lots',
      "compose.yaml:4:16: 'services[web].mem_limit' invalid size: 'lots'",
    ],
    [
      'durations',
      'services:\n  web:\n    image: a\n    stop_grace_period: soon',
      `compose.yaml:4:24: 'services[web].stop_grace_period' time: invalid duration "soon"`,
    ],
    [
      'references',
      'services:\n  web:\n    image: a\n    networks:\n      - back',
      'compose.yaml:5:9: service "web" refers to undefined network back',
    ],
    [
      'cycles',
      'services:\n  a: {image: i, depends_on: [b]}\n  b: {image: i, depends_on: [a]}',
      'compose.yaml:2:30: dependency cycle detected: a -> b -> a',
    ],
    [
      'duplicate keys',
      'services:\n  web: {image: a}\n  web: {image: b}',
      'compose.yaml:3:3: line 3: mapping key "web" already defined at line 2',
    ],
    ['YAML', 'services:\n  web: [', 'compose.yaml:2:9: '],
    [
      'variables',
      'services:\n  web:\n    image: ${TAG:?set it}',
      'compose.yaml:3:12: error while interpolating services.web.image: required variable TAG is missing a value: set it',
    ],
    [
      'keys that are not text',
      'services:\n  web:\n    image: a\n    environment: {1: a}',
      'compose.yaml:4:19: non-string key in services.web.environment: 1',
    ],
  ])('names the place of wrong %s', async (_what, content, message) => {
    expect((await refusal(content)).message).toContain(message);
  });

  it('names the file that it is about, also an included or missing one', async () => {
    const files = {
      '/srv/shop/compose.yaml': 'include:\n  - part.yaml\n  - gone.yaml\n',
      '/srv/shop/part.yaml': 'services: {db: {imag: x}}',
    };
    const broken = await refusal(['compose.yaml'], inMemory(files));
    expect(broken.message).toContain("part.yaml:1:17: services.db additional properties 'imag' not allowed");
    const missing = await refusal(['compose.yaml'], inMemory({ ...files, '/srv/shop/part.yaml': 'services: {}' }));
    expect(missing.message).toBe('compose.yaml:3:5: open /srv/shop/gone.yaml: no such file or directory');
    expect(missing.code).toBe('io');
  });

  it('shows the text of the file, and not what a variable held, when a cast fails', async () => {
    const error = await refusal('services: {web: {image: a, privileged: "${TOKEN}"}}', {
      environment: { TOKEN: 's3cret' },
    });
    expect(error.message).toContain('services.web.privileged: failed to cast to expected type');
    expect(error.message).toContain('${TOKEN}');
    expect(error.message).not.toContain('s3cret');
  });
});

describe('hostile input', () => {
  it.each([
    ['bytes', 'services:\u0000'],
    ['tabs', 'services:\n\tweb: {}'],
    ['a list', '- a'],
    ['nothing', ''],
    ['an alias bomb', bomb()],
    ['an alias to itself', 'a: &a [*a]'],
    ['deep nesting', `x-a: ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['an unknown anchor', 'services: *gone'],
    ['names of prototypes', '__proto__: {polluted: true}'],
  ])('%s ends in a ComposeError', async (_what, content) => {
    expect(await refusal(content)).toBeInstanceOf(ComposeError);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('a service called __proto__ is a service', async () => {
    const { project } = await loadText('services: {__proto__: {image: a}}');
    expect(Object.keys(project.services)).toEqual(['__proto__']);
  });

  it('a file that includes itself ends in a ComposeError', async () => {
    const files = { '/srv/shop/compose.yaml': 'include: [compose.yaml]' };
    const error = await refusal(['compose.yaml'], inMemory(files));
    expect(error.code).toBe('cycle');
  });
});

function bomb(): string {
  const lines = ['x-a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map(
    (pair) => [...pair] as [string, string],
  )) {
    lines.push(`x-${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`);
  }
  return lines.join('\n');
}
