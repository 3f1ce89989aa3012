import { describe, expect, it } from 'vitest';
import { readFlags } from '../flags.js';
import { translateFlags } from './real-binary.js';

describe('translateFlags', () => {
  it("makes today's flags of the topology's for the API server", () => {
    const flags = readFlags([
      'km',
      'apiserver',
      '--secure-port=6443',
      '--insecure-port=0',
      '--etcd-servers=http://etcd:4001',
      '--admission-control=NamespaceLifecycle,SecurityContextDeny,ResourceQuota',
      '--basic-auth-file=/auth/basic-users',
      '--service-account-key-file=/auth/sa.key',
      '--allow-privileged',
    ]);
    const { arguments: words, dropped } = translateFlags('apiserver', flags, { kubeconfig: '/k' });
    expect(words).toEqual([
      '--secure-port=6443',
      '--etcd-servers=http://etcd:4001',
      '--enable-admission-plugins=NamespaceLifecycle,ResourceQuota',
      '--service-account-key-file=/auth/sa.pub',
      '--service-account-signing-key-file=/auth/sa.key',
      '--allow-privileged=true',
      '--service-account-issuer=https://kubernetes.default.svc',
    ]);
    expect(dropped).toEqual(['insecure-port', 'basic-auth-file']);
  });

  it('gives the controller manager a kubeconfig in place of an address', () => {
    const flags = readFlags(['--master=https://apiserver:6443', '--root-ca-file=/auth/root-ca.crt']);
    expect(translateFlags('controller-manager', flags, { kubeconfig: '/k' })).toEqual({
      arguments: ['--root-ca-file=/auth/root-ca.crt', '--kubeconfig=/k', '--use-service-account-credentials=false'],
      dropped: ['master'],
    });
  });
});
