import type { Event } from '@kmd/kube-client';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import { now } from '../data/clock.js';
import { useCollection, type KubeObject } from '../data/collection.js';
import { patch, remove } from '../data/kube.js';
import { useMesos } from '../data/mesos.js';
import { AGENT_ID, TASK_ID } from '../model/annotations.js';
import { age, dateOf, instant } from '../model/format.js';
import { eventKind, hrefOf, kinds, pathOf, podKind, type Kind } from '../model/kinds.js';
import { lastOf } from '../model/event.js';
import { stateOf, type Pod } from '../model/pod.js';
import { wayOf } from '../model/way.js';
import { confirmThen } from '../view/confirm.js';
import { Facts, Labels, Notice, PlainTable, State } from '../view/pieces.js';
import { LogView } from '../view/log.js';
import { WayView } from '../view/way.js';

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}
type Detailed = KubeObject & {
  spec?: { replicas?: number; containers?: { name: string }[]; initContainers?: { name: string }[] };
  status?: { conditions?: Condition[] };
};

/** One object: for a pod its whole way; for all of them conditions, events, YAML, and what may be done with it. */
export function ObjectPage({ kind, space, name }: { kind: Kind; space: string; name: string }) {
  const collection = useCollection(kind.collection);
  const object = collection.all.find(
    ({ metadata }) => metadata?.name === name && (metadata.namespace ?? '') === space,
  ) as Detailed | undefined;
  const { problem, complete } = collection;
  return (
    <>
      <nav aria-label="Where you are" class="trail">
        <Link href={`/${kind.id}`}>{kind.title}</Link> / {space === '' ? '' : `${space} / `}
        <span aria-current="page">{name}</span>
      </nav>
      {problem.value && <Notice what={kind.title} problem={problem.value} />}
      {object ? (
        <ObjectView kind={kind} object={object} />
      ) : (
        <p class="empty" role="status">
          {complete.value
            ? `There is no ${kind.one} ${name}${space === '' ? '' : ` in ${space}`} any more.`
            : 'Loading…'}
        </p>
      )}
    </>
  );
}

function ObjectView({ kind, object }: { kind: Kind; object: Detailed }) {
  const { metadata = {}, status } = object;
  const events = useEventsOf(object);
  const created = instant(metadata.creationTimestamp);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  const ownerKind = kinds.find(({ one }) => one === owner?.kind);
  const isPod = kind.id === podKind.id;
  return (
    <>
      <header class="page">
        <h1>{metadata.name}</h1>
        {isPod && <State tone={stateOf(object as Pod).tone}>{stateOf(object as Pod).text}</State>}
        <Actions kind={kind} object={object} />
      </header>
      {isPod && <PodSection pod={object as Pod} events={events} />}
      <section aria-labelledby="facts">
        <h2 id="facts">Facts</h2>
        <Facts
          facts={[
            ['Kind', kind.one],
            ['Namespace', metadata.namespace],
            ['Created', created === undefined ? '' : `${dateOf(created)} (${age(now.value - created)} ago)`],
            [
              'Owner',
              owner &&
                (ownerKind ? (
                  <Link href={hrefOf(ownerKind, { metadata: { ...owner, namespace: metadata.namespace ?? '' } })}>
                    {owner.kind} {owner.name}
                  </Link>
                ) : (
                  `${owner.kind} ${owner.name}`
                )),
            ],
            ['Labels', <Labels labels={metadata.labels} />],
            [
              'Mesos agent',
              kind.id === 'nodes' ? <AgentLink id={metadata.annotations?.[AGENT_ID]} name={metadata.name ?? ''} /> : '',
            ],
          ]}
        />
      </section>
      {(status?.conditions ?? []).length > 0 && (
        <section aria-labelledby="conditions">
          <h2 id="conditions">Conditions</h2>
          <PlainTable
            titles={['Condition', 'Status', 'Reason', 'Message', 'Since']}
            rows={(status?.conditions ?? []).map(({ type, status: state, reason, message, lastTransitionTime }) => ({
              key: type,
              cells: [type, state, reason, message, sinceOf(lastTransitionTime)],
            }))}
          />
        </section>
      )}
      <section aria-labelledby="events">
        <h2 id="events">Events</h2>
        {events.length === 0 ? (
          <p class="quiet">None in the last hour.</p>
        ) : (
          <PlainTable
            titles={['Last', 'Type', 'Reason', 'Message', 'Count']}
            rows={events.map((event) => ({
              key: event.metadata.name ?? '',
              cells: [
                age(now.value - (lastOf(event) ?? now.value)),
                event.type,
                event.reason,
                event.message,
                String(event.count ?? 1),
              ],
            }))}
          />
        )}
      </section>
      <YamlSection object={object} />
    </>
  );
}

const sinceOf = (text: string | undefined): string => {
  const time = instant(text);
  return time === undefined ? '' : age(now.value - time);
};

function AgentLink({ id, name }: { id: string | undefined; name: string }) {
  const mesos = useMesos();
  const agent =
    (id === undefined ? undefined : mesos.agent(id)) ?? mesos.agents.find(({ hostname }) => hostname === name);
  return agent ? <Link href={`/mesos/agents/${agent.id}`}>{agent.id}</Link> : <>(none is known)</>;
}

function PodSection({ pod, events }: { pod: Pod; events: readonly Event[] }) {
  const mesos = useMesos();
  const taskId = pod.metadata?.annotations?.[TASK_ID];
  const task = taskId === undefined ? undefined : (mesos.task(taskId) ?? (mesos.complete.value ? 'gone' : undefined));
  return (
    <>
      <section aria-labelledby="way">
        <h2 id="way">The way of this pod</h2>
        {mesos.problem.value && <Notice what="Mesos" problem={mesos.problem.value} />}
        <WayView steps={wayOf(pod, task, events)} now={now.value} />
      </section>
      <LogView pod={pod} />
    </>
  );
}

function useEventsOf({ metadata = {} }: KubeObject): Event[] {
  const { all } = useCollection(eventKind.collection);
  return useMemo(
    () =>
      all
        .filter(({ involvedObject: about }) =>
          about.uid === undefined
            ? about.name === metadata.name && (about.namespace ?? '') === (metadata.namespace ?? '')
            : about.uid === metadata.uid || (about.uid === metadata.name && about.name === metadata.name),
        )
        .sort((a, b) => (lastOf(b) ?? 0) - (lastOf(a) ?? 0)),
    [all, metadata.uid, metadata.name, metadata.namespace],
  );
}

function Actions({ kind, object }: { kind: Kind; object: Detailed }) {
  const [, navigate] = useLocation();
  const { name = '', namespace = '' } = object.metadata ?? {};
  const path = pathOf(kind, namespace, name);
  const replicas = object.spec?.replicas ?? 1;
  return (
    <div class="actions">
      {kind.scales && (
        <button
          type="button"
          onClick={() =>
            confirmThen({
              title: `Scale ${name}`,
              text: `It has ${replicas} replicas now. Fewer means that pods are ended.`,
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
      <button
        type="button"
        class="danger"
        onClick={() =>
          confirmThen({
            title: `Delete ${kind.one} ${name}?`,
            text: `${namespace === '' ? '' : `In namespace ${namespace}. `}What it owns is deleted too. This cannot be undone.`,
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

function YamlSection({ object }: { object: KubeObject }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  useEffect(() => {
    if (!open) return;
    let current = true;
    void import('yaml').then(({ stringify }) => {
      // What no person wrote or reads.
      const metadata = { ...object.metadata };
      delete metadata.managedFields;
      const { apiVersion, kind, ...rest } = object;
      if (current) setText(stringify({ apiVersion, kind, ...rest, metadata }, { lineWidth: 0 }));
    });
    return () => {
      current = false;
    };
  }, [open, object]);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2>YAML</h2>
      </summary>
      <pre tabIndex={0} aria-label="YAML">
        {text || 'Loading…'}
      </pre>
    </details>
  );
}
