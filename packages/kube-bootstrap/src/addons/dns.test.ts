import { describe, expect, it } from 'vitest';
import type { Addon } from './addon.js';
import { dnsAddon } from './dns.js';

const find = (addon: Addon, kind: string): unknown => addon.objects.find((object) => object.kind === kind);

describe('dnsAddon', () => {
  const addon = dnsAddon({ clusterIp: '10.10.10.10', domain: 'cluster.local', replicas: 2 });

  it('exposes what the service of 2015 exposed, at the address asked for', () => {
    expect(find(addon, 'Service')).toMatchObject({
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
      spec: {
        selector: { 'k8s-app': 'kube-dns' },
        clusterIP: '10.10.10.10',
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
          { name: 'metrics', port: 9153, protocol: 'TCP' },
        ],
      },
    });
  });

  it('answers for the domain, in as many pods as asked for, which the service and the wait select', () => {
    expect(find(addon, 'ConfigMap')).toMatchObject({
      data: { Corefile: expect.stringContaining('kubernetes cluster.local in-addr.arpa ip6.arpa {') as string },
    });
    expect(find(addon, 'Deployment')).toMatchObject({
      spec: {
        replicas: 2,
        selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
        template: {
          metadata: { labels: { 'k8s-app': 'kube-dns' } },
          spec: {
            serviceAccountName: 'coredns',
            containers: [
              {
                resources: { requests: { cpu: '100m', memory: '70Mi' }, limits: { memory: '170Mi' } },
                ports: [{ name: 'dns' }, { name: 'dns-tcp' }, { name: 'metrics' }],
              },
            ],
          },
        },
      },
    });
    expect(addon.ready).toEqual({ namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns', replicas: 2 });
  });
});
