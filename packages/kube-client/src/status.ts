import { KubeError } from './errors.js';

/** Reasons for answers that carry no `Status` (a proxy's, for instance), as apimachinery's NewGenericServerResponse names them. */
const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The error that a `Status` object means, or undefined when `value` is none. `status` is the HTTP code for a Status without its own. */
export function errorFromStatus(value: unknown, status: number, what: string): KubeError | undefined {
  if (!isRecord(value) || value['kind'] !== 'Status') return undefined;
  const code = typeof value['code'] === 'number' && value['code'] > 0 ? value['code'] : status;
  const reason = typeof value['reason'] === 'string' && value['reason'] !== '' ? value['reason'] : undefined;
  const message = typeof value['message'] === 'string' && value['message'] !== '' ? value['message'] : undefined;
  return new KubeError(code, reason ?? reasons[code] ?? 'Unknown', message ?? `${what} was refused with ${code}`, {
    details: isRecord(value['details']) ? value['details'] : undefined,
  });
}

/** The error of an answer that is not 2xx. `what` names the request, for instance `GET https://127.0.0.1:6443/api/v1/pods`. */
export function errorFromAnswer(status: number, body: string, what: string): KubeError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Not an API server's answer, or not a refusal in its own words: the beginning of the text has to do.
  }
  const text = body.trim().slice(0, 200);
  return (
    errorFromStatus(parsed, status, what) ??
    new KubeError(status, reasons[status] ?? 'Unknown', `${what} answered ${status}${text === '' ? '' : `: ${text}`}`)
  );
}
