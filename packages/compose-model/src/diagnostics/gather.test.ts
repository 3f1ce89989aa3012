import { describe, expect, it } from 'vitest';
import { ComposeError, load, printDiagnostic } from '../index.js';

async function linesOf(
  files: Readonly<Record<string, string>>,
  names: readonly string[] = ['compose.yaml'],
): Promise<readonly string[]> {
  try {
    await load({
      files: names,
      workingDir: '/srv/shop',
      environment: {},
      readFile: async (path) => {
        const text = files[path.replace('/srv/shop/', '')];
        return text ?? Promise.reject(Object.assign(new Error('none'), { code: 'ENOENT' }));
      },
    });
    return [];
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return error.diagnostics.map(printDiagnostic);
  }
}

describe('everything that is wrong comes at once', () => {
  it('of every phase and every service', async () => {
    const lines = await linesOf({
      'compose.yaml': `services:
  keys: {imagee: a}
  variable: {image: "a:\${TAG:?say which}"}
  flag: {image: a, privileged: maybe}
  port: {image: a, ports: ["80:abc"]}
  size: {image: a, mem_limit: lots}
  network: {image: a, networks: [frnt]}
  waits: {image: a, depends_on: [kyes, keys]}
  none: {labels: {a: b}}
  file: {image: a, env_file: gone.env}
networks: {front: {}}
secrets: {s: {}}
`,
    });
    expect(lines).toEqual([
      "compose.yaml:2:10: services.keys additional properties 'imagee' not allowed (did you mean image?)",
      'compose.yaml:3:21: error while interpolating services.variable.image: required variable TAG is missing a value: say which',
      'compose.yaml:4:32: error while interpolating services.flag.privileged: failed to cast to expected type: invalid boolean: maybe',
      'compose.yaml:5:28: services.port.ports[0]: Invalid containerPort: abc',
      "compose.yaml:6:31: 'services[size].mem_limit' invalid size: 'lots'",
      'compose.yaml:7:34: service "network" refers to undefined network frnt: invalid compose project (did you mean front?)',
      'compose.yaml:8:34: service "waits" depends on undefined service "kyes": invalid compose project (did you mean keys?)',
      'compose.yaml:9:9: service "none" has neither an image nor a build context specified: invalid compose project',
      'compose.yaml:10:30: env file /srv/shop/gone.env not found: stat /srv/shop/gone.env: no such file or directory',
      'compose.yaml:12:14: secrets.s: one of file|environment must be set',
    ]);
  });

  it('of every file, and of files that they include', async () => {
    const lines = await linesOf(
      {
        'compose.yaml': 'include: [sub/in.yaml]\nservices: {a: {imag: x}, b: {image: x, volumes: [gone:/d]}}',
        'over.yaml': 'services: {a: {image: x, restrat: no}, c: {image: x, cap_ad: []}}',
        'sub/in.yaml': 'services: {i: {image: x, comand: y}, j: {image: z, deploy: {replicas: "many"}}}',
      },
      ['compose.yaml', 'over.yaml'],
    );
    expect(lines.map((line) => line.split(':', 1)[0])).toEqual([
      'sub/in.yaml',
      'sub/in.yaml',
      'compose.yaml',
      'compose.yaml',
      'over.yaml',
      'over.yaml',
    ]);
  });

  it('once each, and nothing that follows from another error', async () => {
    const lines = await linesOf(
      {
        'compose.yaml':
          'servces: {}\nservices: {web: {image: [], imagee: a, ports: ["80:abc"]}, db: {build: [], additional: 1}}',
        'over.yaml':
          'services: {web: {depends_on: [db]}, app: {build: {context: ., additional_contexts: ["d=service:db"]}}}',
      },
      ['compose.yaml', 'over.yaml'],
    );
    expect(lines).toEqual([
      "compose.yaml:1:1: additional properties 'servces' not allowed (did you mean services?)",
      'compose.yaml:2:25: services.web.image must be a string',
      "compose.yaml:2:29: services.web additional properties 'imagee' not allowed (did you mean image?)",
      'compose.yaml:2:48: services.web.ports[0]: Invalid containerPort: abc',
      'compose.yaml:2:72: services.db.build must be a string or mapping',
      "compose.yaml:2:76: services.db additional properties 'additional' not allowed",
    ]);
  });

  it('ends where a whole section cannot be read', async () => {
    const lines = await linesOf({
      'compose.yaml': 'services: {web: {image: a, networks: [front]}}\nnetworks: [front]',
    });
    expect(lines).toEqual(['compose.yaml:2:11: networks must be a mapping']);
  });
});
