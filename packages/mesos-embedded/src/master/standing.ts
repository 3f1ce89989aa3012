import type { Guard } from '../http/gate.js';
import type { Master } from './master.js';

/** Who leads, as this master sees it. */
export type Leader = 'self' | 'none' | { readonly host: string; readonly port: number };

/** Whether a master may answer: it must lead, and have read its registry (src/master/http.cpp, redirect; traces 60-62). */
export class Standing {
  leader: Leader = 'self';
  recovered = true;
}

/** Sends the request on to the leader, or says that there is none. */
export function leading(master: Master): Guard {
  return (request, reply) => {
    const { leader } = master.standing;
    if (leader === 'self') return false;
    if (leader === 'none') {
      reply.text(503, 'No leader elected');
      return true;
    }
    const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
    reply.empty(307, [['Location', `//${leader.host}:${String(leader.port)}/master${request.path}${query}`]]);
    return true;
  };
}

export function recovered(master: Master): Guard {
  return (_request, reply) => {
    if (master.standing.recovered) return false;
    reply.text(503, 'Master has not finished recovery');
    return true;
  };
}

/** `/redirect`: where the leader is, on the leader too. */
export function redirect(master: Master): Guard {
  return (_request, reply) => {
    const { leader } = master.standing;
    if (leader === 'none') {
      reply.text(503, 'No leader elected');
      return true;
    }
    const { host, port } = leader === 'self' ? master.address : leader;
    reply.empty(307, [['Location', `//${host}:${String(port)}`]]);
    return true;
  };
}
