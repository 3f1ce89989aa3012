import { KubeError } from '@kmd/kube-client';
import { badRequest } from '../errors.js';
import { type JsonObject, textAt } from '../json/tree.js';

/** Why nobody can enter a pod: it is nowhere yet (as the real server says), or there is nothing to enter. */
export const noStream = (pod: JsonObject, what: string): KubeError =>
  (textAt(pod, 'spec', 'nodeName') ?? '') === ''
    ? badRequest(`pod ${textAt(pod, 'metadata', 'name') ?? ''} does not have a host assigned`)
    : new KubeError(
        501,
        'NotImplemented',
        `pods/${what} is not served: pods of this cluster run without containers to enter; read their output with kubectl logs`,
      );
