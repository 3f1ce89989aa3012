import { at, textAt } from './exact-json.js';
import { callText } from './messages.js';
import type { Exchange } from './recording.js';

/**
 * Updates that the recorded framework acknowledged without a trace: a task's next update came although nobody acknowledged the one
 * before. Where that happened once in a folder, all its updates without a recorded acknowledgement were acknowledged.
 */
export function silentlyAcknowledged(exchanges: readonly Exchange[]): ReadonlySet<string> {
  const calls = exchanges.map(({ request }) => callText(request)?.text ?? request.toString('latin1')).join('\n');
  const byFolder = Map.groupBy(exchanges, ({ name }) => name.slice(0, name.lastIndexOf('/')));
  const silent = new Set<string>();
  for (const members of byFolder.values()) {
    const unacknowledged = new Set<string>();
    let evidence = false;
    const last = new Map<string, string>();
    for (const { event } of members.flatMap(({ events }) => events ?? [])) {
      const status = at(event, 'update', 'status');
      const uuid = textAt(status, 'uuid');
      if (uuid === '') continue;
      const task = textAt(status, 'task_id', 'value');
      const before = last.get(task);
      if (before !== undefined && before !== uuid && unacknowledged.has(before)) evidence = true;
      last.set(task, uuid);
      if (!calls.includes(uuid)) unacknowledged.add(uuid);
    }
    if (evidence) for (const uuid of unacknowledged) silent.add(uuid);
  }
  return silent;
}
