import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workplace } from './command.js';

describe('kmd compose', () => {
  const place = new Workplace();
  const folder = join(place.home, 'shop');
  const at = (name: string) => join(folder, name);
  const compose = (...args: string[]) => place.run(['compose', '--project-directory', folder, ...args]);

  beforeAll(() => {
    mkdirSync(folder);
    writeFileSync(
      at('compose.yaml'),
      `services:
  web: {image: "web:\${TAG:-1}", ports: ["80:80"], depends_on: [db], profiles: [all], environment: {PRICE: "5$$"}}
  db: {build: ./db, volumes: ["data:/data"]}
volumes: {data: {}}
`,
    );
    writeFileSync(at('over.yaml'), 'services: {db: {labels: {from: "${WHO}"}}}\n');
    writeFileSync(at('who.env'), 'WHO=a file\n');
    writeFileSync(at('old.yml'), 'web:\n  image: a\n  links: [db]\ndb:\n  image: b\n');
    writeFileSync(at('bad.yaml'), 'services:\n  web:\n    imagee: a\n    restart: []\n');
  });
  afterAll(() => place.close());

  it('config prints the canonical project, as YAML and as JSON', async () => {
    const options = ['-f', at('compose.yaml'), '-f', at('over.yaml'), '--env-file', at('who.env'), '--profile', 'all'];
    const yaml = await compose(...options, '-p', 'store', 'config');
    expect(yaml).toMatchObject({ code: 0, stderr: '' });
    expect(yaml.stdout).toContain('name: store\nservices:\n  db:\n    build:\n');
    expect(yaml.stdout).toContain('      from: a file\n');
    expect(yaml.stdout).toContain('      PRICE: 5$$\n');
    const json = await compose('config', ...options, '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ name: 'shop', services: { web: { image: 'web:1' } } });
  });

  it.each([
    [['--services'], 'db\n'],
    [['--profile', 'all', '--services'], 'db\nweb\n'],
    [['--profile', 'all', '--images'], 'shop-db\nweb:1\n'],
    [['--volumes'], 'data\n'],
    [['--networks'], 'default\n'],
    [['--profiles'], 'all\n'],
    [['--services', 'db'], 'db\n'],
    [['--quiet'], ''],
  ])('config %j prints a list', async (flags, expected) => {
    const { code, stdout } = await compose('-f', at('compose.yaml'), 'config', ...flags);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expected });
  });

  it('config prints hashes, variables, the environment and the uninterpolated model', async () => {
    const run = async (...flags: string[]) => (await compose('-f', at('compose.yaml'), 'config', ...flags)).stdout;
    expect(await run('--hash')).toMatch(/^db [0-9a-f]{64}\n$/);
    expect(await run('--variables')).toMatch(/^NAME +REQUIRED +DEFAULT VALUE +ALTERNATE VALUE\nTAG +false +1\n$/);
    expect(await run('--environment')).toContain('COMPOSE_PROJECT_NAME=shop\n');
    expect(await run('--no-interpolate')).toContain('image: web:${TAG:-1}\n');
    await run('--output', at('out.yaml'));
    expect(readFileSync(at('out.yaml'), 'utf8')).toContain('services:\n');
  });

  it('reads files of version 1', async () => {
    const { code, stdout } = await compose('-f', at('old.yml'), 'graph');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'flowchart LR\n  s0["db"]\n  s1["web"]\n  s1 --> s0\n' });
  });

  it('graph draws the dependencies in DOT too', async () => {
    const { stdout } = await compose('--profile', 'all', '-f', at('compose.yaml'), 'graph', '--format', 'dot');
    expect(stdout).toContain('  "web" -> "db";\n');
  });

  it('ends with 2 for a bad file and shows every error with its line', async () => {
    const { code, stdout, stderr } = await compose('-f', at('bad.yaml'), 'config');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    // Named from the current folder, or by its absolute name where that is shorter.
    expect(stderr.replaceAll(/^kmd: \S*\/bad\.yaml/gm, 'kmd: bad.yaml'))
      .toBe(`kmd: bad.yaml:3:5: services.web additional properties 'imagee' not allowed (did you mean image?)
  2 |   web:
> 3 |     imagee: a
    |     ^
  4 |     restart: []
kmd: bad.yaml:4:14: services.web.restart must be a string
  3 |     imagee: a
> 4 |     restart: []
    |              ^
  5 |
`);
  });

  it('shows nothing of a file outside the project that an include names', async () => {
    writeFileSync(join(place.home, 'private.txt'), 'token-of-mine\n');
    writeFileSync(at('escape.yaml'), 'include: [../private.txt]\nservices: {}\n');
    const { code, stderr } = await compose('-f', at('escape.yaml'), 'config');
    expect(code).toBe(2);
    expect(stderr).toContain('private.txt:1:1: top-level object must be a mapping');
    expect(stderr).not.toContain('token-of-mine');
  });

  it.each([
    [['-f', '/no/such.yaml', 'config'], '/no/such.yaml'],
    [['-f', 'x', 'config', '--format', 'toml'], 'toml'],
    [['config', '--hash', 'nobody', '-f', '/dev/null'], 'compose'],
  ])('ends with 2 for %j', async (args, what) => {
    const { code, stdout, stderr } = await compose(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
  });
});
