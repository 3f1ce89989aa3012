import { describe, expect, it } from 'vitest';
import { uiAddon } from './ui.js';

describe('the UI addon', () => {
  it('is a service that selects its pods', () => {
    const [service, deployment] = uiAddon({ command: ['node', 'server.js'] }).objects;
    expect(service).toMatchObject({ kind: 'Service', spec: { selector: { 'k8s-app': 'kubernetes-dashboard' } } });
    expect(deployment).toMatchObject({
      kind: 'Deployment',
      spec: { template: { metadata: { labels: { 'k8s-app': 'kubernetes-dashboard' } } } },
    });
  });
});
