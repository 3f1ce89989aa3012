import { networkInterfaces } from 'node:os';
import { openJournal, startApiServer } from '@kmd/kube-embedded';
import { readApiCredentials } from '../kubernetes/api-credentials.js';
import { authFolder } from './client.js';
import type { Component } from './component.js';

/** The API server of `@kmd/kube-embedded`. Its objects are in a journal, so that they are there again when its container is started again. */
export const apiserver: Component = {
  name: 'apiserver',
  summary: 'the Kubernetes API',
  flags: {
    'bind-address': 'address to listen on (0.0.0.0)',
    'advertise-address': 'address by which others reach it (the first of this machine)',
    'secure-port': 'port for HTTPS (6443)',
    'insecure-port': 'port for plain HTTP without authentication, 0 for none (0)',
    'tls-cert-file': 'certificate',
    'tls-private-key-file': 'its key',
    'client-ca-file': "authority of users' certificates",
    'kubelet-client-certificate': 'what it shows kubelets; without it they are asked over plain HTTP',
    'kubelet-client-key': 'its key',
    'token-auth-file': 'lines of token,user,uid,groups',
    'basic-auth-file': 'lines of password,user,uid,groups',
    'service-account-key-file': 'key of service-account tokens',
    'service-cluster-ip-range': 'range of service addresses (10.10.10.0/24)',
    'service-node-port-range': 'range of node ports (30000-32767)',
    'authorization-mode': 'AlwaysAllow or RBAC (AlwaysAllow)',
    'journal-dir': 'folder of its objects (/var/lib/kmd/apiserver)',
  },
  ignored: ['external-hostname', 'etcd-servers', 'admission-control', 'allow-privileged', 'runtime-config', 'v'],
  async start(flags, { logger }) {
    const mode = flags.get('authorization-mode') ?? 'AlwaysAllow';
    const host = flags.get('bind-address') ?? '0.0.0.0';
    const insecurePort = flags.number('insecure-port', 0);
    const nodePortRange = flags.get('service-node-port-range');
    const serviceCidr = flags.get('service-cluster-ip-range');
    const kubeletClient = flags.get('kubelet-client-certificate');
    const identity = await readApiCredentials({
      certificate: flags.get('tls-cert-file') ?? `${authFolder}/apiserver.crt`,
      key: flags.get('tls-private-key-file') ?? `${authFolder}/apiserver.key`,
      clientCa: flags.get('client-ca-file'),
      ...(kubeletClient === undefined
        ? {}
        : { kubeletClient: { certificate: kubeletClient, key: flags.require('kubelet-client-key') } }),
      tokens: flags.get('token-auth-file'),
      users: flags.get('basic-auth-file'),
      serviceAccountKey: flags.get('service-account-key-file'),
    });
    const journal = openJournal({ directory: flags.get('journal-dir') ?? '/var/lib/kmd/apiserver', logger });
    try {
      const server = await startApiServer({
        host,
        advertiseAddress: flags.get('advertise-address') ?? (host === '0.0.0.0' ? ownAddress() : host),
        port: flags.number('secure-port', 6443),
        ...(insecurePort === 0 ? {} : { insecurePort }),
        ...identity,
        authorization: mode === 'RBAC' ? 'RBAC' : 'AlwaysAllow',
        ...(serviceCidr === undefined ? {} : { serviceCidr }),
        ...(nodePortRange === undefined ? {} : { nodePortRange }),
        store: journal.store,
        logger,
      });
      return {
        state: `listening on ${server.url}`,
        close: async () => {
          await server.close();
          journal.close();
        },
      };
    } catch (error) {
      journal.close();
      throw error;
    }
  },
};

/** The first address of this machine, or container, that is not its loopback. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
