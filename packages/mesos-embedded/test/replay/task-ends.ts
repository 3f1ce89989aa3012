import { isTerminal, type TaskState } from '@kmd/mesos-client';

import { at, numberOf, textAt } from './exact-json.js';
import type { Exchange } from './recording.js';

/**
 * When the process of each task ended in a recording, in seconds since the epoch: its executor stamped the update then, which may have come much
 * later. A task id that was used for several is left out.
 */
export function taskEnds(exchanges: readonly Exchange[]): Map<string, number> {
  const moments = new Map<string, Set<number>>();
  for (const { event } of exchanges.flatMap(({ events = [] }) => events)) {
    const status = at(event, 'update', 'status');
    const moment = numberOf(at(status, 'timestamp'));
    const ended = textAt(status, 'source') === 'SOURCE_EXECUTOR' && isTerminal(textAt(status, 'state') as TaskState);
    if (!ended || !(moment > 0)) continue;
    const task = textAt(status, 'task_id', 'value');
    moments.set(task, (moments.get(task) ?? new Set()).add(moment));
  }
  return new Map(
    [...moments].flatMap(([task, [moment = 0, ...others]]) => (others.length > 0 ? [] : [[task, moment]])),
  );
}
