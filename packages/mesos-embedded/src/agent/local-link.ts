import type { AgentGateway, MasterLink, ToAgent } from '../link.js';
import type { Agent } from './agent.js';

/** Connects an agent with a master in the same process. Messages are delivered in order, each after the code that sent it. */
export function connectLocally(gateway: AgentGateway, agent: Agent): MasterLink {
  let open = true;
  const deliver = <Message>(receive: (message: Message) => void) => {
    const queue: Message[] = [];
    const drain = (): void => {
      for (const message of queue.splice(0)) if (open) receive(message);
    };
    return (message: Message): void => {
      if (queue.push(message) === 1) queueMicrotask(drain);
    };
  };
  const toAgent = deliver<ToAgent>((message) => {
    agent.receive(message);
  });
  const session = gateway.register(agent.registration, {
    send: toAgent,
    // What was sent before, such as SHUTDOWN, still arrives.
    close: () => {
      queueMicrotask(() => {
        open = false;
        agent.disconnected();
      });
    },
  });
  const link: MasterLink = {
    send: (message) => {
      if (open) session.receive(message);
    },
    close: () => {
      open = false;
      session.disconnected();
      return Promise.resolve();
    },
  };
  agent.connected(link);
  return link;
}
