import type { CertificateRequest } from './request.js';

/** Why a signer does not sign what is asked of it, in the words of the real one. Undefined: it does. */
type Rule = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const same = (one: readonly string[], other: readonly string[]): boolean =>
  new Set(one).size === new Set(other).size && one.every((item) => other.includes(item));

/** Nodes name themselves `system:node:NAME` in `system:nodes`. */
function ofNode(
  { commonName, organizations }: CertificateRequest,
  usages: readonly string[],
  names: () => string | undefined,
  auth: 'client auth' | 'server auth',
): string | undefined {
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes')
    return 'subject organization is not system:nodes';
  const wanted = [auth, 'digital signature', 'key encipherment'];
  const isUsual = same(usages, wanted) || same(usages, [auth, 'digital signature']);
  const usage = isUsual ? undefined : `usages did not match [${wanted.join(' ')}]`;
  const name = commonName.startsWith('system:node:')
    ? undefined
    : 'subject common name does not begin with system:node:';
  return names() ?? (auth === 'client auth' ? (name ?? usage) : (usage ?? name));
}

const notAllowed = (what: string): string => `${what} subjectAltNames are not allowed`;

export const kubeletClient = 'kubernetes.io/kube-apiserver-client-kubelet';
export const userClient = 'kubernetes.io/kube-apiserver-client';

/** The signers that are served: those of Kubernetes itself (pkg/controller/certificates/signer, pkg/apis/certificates). */
export const signers: Readonly<Record<string, Rule>> = {
  [userClient]: (_request, usages) => {
    const strange = usages.find((usage) => !['client auth', 'digital signature', 'key encipherment'].includes(usage));
    if (strange !== undefined) return `invalid usage for client certificate: ${strange}`;
    return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
  },
  [kubeletClient]: (request, usages) => {
    const { dnsNames, emails, addresses, uris } = request;
    const names = (): string | undefined => {
      if (dnsNames.length > 0) return notAllowed('DNS');
      if (emails.length > 0) return notAllowed('Email');
      if (addresses.length > 0) return notAllowed('IP');
      return uris.length > 0 ? notAllowed('URI') : undefined;
    };
    return ofNode(request, usages, names, 'client auth');
  },
  'kubernetes.io/kubelet-serving': (request, usages) => {
    const { dnsNames, emails, addresses, uris } = request;
    const names = (): string | undefined => {
      if (dnsNames.length + addresses.length === 0) return 'DNS or IP subjectAltName is required';
      if (emails.length > 0) return notAllowed('Email');
      return uris.length > 0 ? notAllowed('URI') : undefined;
    };
    return ofNode(request, usages, names, 'server auth');
  },
};
