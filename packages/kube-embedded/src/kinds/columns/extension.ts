import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { type Column, ageColumn, count, nameColumn, text } from './column.js';
import { humanDuration } from './duration.js';

const webhookColumns: readonly Column[] = [
  nameColumn,
  count('Webhooks', (object) => listAt(object, 'webhooks').length),
  ageColumn,
];

const conditionOf = (object: JsonObject, type: string): JsonObject | undefined =>
  objectsAt(object, 'status', 'conditions').find((condition) => condition['type'] === type);

function available(object: JsonObject): string {
  const condition = conditionOf(object, 'Available');
  if (!condition) return 'Unknown';
  const status = textAt(condition, 'status') ?? '';
  return status === 'True' ? status : `${status} (${textAt(condition, 'reason') ?? ''})`;
}

/** What became of a request for a certificate. */
function requestState(object: JsonObject): string {
  const decided = ['Approved', 'Denied'].find((type) => conditionOf(object, type)) ?? 'Pending';
  const failed = conditionOf(object, 'Failed') ? ',Failed' : '';
  const issued = (textAt(object, 'status', 'certificate') ?? '') === '' ? '' : ',Issued';
  return `${decided}${failed}${issued}`;
}

const orNone = (value: number | string | undefined): string => String(value ?? '<none>');
const limited =
  (...path: string[]) =>
  (object: JsonObject) =>
    orNone(numberAt(object, 'spec', 'limited', ...path));

/** Kinds by which a cluster is extended and held in check. */
export const extensionColumns: Readonly<Record<string, readonly Column[]>> = {
  'validatingwebhookconfigurations.admissionregistration.k8s.io': webhookColumns,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': webhookColumns,
  'validatingadmissionpolicies.admissionregistration.k8s.io': [
    nameColumn,
    count('Validations', (object) => listAt(object, 'spec', 'validations').length),
    text('ParamKind', (object) => {
      const kind = objectAt(object, 'spec', 'paramKind');
      return kind ? `${textAt(kind, 'apiVersion') ?? ''}/${textAt(kind, 'kind') ?? ''}` : '<unset>';
    }),
    ageColumn,
  ],
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': [
    nameColumn,
    text('PolicyName', (object) => textAt(object, 'spec', 'policyName') ?? ''),
    text('ParamRef', (object) => {
      const ref = objectAt(object, 'spec', 'paramRef');
      const namespace = textAt(ref, 'namespace');
      return ref ? `${namespace === undefined ? '' : `${namespace}/`}${textAt(ref, 'name') ?? '*'}` : '<unset>';
    }),
    ageColumn,
  ],
  'apiservices.apiregistration.k8s.io': [
    nameColumn,
    text('Service', (object) => {
      const service = objectAt(object, 'spec', 'service');
      return service ? `${textAt(service, 'namespace') ?? ''}/${textAt(service, 'name') ?? ''}` : 'Local';
    }),
    text('Available', available),
    ageColumn,
  ],
  'certificatesigningrequests.certificates.k8s.io': [
    nameColumn,
    ageColumn,
    text('SignerName', (object) => textAt(object, 'spec', 'signerName') ?? ''),
    text('Requestor', (object) => textAt(object, 'spec', 'username') ?? ''),
    text('RequestedDuration', (object) => {
      const seconds = numberAt(object, 'spec', 'expirationSeconds');
      return seconds === undefined ? '<none>' : humanDuration(seconds * 1000);
    }),
    text('Condition', requestState),
  ],
  'runtimeclasses.node.k8s.io': [nameColumn, text('Handler', (object) => textAt(object, 'handler') ?? ''), ageColumn],
  'ipaddresses.networking.k8s.io': [
    nameColumn,
    text('ParentRef', (object) => {
      const part = (name: string): string => textAt(object, 'spec', 'parentRef', name) ?? '';
      const resource = [part('resource'), part('group')].filter((text) => text !== '').join('.');
      return [resource, part('namespace'), part('name')].filter((text) => text !== '').join('/');
    }),
    // The real printer writes an age that it has no column for.
    { ...ageColumn, name: '' },
  ],
  'servicecidrs.networking.k8s.io': [
    nameColumn,
    text('CIDRs', (object) => listAt(object, 'spec', 'cidrs').join(',')),
    ageColumn,
  ],
  'flowschemas.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    text('PriorityLevel', (object) => textAt(object, 'spec', 'priorityLevelConfiguration', 'name') ?? ''),
    text('MatchingPrecedence', (object) => numberAt(object, 'spec', 'matchingPrecedence') ?? 0),
    text('DistinguisherMethod', (object) => textAt(object, 'spec', 'distinguisherMethod', 'type') ?? '<none>'),
    ageColumn,
    text('MissingPL', (object) => textAt(conditionOf(object, 'Dangling'), 'status') ?? '?'),
  ],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    text('Type', (object) => textAt(object, 'spec', 'type') ?? ''),
    text(
      'NominalConcurrencyShares',
      (object) => numberAt(object, 'spec', 'limited', 'nominalConcurrencyShares') ?? '<none>',
    ),
    text('Queues', limited('limitResponse', 'queuing', 'queues')),
    text('HandSize', limited('limitResponse', 'queuing', 'handSize')),
    text('QueueLengthLimit', limited('limitResponse', 'queuing', 'queueLengthLimit')),
    ageColumn,
  ],
};
