import type { Master } from './master.js';
import { describeRegistry } from './registry/registry.js';
import { quieten } from './subscriptions.js';

/** What a master that takes over knows: the agents of the registry, and nothing of what runs. Frameworks and agents come again. */
export function takeOver(master: Master): void {
  const registry = describeRegistry(master);
  master.ids.renew();
  master.operators.close();
  master.operations.close();
  for (const framework of master.frameworks.values()) {
    quieten(master, framework);
    master.allocator.filters.clear(framework.id);
    const stream = framework.stream;
    framework.stream = undefined;
    stream?.destroy();
  }
  master.frameworks.clear();
  master.completedFrameworks.clear();
  const links = [...master.agents.values()].map((agent) => {
    agent.pingTimer?.cancel();
    const link = agent.link;
    agent.link = undefined;
    return link;
  });
  master.agents.clear();
  master.offers.clear();
  master.allocator.totals.clear();
  master.recover(registry);
  for (const link of links) link?.close();
}
