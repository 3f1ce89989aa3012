import type { KubeObject, Resource } from '@kmd/kube-client';
import type { Condition } from '../workloads.js';

/** With the fields that these controllers read and write. */
export interface CertificateSigningRequest extends KubeObject {
  spec?: {
    /** PEM, in base64. */
    request: string;
    signerName: string;
    usages?: string[];
    expirationSeconds?: number;
    username?: string;
    uid?: string;
    groups?: string[];
    extra?: Record<string, string[]>;
  };
  status?: { conditions?: (Condition & { lastUpdateTime?: string })[]; certificate?: string };
}

export const certificateSigningRequests: Resource<CertificateSigningRequest> = {
  group: 'certificates.k8s.io',
  version: 'v1',
  plural: 'certificatesigningrequests',
  kind: 'CertificateSigningRequest',
  namespaced: false,
};

/** Asks whether somebody may do something. */
export interface SubjectAccessReview extends KubeObject {
  spec?: object;
  status?: { allowed?: boolean };
}

export const subjectAccessReviews: Resource<SubjectAccessReview> = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
  kind: 'SubjectAccessReview',
  namespaced: false,
};

export const isTrue = ({ status }: CertificateSigningRequest, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
