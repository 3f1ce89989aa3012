import { allUsages } from '../../certificates/usages.js';
import { isSelfSigned, readRequest } from '../../certificates/request.js';
import type { Cause } from '../../errors.js';
import { type JsonObject, listAt, numberAt, objectsAt, textAt } from '../../json/tree.js';
import { duplicate, forbiddenField, invalidShown, invalidValue, required, unsupported } from './field.js';
import { dnsLabel, dnsSubdomain } from './name.js';

/** What is wrong with the request itself. */
function requestProblem(base64: string): string | undefined {
  try {
    return isSelfSigned(readRequest(base64)) ? undefined : 'x509: certificate request is not signed by its own key';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** As Go prints bytes. */
const printBytes = (base64: string): string =>
  `[]byte{${[...Buffer.from(base64, 'base64')].map((byte) => `0x${byte.toString(16)}`).join(', ')}}`;

function validateSignerName(name: string): Cause[] {
  const field = 'spec.signerName';
  if (name === '') return [required(field)];
  const [domain = '', path = '', ...more] = name.split('/');
  if (more.length > 0 || !name.includes('/')) {
    return [
      invalidValue(field, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"),
    ];
  }
  const wrong = (part: string, rule: typeof dnsLabel): Cause[] => {
    const first = part.split('.').find((label) => rule(label).length > 0);
    if (first === undefined) return [];
    return rule(first).map((why) => invalidValue(field, part, `validating label ${JSON.stringify(first)}: ${why}`));
  };
  const single = domain.includes('.')
    ? []
    : [invalidValue(field, domain, 'should be a domain with at least two segments separated by dots')];
  return [...wrong(domain, dnsLabel), ...single, ...wrong(path, dnsSubdomain)];
}

const lasting = ['Approved', 'Denied', 'Failed'];

function validateConditions(object: JsonObject): Cause[] {
  const seen = new Set<string>();
  return objectsAt(object, 'status', 'conditions').flatMap((condition, index): Cause[] => {
    const field = `status.conditions[${index}]`;
    const type = textAt(condition, 'type') ?? '';
    const status = textAt(condition, 'status') ?? '';
    const allowed = lasting.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    const causes: Cause[] = [];
    if (type === '') causes.push(required(`${field}.type`));
    if (status === '') causes.push(required(`${field}.status`));
    else if (!allowed.includes(status)) causes.push(unsupported(`${field}.status`, status, allowed));
    const other = { Approved: 'Denied', Denied: 'Approved' }[type];
    if (other !== undefined && seen.has(other)) {
      causes.push(invalidValue(`${field}.type`, type, 'Approved and Denied conditions are mutually exclusive'));
    }
    if (seen.has(type)) causes.push(duplicate(`${field}.type`, type));
    seen.add(type);
    return causes;
  });
}

export function validateCertificateRequest(object: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const request = textAt(object, 'spec', 'request') ?? '';
  const problem = requestProblem(request);
  if (problem !== undefined) causes.push(invalidShown('spec.request', printBytes(request), problem));
  const usages = listAt(object, 'spec', 'usages').map(String);
  if (usages.length === 0) causes.push(required('spec.usages'));
  usages.forEach((usage, index) => {
    if (!allUsages.includes(usage)) causes.push(unsupported(`spec.usages[${index}]`, usage, allUsages));
  });
  usages.forEach((usage, index) => {
    if (usages.indexOf(usage) < index) causes.push(duplicate(`spec.usages[${index}]`, usage));
  });
  causes.push(...validateSignerName(textAt(object, 'spec', 'signerName') ?? ''));
  const seconds = numberAt(object, 'spec', 'expirationSeconds');
  if (seconds !== undefined && seconds < 600) {
    const why = 'may not specify a duration less than 600 seconds (10 minutes)';
    causes.push(invalidValue('spec.expirationSeconds', seconds, why));
  }
  return [...causes, ...validateConditions(object)];
}

const count = (object: JsonObject, type: string): number =>
  objectsAt(object, 'status', 'conditions').filter((condition) => condition['type'] === type).length;

/** Who writes the status may not approve, and who approves may not write the certificate. */
const changes = (object: JsonObject, old: JsonObject, approves: boolean): Cause[] => {
  const field = 'status.conditions';
  const causes = validateConditions(object);
  for (const type of lasting) {
    if (count(object, type) < count(old, type)) {
      causes.push(forbiddenField(field, `updates may not remove a condition of type ${JSON.stringify(type)}`));
    }
  }
  for (const type of ['Approved', 'Denied']) {
    if (!approves && count(object, type) > count(old, type)) {
      causes.push(forbiddenField(field, `updates may not add a condition of type ${JSON.stringify(type)}`));
    }
  }
  const before = textAt(old, 'status', 'certificate') ?? '';
  if (before !== '' && textAt(object, 'status', 'certificate') !== before) {
    causes.push(forbiddenField('status.certificate', 'updates may not modify existing certificate content'));
  }
  return causes;
};

export const validateCertificateStatus = (object: JsonObject, old: JsonObject): Cause[] => changes(object, old, false);
export const validateApproval = (object: JsonObject, old: JsonObject): Cause[] => changes(object, old, true);
