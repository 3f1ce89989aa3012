import { describe, expect, it } from 'vitest';
import { load, parsePort, parseSize, toJson, type ComposeError } from '../index.js';

function loadText(...contents: readonly string[]) {
  const files = contents.map((content, index) => ({ path: `${index}.yaml`, content }));
  return load({ files, workingDir: '/srv/shop', environment: { A: 'alpha', B: 'beta' } });
}

async function messageOf(content: string): Promise<string> {
  return loadText(content).then(
    () => 'loaded',
    (error: ComposeError) => error.message,
  );
}

async function service(content: string): Promise<Readonly<Record<string, unknown>>> {
  const { project } = await loadText(`services: {a: {image: b, ${content}}}`);
  const { services } = toJson(project) as { services: Record<string, Record<string, unknown>> };
  return services['a'] ?? {};
}

describe('values are bound as docker compose binds them', () => {
  it.each([
    ['blkio_config: {weight: "5"}', "blkio_config.weight' expected type 'uint16', got unconvertible type 'string'"],
    ['deploy: {update_config: {parallelism: -1}}', "cannot parse value as 'uint64': -1 overflows uint"],
    ['group_add: [1.0]', "group_add[0]' expected type 'string', got unconvertible type 'float64'"],
    ['configs: [{source: c, mode: 0.5}]', 'unexpected value type float64 for mode'],
    ['expose: [1.5]', 'unsupported expose value 1.5'],
    ['ports: [{published: 80}]', 'service ports services.a.ports.[0] is missing a target port'],
    ['ports: ["0"]', 'service ports services.a.ports.[0] is missing a target port'],
    ['devices: [{source: /dev/x}]', 'service device services.a.devices.[0] is missing a mount target'],
    ['environment: {A: .inf}', 'services.a.environment.A +Inf is no number'],
  ])('refuses %s', async (attribute, message) => {
    expect(await messageOf(`services: {a: {image: b, ${attribute}}}\nconfigs: {c: {content: x}}`)).toContain(message);
  });

  it('prints fractions in the form of Go', async () => {
    const made = await service('environment: {A: 1e-5, B: 1e21, C: 1.0, D: 123456789.5, E: 0x1F, F: 123456.7, G: 1e6}');
    expect(made['environment']).toEqual({
      A: '1e-05',
      B: '1e+21',
      C: '1',
      D: '1.234567895e+08',
      E: '31',
      F: '123456.7',
      G: '1e+06',
    });
  });

  it('keeps the digits of large sizes, and the sign of negative ones', async () => {
    expect(parseSize('9007199254740993')).toBe(9007199254740993n);
    expect(parseSize('-1')).toBe(-1);
    expect(parseSize('9223372036854775808')).toBe("invalid size: '9223372036854775808'");
    expect(await service('mem_limit: 9007199254740993, memswap_limit: "-1"')).toMatchObject({
      mem_limit: '9007199254740993',
      memswap_limit: '-1',
    });
  });

  it('keeps cpus as a float of 32 bits', async () => {
    expect((await service('cpus: 0.123456789'))['cpus']).toBe(0.12345679);
  });

  it('orders the ports of a range by their digits', () => {
    const ports = parsePort('9-11');
    expect(typeof ports === 'string' ? ports : ports.map(({ target }) => target)).toEqual([10, 11, 9]);
  });

  it('says the scale as replicas too', async () => {
    expect((await service('scale: 7, deploy: {mode: replicated}'))['deploy']).toMatchObject({ replicas: 7 });
  });

  it('prints the devices of block I/O whole', async () => {
    expect((await service('blkio_config: {device_read_bps: [{path: /dev/x}]}'))['blkio_config']).toEqual({
      device_read_bps: [{ Path: '/dev/x', Rate: '0' }],
    });
  });

  it('does not print x- keys of address pools and device requests', async () => {
    const { project } = await loadText(
      'services: {a: {image: b, gpus: [{x-g: 1}]}}\nnetworks: {default: {ipam: {config: [{subnet: 10.0.0.0/24, x-p: 1}]}}}',
    );
    expect(JSON.stringify(toJson(project))).not.toMatch(/x-[gp]/);
  });

  it('merges address pools by subnet, and never loses one', async () => {
    const pools = (config: string): string => `networks: {default: {ipam: {config: ${config}}}}`;
    const base = 'services: {a: {image: b}}\n';
    const { project } = await loadText(
      base + pools('[{subnet: 10.0.0.0/24}]'),
      pools('[{subnet: 10.0.0.0/24, gateway: 10.0.0.1}, {subnet: 10.1.0.0/24}]'),
    );
    expect(project.networks['default']?.ipam?.config).toEqual([
      { subnet: '10.0.0.0/24', gateway: '10.0.0.1' },
      { subnet: '10.1.0.0/24' },
    ]);
    const { project: first } = await loadText(base + pools('[]'), pools('[{subnet: 10.0.0.0/24}]'));
    expect(first.networks['default']?.ipam?.config).toEqual([{ subnet: '10.0.0.0/24' }]);
  });

  it('takes secrets and configs from variables in an included file, where an override may name another', async () => {
    const inner = 'services: {i: {image: b}}\nsecrets: {s: {environment: A}}\nconfigs: {c: {environment: A}}';
    const { project } = await load({
      files: [{ path: 'compose.yaml', content: 'include: [in.yaml]\nsecrets: {s: {environment: B}}' }],
      workingDir: '/srv/shop',
      environment: { A: 'alpha', B: 'beta' },
      readFile: async (path) => {
        if (path.endsWith('in.yaml')) return inner;
        throw Object.assign(new Error('none'), { code: 'ENOENT' });
      },
    });
    expect(project.secrets['s']).toEqual({ name: 'shop_s', environment: 'B', content: 'beta' });
    expect(project.configs['c']).toEqual({ name: 'shop_c', environment: 'A', content: 'alpha' });
  });
});
