import { useLocation } from 'wouter-preact';
import type { KubeObject } from '../data/collection.js';
import { patch, remove } from '../data/kube.js';
import { plural } from '../model/format.js';
import { pathOf, type Kind } from '../model/kind.js';
import { nodeKind } from '../model/kinds.js';
import { confirmThen } from '../view/confirm.js';

/** What comes of deleting an object of a kind. */
const losses: Readonly<Record<string, string>> = {
  namespaces: 'Everything in the namespace is deleted with it. This cannot be undone.',
  nodes: 'Its agent stays: the framework makes the node anew at the next offer.',
  pods: 'If a controller owns it, another takes its place.',
  services: 'Its pods stay. This cannot be undone.',
  events: 'This cannot be undone.',
};

type Changeable = KubeObject & { spec?: { replicas?: number; unschedulable?: boolean } };

/** What may be done with an object, each asked for again. */
export function ObjectActions({ kind, object }: { kind: Kind; object: Changeable }) {
  const [, navigate] = useLocation();
  const { name = '', namespace = '' } = object.metadata ?? {};
  const path = pathOf(kind, namespace, name);
  const { replicas = 1, unschedulable: cordoned = false } = object.spec ?? {};
  return (
    <div class="actions">
      {kind.scales && (
        <button
          type="button"
          onClick={() =>
            confirmThen({
              title: `Scale ${name}`,
              text: `It has ${plural(replicas, 'replica')} now. Fewer means that pods are ended.`,
              action: 'Scale',
              danger: false,
              number: { label: 'Replicas', value: replicas },
              run: (wanted) => patch(`${path}/scale`, { spec: { replicas: wanted } }),
            })
          }
        >
          Scale…
        </button>
      )}
      {kind.restarts && (
        <button
          type="button"
          onClick={() =>
            confirmThen({
              title: `Restart ${name}`,
              text: 'Its pods are replaced one after the other, as kubectl rollout restart does.',
              action: 'Restart',
              danger: false,
              run: () =>
                patch(path, {
                  spec: {
                    template: {
                      metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() } },
                    },
                  },
                }),
            })
          }
        >
          Restart…
        </button>
      )}
      {kind.id === nodeKind.id && (
        <button
          type="button"
          onClick={() =>
            confirmThen({
              title: `${cordoned ? 'Uncordon' : 'Cordon'} ${name}`,
              text: cordoned ? 'The scheduler gives it pods again.' : 'It gets no new pods; those that run there stay.',
              action: cordoned ? 'Uncordon' : 'Cordon',
              danger: false,
              run: () => patch(path, { spec: { unschedulable: !cordoned } }),
            })
          }
        >
          {cordoned ? 'Uncordon…' : 'Cordon…'}
        </button>
      )}
      <button
        type="button"
        class="danger"
        onClick={() =>
          confirmThen({
            title: `Delete ${kind.one} ${name}?`,
            text: [
              ...(namespace === '' ? [] : [`In namespace ${namespace}.`]),
              losses[kind.id] ?? 'What it owns is deleted too. This cannot be undone.',
            ].join(' '),
            action: 'Delete',
            danger: true,
            run: async () => {
              await remove(path);
              navigate(`/${kind.id}`);
            },
          })
        }
      >
        Delete…
      </button>
    </div>
  );
}
