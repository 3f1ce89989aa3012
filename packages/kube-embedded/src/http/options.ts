import { type Cause, badRequest, invalidOptions } from '../errors.js';
import { goQuoted } from '../json/go.js';
import { forbiddenField, invalidValue, required, tooLong, unsupported } from '../kinds/validation/field.js';
import type { WriteRequest } from '../requests/backend.js';
import { type DeleteRequest, dryRunCauses, readDeleteOptions } from '../requests/delete.js';
import type { ListRequest } from '../requests/read.js';
import { isEmpty, parseOptions, type Body } from './body.js';
import type { Exchange } from './exchange.js';

/* What a query asks for, read as apimachinery's queryparams does: the first of several values counts. */

export const flag = (value: string | null): boolean =>
  value !== null && value !== '0' && value.toLowerCase() !== 'false';

/** Throws 400 for what is no number of 64 bits. */
export function wholeNumber(value: string | null): number | undefined {
  if (value === null || value === '') return undefined;
  const refuse = (why: string): never => {
    throw badRequest(`strconv.ParseInt: parsing ${goQuoted(value)}: ${why}`);
  };
  if (!/^[+-]?\d+$/.test(value)) return refuse('invalid syntax');
  if (BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) return refuse('value out of range');
  return Number(value);
}

export function listRequest(query: URLSearchParams, name?: string): ListRequest {
  const one = (key: string): string | undefined => query.get(key) ?? undefined;
  const fields = name === undefined ? one('fieldSelector') : `metadata.name=${name}`;
  return {
    timeoutSeconds: wholeNumber(query.get('timeoutSeconds')),
    labelSelector: one('labelSelector'),
    fieldSelector: fields,
    limit: wholeNumber(query.get('limit')),
    continue: one('continue'),
    resourceVersion: one('resourceVersion'),
    resourceVersionMatch: one('resourceVersionMatch'),
    ...(query.get('sendInitialEvents') === null ? {} : { sendInitialEvents: flag(query.get('sendInitialEvents')) }),
  };
}

const optionKinds = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions' } as const;
type WritingMethod = keyof typeof optionKinds;
const validations = ['', 'Ignore', 'Strict', 'Warn'] as const;
const managerLimit = 128;

/** The options of a write. Throws 422 for those that break a rule. */
export function writeRequest(
  { query, request, user }: Exchange,
  method: WritingMethod,
  warnings: string[],
): WriteRequest {
  const dryRun = query.getAll('dryRun');
  const manager = query.get('fieldManager') ?? '';
  const validation = validations.find((known) => known === (query.get('fieldValidation') ?? ''));
  const causes: Cause[] = [];
  if (method === 'PATCH') {
    const applies = (request.headers['content-type'] ?? '').startsWith('application/apply-patch+');
    if (applies && manager === '') causes.push(required('fieldManager', 'is required for apply patch'));
    if (!applies && query.get('force') !== null) {
      causes.push(forbiddenField('force', 'may not be specified for non-apply patch'));
    }
  }
  if (Buffer.byteLength(manager) > managerLimit) causes.push(tooLong('fieldManager', managerLimit));
  for (const { 0: sign, index } of manager.matchAll(/(?! )[\p{C}\p{Z}]/gu)) {
    const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const at = Buffer.byteLength(manager.slice(0, index));
    causes.push(invalidValue('fieldManager', manager, `invalid character U+${code} (at position ${at})`));
  }
  causes.push(...dryRunCauses(dryRun));
  if (validation === undefined)
    causes.push(unsupported('fieldValidation', query.get('fieldValidation') ?? '', validations));
  if (causes.length > 0) throw invalidOptions(optionKinds[method], causes);
  // A client that does not name its manager is known by the first part of its user agent.
  const agent = (request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown';
  return {
    dryRun: dryRun.length > 0,
    manager: manager === '' ? agent.slice(0, managerLimit) : manager,
    fieldValidation: validation === undefined || validation === '' ? 'Warn' : validation,
    warnings,
    user,
  };
}

/** The options of a deletion: those of its body, or of the query when there is none. */
export async function deleteRequest({ query }: Exchange, body: Body): Promise<DeleteRequest> {
  if (!isEmpty(body)) return readDeleteOptions(await parseOptions(body));
  const policy = query.get('propagationPolicy');
  const grace = wholeNumber(query.get('gracePeriodSeconds'));
  const orphan = query.get('orphanDependents');
  const dryRun = query.getAll('dryRun');
  const causes = dryRunCauses(dryRun);
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
  return {
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(orphan === null ? {} : { orphanDependents: flag(orphan) }),
    ...(dryRun.length > 0 ? { dryRun: true } : {}),
  };
}
