import { KubeError } from '@kmd/kube-client';
import { goQuoted } from './json/go.js';
import type { JsonObject } from './json/tree.js';
import type { Kind } from './kinds/kind.js';

/** One violation of a rule, in the words of the real API server (`field` is a path such as `spec.containers[0].image`). */
export interface Cause {
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueNotFound'
    | 'FieldValueTypeInvalid'
    | 'FieldManagerConflict'
    | 'NamespaceTerminating'
    | 'UnexpectedServerResponse';
  readonly message: string;
  readonly field?: string;
}

type Named = Pick<Kind, 'group' | 'plural'>;

/** `deployments.apps`, `pods`: how messages name a resource. */
export const resourceName = (kind: Named): string => (kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`);

const details = (kind: Named, name: string, more: Record<string, unknown> = {}) => ({
  ...(name === '' ? {} : { name }),
  ...(kind.group === '' ? {} : { group: kind.group }),
  kind: kind.plural,
  ...more,
});

export const notFound = (kind: Named, name: string): KubeError =>
  new KubeError(404, 'NotFound', `${resourceName(kind)} ${goQuoted(name)} not found`, { details: details(kind, name) });

export const alreadyExists = (kind: Named, name: string): KubeError =>
  new KubeError(409, 'AlreadyExists', `${resourceName(kind)} ${goQuoted(name)} already exists`, {
    details: details(kind, name),
  });

export const conflict = (kind: Named, name: string, why: string): KubeError =>
  new KubeError(409, 'Conflict', `Operation cannot be fulfilled on ${resourceName(kind)} ${goQuoted(name)}: ${why}`, {
    details: details(kind, name),
  });

/** The words of an optimistic lock that failed. */
export const modified = (kind: Named, name: string): KubeError =>
  conflict(kind, name, 'the object has been modified; please apply your changes to the latest version and try again');

export const invalid = (kind: Pick<Kind, 'group' | 'kind'>, name: string, causes: readonly Cause[]): KubeError => {
  const qualified = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  // What is said twice is told once, and listed twice.
  const lines = [
    ...new Set(causes.map((cause) => (cause.field === undefined ? cause.message : `${cause.field}: ${cause.message}`))),
  ];
  const message = lines.length === 1 ? lines.join() : `[${lines.join(', ')}]`;
  return new KubeError(422, 'Invalid', `${qualified} ${goQuoted(name)} is invalid: ${message}`, {
    details: {
      ...(name === '' ? {} : { name }),
      ...(kind.group === '' ? {} : { group: kind.group }),
      ...(kind.kind === '' ? {} : { kind: kind.kind }),
      causes: causes.map(({ reason, message, field }) => ({
        reason,
        message,
        ...(field === undefined ? {} : { field }),
      })),
    },
  });
};

export const forbidden = (kind: Named, name: string, why: string, causes?: readonly Cause[]): KubeError =>
  new KubeError(
    403,
    'Forbidden',
    name === ''
      ? `${resourceName(kind)} is forbidden: ${why}`
      : `${resourceName(kind)} ${goQuoted(name)} is forbidden: ${why}`,
    { details: { ...details(kind, name), ...(causes === undefined ? {} : { causes }) } },
  );

export const badRequest = (message: string, cause?: unknown): KubeError =>
  new KubeError(400, 'BadRequest', message, { cause });

/** A parameter of a request that breaks a rule: `CreateOptions.meta.k8s.io "" is invalid: …`. */
export const invalidOptions = (
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions' | 'ListOptions',
  causes: readonly Cause[],
): KubeError => invalid({ group: 'meta.k8s.io', kind }, '', causes);

/** What the real server does not sort further: 500 without a reason. */
export const unsorted = (message: string): KubeError => new KubeError(500, '', message);

export const methodNotAllowed = (): KubeError =>
  new KubeError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {
    details: {},
  });

export const resourceNotServed = (): KubeError =>
  new KubeError(404, 'NotFound', 'the server could not find the requested resource', { details: {} });

export const tooOld = (asked: number, oldest: number): KubeError =>
  new KubeError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);

export const unsupportedMediaType = (accepted: readonly string[]): KubeError =>
  new KubeError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

/** Of a router, which looks at types alone. */
export const notAcceptable = (accepted: readonly string[]): KubeError =>
  new KubeError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${accepted.join(', ')}`, {
    details: {},
  });

/** Of what looks at the parameters of types too. */
export const notNegotiable = (accepted: readonly string[]): KubeError =>
  new KubeError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);

/** The `Status` object that says a refusal over the wire. */
export function statusOf(error: unknown): JsonObject {
  if (!(error instanceof KubeError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: ${message}`,
      reason: 'InternalError',
      details: { causes: [{ message }] },
      code: 500,
    };
  }
  const known: JsonObject = error.details === undefined ? {} : JSON.parse(JSON.stringify(error.details));
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    ...(error.code === '' ? {} : { reason: error.code }),
    ...(error.details === undefined ? {} : { details: known }),
    code: error.status,
  };
}
