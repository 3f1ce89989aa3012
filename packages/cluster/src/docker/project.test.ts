import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load, type Project } from '@kmd/compose-model';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultTag } from '../images/tags.js';
import { publish, scaleAgents } from '../up/project.js';
import { projectForEngine } from './project.js';

const path = fileURLToPath(new URL('../../topology/compose.yaml', import.meta.url));

describe('the topology on an engine', () => {
  let project: Project;
  beforeAll(async () => {
    const override =
      'services:\n  extra:\n    image: x\n    depends_on:\n      apiserver: { condition: service_healthy }\n';
    const files = [
      { path, content: readFileSync(path, 'utf8') },
      { path: '/extra.yaml', content: override },
    ];
    ({ project } = await load({ files, workingDir: '/', environment: {} }));
  });

  it('asks for the images that kmd build makes', () => {
    expect(project.services['apiserver']?.image).toBe(defaultTag('km'));
    expect(project.services['scheduler']?.image).toBe(defaultTag('km'));
    expect(project.services['mesosmaster1']?.image).toBe(defaultTag('mesos-agent'));
    expect(project.services['mesosslave']?.image).toBe(defaultTag('mesos-agent'));
  });

  it('starts its own services together, and keeps the conditions of others', () => {
    const { services } = projectForEngine(project, { name: 'a', home: '/h' });
    const conditions = (name: string) => Object.values(services[name]?.depends_on ?? {}).map((one) => one.condition);
    expect(conditions('scheduler')).toEqual(['service_started', 'service_started', 'service_started']);
    expect(conditions('mesosslave')).toEqual(['service_started']);
    expect(conditions('extra')).toEqual(['service_healthy']);
  });

  it('labels everything with the cluster', () => {
    const { services, networks } = projectForEngine(project, { name: 'a', home: '/h' });
    const labels = { 'dev.kmd.cluster': 'a', 'dev.kmd.home': '/h' };
    for (const one of [...Object.values(services), ...Object.values(networks)])
      expect(one.labels).toMatchObject(labels);
  });

  it('publishes every port on loopback', () => {
    const ports = Object.values(project.services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(5);
    expect(new Set(ports.map((port) => port.host_ip))).toEqual(new Set(['127.0.0.1']));
  });

  it('gives agents no key', () => {
    const sources = (project.services['mesosslave']?.volumes ?? []).map((volume) => volume.source?.split('/').pop());
    expect(sources).toEqual(['root-ca.crt', 'token-users']);
  });

  it('moves one port, and changes the number of agents', () => {
    const moved = publish(project, 'apiserver', 6443, 7000).services['apiserver']?.ports?.map((port) => port.published);
    expect(moved).toEqual(['7000']);
    expect(scaleAgents(project, 5).services['mesosslave']?.scale).toBe(5);
    expect(project.services['mesosslave']?.scale).toBe(2);
  });
});
