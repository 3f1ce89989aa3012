import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from '@kmd/compose-model';
import { describe, expect, it } from 'vitest';
import { composeLabels, resourceLabels } from './compose-labels.js';
import { containerName, imageName } from './container-name.js';

interface Recorded {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const folder = fileURLToPath(new URL('../testdata/up/', import.meta.url));
const engine = JSON.parse(readFileSync(`${folder}engine.json`, 'utf8')) as {
  readonly containers: readonly Recorded[];
  readonly networks: readonly Recorded[];
};
const content = readFileSync(`${folder}compose.yaml`, 'utf8');
const workingDir = '/srv/rec/demo';
const { project } = await load({
  files: [{ path: 'compose.yaml', content }],
  workingDir,
  environment: { TOKEN: 's3' },
});

describe('containers', () => {
  it.each(engine.containers)('$name is named and labelled as docker compose does it', ({ name, labels }) => {
    const service = project.services[labels['com.docker.compose.service'] ?? ''];
    expect(service).toBeDefined();
    const number = Number(labels['com.docker.compose.container-number']);
    expect(containerName(project, service!, number)).toBe(name);
    expect(
      composeLabels({
        project,
        service: service!,
        number,
        configFiles: [`${workingDir}/compose.yaml`],
        configHash: labels['com.docker.compose.config-hash'] ?? '',
        imageDigest: labels['com.docker.compose.image'] ?? '',
      }),
    ).toEqual(labels);
  });

  it('keep a name of their own, and the labels of their user', () => {
    const service = {
      name: 'web',
      container_name: 'shop',
      labels: { role: 'front', 'com.docker.compose.project': 'mine' },
    };
    expect(containerName(project, service, 1)).toBe('shop');
    const labels = composeLabels({ project, service, number: 1, configFiles: [], configHash: 'h' });
    expect(labels['role']).toBe('front');
    expect(labels['com.docker.compose.project']).toBe('demo');
  });

  it('of a build run an image named after project and service', () => {
    expect(imageName(project, { name: 'web' })).toBe('demo-web');
    expect(imageName(project, { name: 'web', image: 'nginx' })).toBe('nginx');
  });
});

describe('networks', () => {
  it.each(engine.networks)('$name is labelled as docker compose does it, but for the hash', ({ labels }) => {
    const made = resourceLabels('demo', 'network', labels['com.docker.compose.network'] ?? '');
    expect({ ...made, 'com.docker.compose.config-hash': labels['com.docker.compose.config-hash'] }).toEqual(labels);
  });
});
