import { randomUUID } from 'node:crypto';

import type { Handler } from '../http/server.js';
import type { EventStream } from '../http/event-stream.js';
import type { AgentGateway, AgentSession, Registration, ToAgent, ToMaster } from '../link.js';
import { isObject } from '../message/shape.js';

/** Names the connection that a POST of an agent belongs to. */
export const linkHeader = 'embedded-link-id';

/**
 * Where agents of other processes register: a POST with a registration opens a RecordIO stream of messages to the agent; further
 * POSTs, with the id of that stream, carry lists of messages to the master.
 */
export function linkEndpoint(gateway: AgentGateway): Handler {
  const sessions = new Map<string, AgentSession>();
  return (request, reply) => {
    if (request.method !== 'POST') {
      reply.methodNotAllowed(['POST']);
      return;
    }
    const body: unknown = JSON.parse(request.body.toString('utf8'));
    const id = request.headers[linkHeader];
    if (typeof id === 'string') {
      const session = sessions.get(id);
      if (session === undefined || !Array.isArray(body)) {
        reply.text(404, 'This agent is not connected: register first');
        return;
      }
      for (const message of body) session.receive(message as ToMaster);
      reply.empty(202);
      return;
    }
    if (!isObject(body)) {
      reply.text(400, 'Expecting a registration');
      return;
    }
    const linkId = randomUUID();
    const waiting: ToAgent[] = [];
    const open: { stream?: EventStream } = {};
    // Both ends are this package, in the same version; frameworks never come here.
    const session = gateway.register(body as unknown as Registration, {
      send: (message) => {
        if (open.stream === undefined) waiting.push(message);
        else open.stream.send(message);
      },
      close: () => open.stream?.end(),
    });
    if (session === undefined) {
      reply.text(503, 'This master takes no agents now');
      return;
    }
    const stream = (open.stream = reply.stream([['Embedded-Link-Id', linkId]]));
    for (const message of waiting.splice(0)) stream.send(message);
    sessions.set(linkId, session);
    stream.onClose(() => {
      sessions.delete(linkId);
      session.disconnected();
    });
  };
}
