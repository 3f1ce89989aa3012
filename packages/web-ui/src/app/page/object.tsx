import type { Event } from '@kmd/kube-client';
import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { now } from '../data/clock.js';
import { useCollection, type KubeObject } from '../data/collection.js';
import { useMesos } from '../data/mesos.js';
import { AGENT_ID, TASK_ID } from '../model/annotations.js';
import { containersOf, factsOf } from '../model/facts.js';
import { instant } from '../model/format.js';
import { hrefOf, hrefOfAgent } from '../model/href.js';
import { stateOf, type Kind } from '../model/kind.js';
import { eventKind, kinds, podKind } from '../model/kinds.js';
import { lastOf } from '../model/event.js';
import type { Pod } from '../model/pod.js';
import { wayOf } from '../model/way.js';
import { Detail } from '../view/detail.js';
import { CellView, Facts, Labels, Notice, PlainTable, Section, State } from '../view/pieces.js';
import { Age, When } from '../view/time.js';
import { LogView } from '../view/log.js';
import { WayView } from '../view/way.js';
import { YamlView } from '../view/yaml.js';
import { ObjectActions } from './object-actions.js';
import { PodsOf } from './pods-of.js';

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}
type Detailed = KubeObject & { spec?: { replicas?: number }; status?: { conditions?: Condition[] } };

/** One object: for a pod its whole way; for all of them conditions, events, YAML, and what may be done with it. */
export function ObjectPage({ kind, space, name }: { kind: Kind; space: string; name: string }) {
  const collection = useCollection(kind.collection);
  const object = collection.all.find(
    ({ metadata }) => metadata?.name === name && (metadata.namespace ?? '') === space,
  ) as Detailed | undefined;
  return (
    <Detail
      list={{ href: `/${kind.id}`, title: kind.title }}
      space={space}
      name={name}
      source={collection}
      of={kind.title}
      unknown={`There is no ${kind.one} ${name}${space === '' ? '' : ` in ${space}`} any more.`}
    >
      {object && <ObjectView kind={kind} object={object} />}
    </Detail>
  );
}

function ObjectView({ kind, object }: { kind: Kind; object: Detailed }) {
  const { metadata = {}, status } = object;
  const events = useEventsOf(object);
  const created = instant(metadata.creationTimestamp);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  const ownerKind = kinds.find(({ one }) => one === owner?.kind);
  const isPod = kind.id === podKind.id;
  const state = stateOf(kind, object);
  return (
    <>
      <header class="page">
        <h1>{metadata.name}</h1>
        {state && <State tone={state.tone}>{state.text}</State>}
        <ObjectActions kind={kind} object={object} />
      </header>
      {isPod && <PodSection pod={object as Pod} events={events} />}
      <Section title="Facts">
        <Facts
          facts={[
            ...factsOf(kind.id, object).map(
              ([name, cell]) => [name, cell === '' ? '' : <CellView cell={cell} />] as const,
            ),
            ['Namespace', metadata.namespace],
            ['Created', created && <When time={created} />],
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
      </Section>
      {!isPod && kind.id !== 'events' && <PodsOf kind={kind} object={object} />}
      {(status?.conditions ?? []).length > 0 && (
        <Section title="Conditions">
          <PlainTable
            titles={['Condition', 'Status', 'Reason', 'Message', 'Since']}
            rows={(status?.conditions ?? []).map(({ type, status: state, reason, message, lastTransitionTime }) => ({
              key: type,
              cells: [type, state, reason, message, <Age time={instant(lastTransitionTime)} />],
            }))}
          />
        </Section>
      )}
      <Section title="Events">
        <PlainTable
          empty="None; events are kept for an hour."
          titles={['Last', 'Type', 'Reason', 'Message', 'Count']}
          rows={events.map((event) => ({
            key: event.metadata.name ?? '',
            cells: [<Age time={lastOf(event)} />, event.type, event.reason, event.message, String(event.count ?? 1)],
          }))}
        />
      </Section>
      <YamlView key={metadata.uid} kind={kind} object={object} />
    </>
  );
}

function AgentLink({ id, name }: { id: string | undefined; name: string }) {
  const mesos = useMesos();
  const agent =
    (id === undefined ? undefined : mesos.agent(id)) ?? mesos.agents.find(({ hostname }) => hostname === name);
  return agent ? <Link href={hrefOfAgent(agent.id)}>{agent.id}</Link> : <>(none is known)</>;
}

function PodSection({ pod, events }: { pod: Pod; events: readonly Event[] }) {
  const mesos = useMesos();
  const taskId = pod.metadata?.annotations?.[TASK_ID];
  const task = taskId === undefined ? undefined : (mesos.task(taskId) ?? (mesos.complete.value ? 'gone' : undefined));
  return (
    <>
      <Section title="The way of this pod">
        {mesos.problem.value && <Notice what="Mesos" problem={mesos.problem.value} />}
        <WayView steps={wayOf(pod, task, events)} now={now.value} />
      </Section>
      <Section title="Containers">
        <PlainTable
          titles={['Name', 'State', 'Restarts', 'Image', 'Requests', 'Limits']}
          rows={containersOf(pod).map(({ name, state, restarts, image, requests, limits }) => ({
            key: name,
            cells: [name, <CellView cell={state} />, String(restarts), image, requests, limits],
          }))}
        />
      </Section>
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
