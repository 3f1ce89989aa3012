import type { Timer } from '../clock.js';
import type { AgentGateway, AgentSession, MasterLink, ToAgent } from '../link.js';
import type { Agent } from './agent.js';

/** How long a connection that was lost, or refused, waits before it is tried again, in milliseconds. */
const retryAfter = 100;

/**
 * Connects an agent with a master in the same process. Messages are delivered in order, each after the code that sent it. A
 * connection that the master ended is made again, unless the agent was told to go.
 */
export function connectLocally(gateway: AgentGateway, agent: Agent): MasterLink {
  let closed = false;
  let gone = false;
  let retry: Timer | undefined;
  let session: AgentSession | undefined;

  const again = (): void => {
    if (closed || gone) return;
    retry = agent.clock.after(retryAfter, connect);
  };

  const connect = (): void => {
    let open = true;
    const queue: ToAgent[] = [];
    const drain = (): void => {
      for (const message of queue.splice(0)) {
        if (!open) return;
        if (message.type === 'SHUTDOWN') gone = true;
        agent.receive(message);
      }
    };
    const registered = gateway.register(agent.registration, {
      send: (message) => {
        if (queue.push(message) === 1) queueMicrotask(drain);
      },
      // What was sent before, such as SHUTDOWN, still arrives.
      close: () => {
        queueMicrotask(() => {
          if (!open) return;
          open = false;
          agent.disconnected();
          again();
        });
      },
    });
    session = registered;
    if (registered === undefined) {
      again();
      return;
    }
    agent.connectedBy({
      send: (message) => {
        if (open) registered.receive(message);
      },
      close: () => {
        open = false;
        return link.close();
      },
    });
  };

  const link: MasterLink = {
    send: (message) => session?.receive(message),
    close: () => {
      if (closed) return Promise.resolve();
      closed = true;
      retry?.cancel();
      session?.disconnected();
      return Promise.resolve();
    },
  };
  connect();
  return link;
}
