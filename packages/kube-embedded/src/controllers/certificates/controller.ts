import { ignoreNotFound, isConflict, isNotFound } from '@kmd/kube-client';
import { type CertificateRequest, loadX509, tryReadRequest } from '../../certificates/request.js';
import { type SigningAuthority, createSigner } from '../../certificates/sign.js';
import { kubeletClient, signers } from '../../certificates/signers.js';
import { toApiTime } from '../api-time.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { nameOf } from '../ownership.js';
import { type CertificateSigningRequest, certificateSigningRequests, isTrue, subjectAccessReviews } from './kinds.js';

/** Seconds that a certificate is good for when its request does not say, and at most: `--cluster-signing-duration`. */
const longest = 365 * 24 * 3600;
const shortest = 600;

/**
 * Approves what kubelets ask of their own client certificates, where they may ask for them, and signs what is approved of the signers that it knows.
 * Throws `KubeError` with code `InvalidSigningAuthority`.
 */
export function createCertificateControllers(
  context: ControllerContext,
  authority: SigningAuthority,
): readonly Controller[] {
  const { api, informers, clock } = context;
  const requests = informers.of(certificateSigningRequests);
  const sign = createSigner(authority, () => clock.now());
  const queueOf = (
    name: string,
    work: (asked: CertificateSigningRequest, request: CertificateRequest) => Promise<void>,
  ): Controller => {
    const queue = createQueue(context, name, {
      async reconcile(key) {
        const asked = requests.get(undefined, key);
        if (!asked?.spec || (asked.status?.certificate ?? '') !== '' || isTrue(asked, 'Failed')) return;
        await loadX509();
        const request = tryReadRequest(asked.spec.request);
        // Of a journal that is older than the rules for requests.
        if (!request) return;
        await work(asked, request).catch((error: unknown) => {
          if (!isConflict(error) && !isNotFound(error)) throw error;
        });
      },
    });
    const consider = (asked: CertificateSigningRequest): void => queue.add(nameOf(asked));
    requests.subscribe({ added: consider, updated: consider });
    return { name, queue, needs: [requests] };
  };

  /** A condition is added by an update of a subresource: `approval`, or the status. */
  async function addCondition(
    asked: CertificateSigningRequest,
    subresource: 'approval' | 'status',
    type: string,
    reason: string,
    message: string,
  ): Promise<void> {
    const lastUpdateTime = toApiTime(clock.now());
    const condition = { type, status: 'True', reason, message, lastUpdateTime };
    const status = { ...asked.status, conditions: [...(asked.status?.conditions ?? []), condition] };
    await api.update(certificateSigningRequests, { ...asked, status }, { subresource });
  }

  async function approve(asked: CertificateSigningRequest, request: CertificateRequest): Promise<void> {
    const { signerName, usages = [], username, uid, groups, extra } = asked.spec ?? {};
    if (isTrue(asked, 'Approved') || isTrue(asked, 'Denied') || signerName !== kubeletClient) return;
    if (signers[kubeletClient]?.(request, usages) !== undefined) return;
    const kinds = [
      ...(username === request.commonName
        ? [{ subresource: 'selfnodeclient', said: 'Auto approving self kubelet client certificate' }]
        : []),
      { subresource: 'nodeclient', said: 'Auto approving kubelet client certificate' },
    ];
    for (const { subresource, said } of kinds) {
      const resourceAttributes = {
        group: 'certificates.k8s.io',
        resource: 'certificatesigningrequests',
        verb: 'create',
        version: '*',
        subresource,
      };
      const spec = { resourceAttributes, user: username, uid, groups, extra };
      const { status } = await api.create(subjectAccessReviews, { spec });
      if (status?.allowed === true) {
        await addCondition(asked, 'approval', 'Approved', 'AutoApproved', `${said} after SubjectAccessReview.`);
        return;
      }
    }
  }

  async function issue(asked: CertificateSigningRequest, request: CertificateRequest): Promise<void> {
    const { signerName = '', usages = [], expirationSeconds = longest } = asked.spec ?? {};
    const rule = Object.hasOwn(signers, signerName) ? signers[signerName] : undefined;
    if (!rule || !isTrue(asked, 'Approved') || isTrue(asked, 'Denied')) return;
    const problem = rule(request, usages);
    if (problem !== undefined) {
      await addCondition(asked, 'status', 'Failed', 'SignerValidationFailure', problem);
      return;
    }
    const seconds = Math.max(shortest, Math.min(longest, expirationSeconds));
    const certificate = Buffer.from(await sign(request, usages, seconds)).toString('base64');
    const status = { ...asked.status, certificate };
    await api.update(certificateSigningRequests, { ...asked, status }, { subresource: 'status' });
  }

  return [
    queueOf('certificatesigningrequest-approving-controller', approve),
    queueOf('certificatesigningrequest-signing-controller', issue),
    createCleaner(context),
  ];
}

const hour = 3600_000;

/** Takes away requests that nobody will look at again: decided an hour ago, or a day old. */
function createCleaner(context: ControllerContext): Controller {
  const { api, informers, clock } = context;
  const requests = informers.of(certificateSigningRequests);
  const name = 'certificatesigningrequest-cleaner-controller';
  const queue = createQueue(context, name, {
    async reconcile(key) {
      const asked = requests.get(undefined, key);
      if (!asked) return;
      const last = asked.status?.conditions?.at(-1);
      const end = last
        ? Date.parse(last.lastUpdateTime ?? asked.metadata?.creationTimestamp ?? '') + hour
        : Date.parse(asked.metadata?.creationTimestamp ?? '') + 24 * hour;
      if (clock.now() < end) queue.addAfter(key, end - clock.now());
      else {
        await api.delete(certificateSigningRequests, key).catch(ignoreNotFound);
      }
    },
  });
  const consider = (asked: CertificateSigningRequest): void => queue.add(nameOf(asked));
  requests.subscribe({ added: consider, updated: consider });
  return { name, queue, needs: [requests] };
}
