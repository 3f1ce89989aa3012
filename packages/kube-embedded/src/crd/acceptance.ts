import { type JsonObject, clone, ensureObject, equal, objectAt, objectsAt, textAt } from '../json/tree.js';
import { findKind } from '../kinds/table.js';
import { recordUpdate } from '../patch/managers.js';
import { type Backend, stamp } from '../requests/backend.js';
import { follow } from '../storage/watch.js';
import { crdStore } from './kinds.js';

interface Condition {
  readonly type: string;
  readonly status: 'False' | 'True';
  readonly reason: string;
  readonly message: string;
}

const accepted: Condition = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
};
const message = 'the initial names have been accepted';
const installing: Condition = { type: 'Established', status: 'False', reason: 'Installing', message };
const established: Condition = { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message };

const conditionOf = (crd: JsonObject, type: string): JsonObject | undefined =>
  objectsAt(crd, 'status', 'conditions').find((condition) => condition['type'] === type);

const isTrue = (crd: JsonObject, type: string): boolean => textAt(conditionOf(crd, type), 'status') === 'True';

const named = (crd: JsonObject): boolean =>
  isTrue(crd, 'NamesAccepted') && equal(objectAt(crd, 'status', 'acceptedNames'), objectAt(crd, 'spec', 'names'));

const isAccepted = (crd: JsonObject): boolean => named(crd) && isTrue(crd, 'Established');

/** Writes the next step of a definition's acceptance. Its names are never refused: nobody here serves them from elsewhere. */
function accept(backend: Backend, crd: JsonObject): void {
  const kind = findKind('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
  if (!kind) return;
  const next = clone(crd);
  const status = ensureObject(next, 'status');
  const set = (condition: Condition): void => {
    const conditions = [...objectsAt(status, 'conditions')];
    const before = conditions.findIndex(({ type }) => type === condition.type);
    const place = before < 0 ? conditions.length : before;
    conditions[place] = { ...condition, lastTransitionTime: stamp(backend.now()) };
    status['conditions'] = conditions;
  };
  if (named(crd)) set(established);
  else {
    status['acceptedNames'] = clone(objectAt(crd, 'spec', 'names') ?? {});
    set(accepted);
    if (!isTrue(crd, 'Established')) set(installing);
  }
  recordUpdate(backend, kind, crd, next, 'kube-apiserver', 'status');
  backend.store.put(crdStore, textAt(crd, 'metadata', 'name') ?? '', next);
}

/**
 * Takes the names of definitions until the signal, as the real server does by controllers of its own: a watcher sees a definition come, and then be established.
 * Those that a journal kept from before are looked at first.
 */
export async function acceptDefinitions(backend: Backend, signal: AbortSignal): Promise<void> {
  const log = backend.store.log(crdStore);
  const from = log.end;
  const look = (name: string): void => {
    for (
      let crd = backend.store.get(crdStore, name);
      crd && !isAccepted(crd);
      crd = backend.store.get(crdStore, name)
    ) {
      accept(backend, crd);
    }
  };
  const nameOf = (crd: JsonObject): string => textAt(crd, 'metadata', 'name') ?? '';
  for (const crd of backend.store.list(crdStore).objects) look(nameOf(crd));
  for await (const batch of follow(log, from, () => true, signal)) {
    for (const { type, object } of batch) if (type !== 'DELETED') look(nameOf(object));
  }
}
