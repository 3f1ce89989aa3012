import { MesosError } from '../errors.js';

/** No answer: connection refused, reset, timed out, or broken off. */
export class UnreachableError extends MesosError {
  override readonly name = 'UnreachableError';
  /** The connection had served earlier requests: the server may have closed it before it saw this one. */
  readonly reused: boolean;

  constructor(url: URL, reason: string, options: { cause?: unknown; reused?: boolean } = {}) {
    super(
      'MESOS_UNREACHABLE',
      `${url.origin}: ${reason || 'connection failed'}; is it running, and is the address right?`,
      {
        cause: options.cause,
        retryable: true,
        subscriptionLost: true,
      },
    );
    this.reused = options.reused ?? false;
  }
}

/** An answer that no Mesos gives. */
export class ProtocolError extends MesosError {
  override readonly name = 'ProtocolError';

  constructor(url: URL, reason: string, cause?: unknown) {
    super('MESOS_PROTOCOL', `${url.href}: ${reason}; is this a Mesos master or agent, or a proxy before one?`, {
      cause,
      retryable: true,
      subscriptionLost: true,
    });
  }
}

/** A refusal, with the server's own words in `serverText` and its HTTP status in `status`. */
export class MesosHttpError extends MesosError {
  override readonly name = 'MesosHttpError';
  override readonly status: number;
  override readonly serverText: string;

  constructor(status: number, serverText: string, what: string, url: URL) {
    const { retryable, subscriptionLost, advice } = judge(status, serverText);
    // A proxy answers a page.
    const said = serverText === '' ? '' : `: ${serverText.length > 500 ? `${serverText.slice(0, 500)}…` : serverText}`;
    super('MESOS_HTTP', `${what} refused by ${url.origin} with ${status}${said}; ${advice}`, {
      retryable,
      subscriptionLost,
    });
    this.status = status;
    this.serverText = serverText;
  }
}

interface Judgement {
  retryable: boolean;
  subscriptionLost: boolean;
  advice: string;
}

/** What a refusal means. The texts are recorded from Mesos 1.11; the order of tests is that of src/master/http.cpp. */
function judge(status: number, text: string): Judgement {
  const lost = (advice: string): Judgement => ({ retryable: true, subscriptionLost: true, advice });
  const later = (advice: string): Judgement => ({ retryable: true, subscriptionLost: false, advice });
  const never = (advice: string): Judgement => ({ retryable: false, subscriptionLost: false, advice });
  if (status === 307) return lost('another master leads: subscribe there');
  if (status === 400 && text.startsWith('Framework cannot be found'))
    return lost('the master does not know the framework yet: subscribe again');
  if (status === 403 && /^(?:Framework|Executor) is not (?:subscribed|connected)/.test(text))
    return lost('subscribe again');
  switch (status) {
    case 401:
      return never('give credentials that the server knows');
    case 403:
      return never('the principal may not do this');
    case 404:
      return later('the process may still be starting, else check address and path');
    case 429:
      return later('send less often');
    case 501:
      return never('this server does not know the call');
    default:
      return status >= 500 ? later('try again later') : never('correct the call');
  }
}
