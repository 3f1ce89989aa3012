import { at, textAt } from './exact-json.js';

/** Whether an event may be what a call brought about; undefined for calls that bring no event of their own. */
export function consequenceOf(call: string): ((event: unknown) => boolean) | undefined {
  const type = /"type": ?"([A-Z_]+)"/g;
  const types = new Set([...call.matchAll(type)].map(([, name]) => name));
  const tasks = idsOf(call, 'task_id');
  const status = (event: unknown): unknown => at(event, 'update', 'status');
  const ofTask = (event: unknown): boolean => tasks.has(textAt(status(event), 'task_id', 'value'));
  const reconciled = (event: unknown): boolean => textAt(status(event), 'reason') === 'REASON_RECONCILIATION';
  const operation = (event: unknown): unknown => at(event, 'update_operation_status', 'status');
  if (types.has('REVIVE')) return (event) => textAt(event, 'type') === 'OFFERS';
  if (types.has('RECONCILE')) return (event) => reconciled(event) && (tasks.size === 0 || ofTask(event));
  if (types.has('RECONCILE_OPERATIONS')) {
    return (event) => textAt(operation(event), 'message').startsWith('Reconciliation');
  }
  if (types.has('KILL')) return (event) => ofTask(event) && (reconciled(event) || /KILL/.test(textAt(status(event), 'state'))); // prettier-ignore
  if (!types.has('ACCEPT')) return undefined;
  // The first operation with an id, or the first task, shows itself; a task that was refused does at once.
  const operations = idsOf(call, 'id');
  return (event) => ofTask(event) || operations.has(textAt(operation(event), 'operation_id', 'value'));
}

function idsOf(call: string, field: string): Set<string> {
  const pattern = new RegExp(`"${field}": ?\\{"value": ?"([^"]+)"`, 'g');
  return new Set([...call.matchAll(pattern)].map(([, id = '']) => id));
}
