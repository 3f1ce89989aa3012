import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComposeError, load } from '../src/index.js';

const secret = 'hunter2-Zq9';
const fragments = ['hunter2', 'Zq9'];

async function refusal(content: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  try {
    await load({
      files: [{ path: 'compose.yaml', content }],
      workingDir: '/srv/shop',
      environment: { SECRET: secret, NAME: 'web' },
      readFile: async (path) => {
        const text = files[path];
        if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
        return text;
      },
    });
    return '';
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return `${error.message}\n${JSON.stringify(error.diagnostics)}`;
  }
}

function expectNoSecret(message: string): void {
  for (const part of [secret, ...fragments]) expect(message).not.toContain(part);
}

const web = (rest: string): string => `services: {web: {image: a, ${rest}}}`;

describe('a message about a value that came from a variable', () => {
  it.each([
    ['a port', web('ports: ["80:${SECRET}"]'), '${SECRET}'],
    ['a size', web('mem_limit: "${SECRET}"'), '${SECRET}'],
    ['a duration', web('stop_grace_period: "${SECRET}"'), '${SECRET}'],
    ['an unknown choice', web('cgroup: "${SECRET}"'), 'cgroup'],
    ['a pattern', web('pull_policy: "${SECRET}"'), '${SECRET}'],
    ['a device', web('devices: ["a:b:c:${SECRET}"]'), '${SECRET}'],
    ['a volume', web('volumes: ["aa:bb:cc:${SECRET}"]'), '${SECRET}'],
    [
      'a mode',
      'services: {web: {image: a, secrets: [{source: s, mode: "${SECRET}"}]}}\nsecrets: {s: {file: f}}',
      '${SECRET}',
    ],
    ['a mount of an unknown volume', web('volumes: ["${SECRET}:/data"]'), '${SECRET}'],
    ['an unknown secret in its long form', web('secrets: [{source: "${SECRET}"}]'), '${SECRET}'],
    ['an unknown network', web('networks: ["${SECRET}"]'), '${SECRET}'],
    ['a dependency', web('depends_on: ["${SECRET}"]'), '${SECRET}'],
    ['a platform', web('platform: "${SECRET}", build: {platforms: [linux/amd64]}'), '${SECRET}'],
    ['an address', web('ports: [{target: 80, host_ip: "${SECRET}"}]'), '${SECRET}'],
    ['a base service', web('extends: {service: "${SECRET}"}'), '${SECRET}'],
    ['a base file', web('extends: {file: "${SECRET}.yaml", service: a}'), '${SECRET}'],
    ['an included file', 'include: [{path: "${SECRET}.yaml"}]', '${SECRET}'],
    ['an env file', web('env_file: [{path: "${SECRET}.env"}]'), '${SECRET}'],
    ['a host', web('extra_hosts: ["${SECRET}"]'), '${SECRET}'],
    ['a device count', web('gpus: [{capabilities: [gpu], count: "${SECRET}"}]'), '${SECRET}'],
    ['a reason that names another variable', web('hostname: "${GONE:?not ${SECRET}}"'), 'not ${SECRET}'],
    [
      'a container that is named twice',
      `services: {web: {image: a, container_name: "\${SECRET}"}, b: {image: a, container_name: "\${SECRET}"}}`,
      '${SECRET}',
    ],
    ['a variable of a list', web('environment: ["${SECRET} =1"]'), 'trailing space'],
    ['a file of version 1', 'web: {image: a, mem_limit: "${SECRET}"}', '${SECRET}'],
  ])('says nothing of it: %s', async (_what, content, shown) => {
    const message = await refusal(content);
    expect(message).toContain(shown);
    expectNoSecret(message);
  });

  it('keeps the rest readable', async () => {
    const message = await refusal('services: {web: {image: a, mem_limit: "${NAME}"}}');
    expect(message).toContain("'services[web].mem_limit' invalid size: '${NAME}'");
  });

  it.each([
    ['an open quote', `A=1\nB="${secret}\n`, 'line 2: unterminated quoted value'],
    ['a wrong name', `${secret}!=1`, 'line 1: unexpected character'],
    ['a template', `A="${secret}\${"`, 'line 1: invalid template'],
    ['a reason', `A=\${GONE:?${secret}}`, 'required variable GONE is missing a value'],
  ])('says nothing of the env file either: %s', async (_what, text, shown) => {
    const message = await refusal(web('env_file: x.env'), { '/srv/shop/x.env': text });
    expect(message).toContain(shown);
    expectNoSecret(message);
  });
});

const scalars = fc.constantFrom(
  '${SECRET}',
  'a${SECRET}b',
  '80:${SECRET}',
  '${SECRET}:/x:${SECRET}',
  '/${SECRET}/../x',
  'k=${SECRET}',
  1,
  null,
  'x',
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalars,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('source', 'target', 'path', 'type', 'service', 'file', 'config', 'a', 'name', 'driver'),
      tie('tree'),
      {
        maxKeys: 3,
      },
    ),
  ),
}));
const keys = fc.constantFrom(
  ...[
    'ports',
    'volumes',
    'environment',
    'networks',
    'depends_on',
    'extends',
    'devices',
    'secrets',
    'configs',
    'ulimits',
  ],
  ...[
    'build',
    'deploy',
    'healthcheck',
    'links',
    'volumes_from',
    'env_file',
    'extra_hosts',
    'mem_limit',
    'cpus',
    'gpus',
  ],
  ...[
    'network_mode',
    'labels',
    'logging',
    'restart',
    'shm_size',
    'stop_grace_period',
    'tmpfs',
    'platform',
    'container_name',
  ],
);

describe('whatever stands in a file', () => {
  it('no message shows the value of a variable', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(keys, tree, { maxKeys: 3 }),
        fc.dictionary(fc.constantFrom('v', 'w'), tree),
        async (service, section) => {
          expectNoSecret(await refusal(JSON.stringify({ services: { web: { image: 'a', ...service } } })));
          expectNoSecret(
            await refusal(JSON.stringify({ services: {}, volumes: section, networks: section, configs: section })),
          );
        },
      ),
      { numRuns: 400 },
    );
  });
});
