import type { Handler, HttpRequest, Routes } from './server.js';
import type { Reply } from './reply.js';

/** Answers a request in place of its handler, or returns false. */
export type Guard = (request: HttpRequest, reply: Reply) => boolean;

/** The same routes, each behind guards. */
export function guarded(routes: Routes, ...guards: readonly Guard[]): Routes {
  return new Map([...routes].map(([path, handler]): [string, Handler] => [path, behind(handler, ...guards)]));
}

export function behind(handler: Handler, ...guards: readonly Guard[]): Handler {
  return (request, reply) => {
    for (const guard of guards) if (guard(request, reply)) return;
    return handler(request, reply);
  };
}

/** Who may come in: principals and their secrets. */
export interface Credential {
  readonly principal: string;
  readonly secret: string;
}

/** Basic authentication (docs/authentication.md): 401 with the realm, unless the request names a known principal. */
export function basicAuthentication(credentials: readonly Credential[], realm: string): Guard {
  return (request, reply) => {
    const [scheme, encoded = ''] = (request.headers.authorization ?? '').split(' ');
    const [principal = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    const secret = rest.join(':');
    const known = credentials.some((one) => one.principal === principal && one.secret === secret);
    if (scheme === 'Basic' && known) {
      request.principal = principal;
      return false;
    }
    reply.text(401, '401 Unauthorized.', [['WWW-Authenticate', `Basic realm="${realm}"`]]);
    return true;
  };
}
