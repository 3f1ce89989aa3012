import { describe, expect, it } from 'vitest';
import { uiAddon, uiEndpointAddon } from './ui.js';

describe('the UI addon', () => {
  it('is a service that selects its pods', () => {
    const [service, deployment] = uiAddon({ command: ['node', 'server.js'] }).objects;
    expect(service).toMatchObject({ kind: 'Service', spec: { selector: { 'k8s-app': 'kubernetes-dashboard' } } });
    expect(deployment).toMatchObject({
      kind: 'Deployment',
      spec: { template: { metadata: { labels: { 'k8s-app': 'kubernetes-dashboard' } } } },
    });
  });

  it('is the same service with an address in its endpoints where no pod serves the page', () => {
    const [service, endpoints] = uiEndpointAddon({ address: '172.30.0.16' }).objects;
    expect(service?.metadata).toEqual(uiAddon({ command: [] }).objects[0]?.metadata);
    expect(service).not.toHaveProperty('spec.selector');
    expect(endpoints).toMatchObject({
      kind: 'Endpoints',
      metadata: { name: service?.metadata?.name, namespace: service?.metadata?.namespace },
      subsets: [{ addresses: [{ ip: '172.30.0.16' }], ports: [{ port: 8080 }] }],
    });
  });
});
