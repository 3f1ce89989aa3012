import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { useCollection, type KubeObject } from '../data/collection.js';
import { instant, plural } from '../model/format.js';
import { podsOf } from '../model/kin.js';
import { hrefOf } from '../model/href.js';
import type { Kind } from '../model/kind.js';
import { jobKind, nodeOf, podKind, replicaSetKind } from '../model/kinds.js';
import { stateOf } from '../model/pod.js';
import { CellView, PlainTable, Section, State } from '../view/pieces.js';
import { Age } from '../view/time.js';

/** More of them are for the list of pods. */
const SHOWN = 50;

/** The pods that belong to an object. */
export function PodsOf({ kind, object }: { kind: Kind; object: KubeObject }) {
  const pods = useCollection(podKind.collection);
  // Deployments and cron jobs have their pods through these.
  const between = useCollection(kind.id === 'cronjobs' ? jobKind.collection : replicaSetKind.collection).all;
  const mine = useMemo(() => podsOf(kind.id, object, pods.all, between), [kind, object, pods.all, between]);
  return (
    <Section title="Pods">
      <PlainTable
        empty={pods.complete.value ? 'None.' : 'Loading…'}
        titles={['Name', 'Status', 'Ready', 'Restarts', 'Node', 'Age']}
        rows={mine.slice(0, SHOWN).map((pod) => {
          const { text, tone, ready, containers, restarts } = stateOf(pod);
          return {
            key: pod.metadata?.uid ?? '',
            cells: [
              <Link href={hrefOf(podKind, pod)}>{pod.metadata?.name}</Link>,
              <State tone={tone}>{text}</State>,
              `${ready}/${containers}`,
              String(restarts),
              <CellView cell={nodeOf(pod)} />,
              <Age time={instant(pod.metadata?.creationTimestamp)} />,
            ],
          };
        })}
      />
      {mine.length > SHOWN && (
        <p class="quiet">
          And {plural(mine.length - SHOWN, 'more pod')}: see the <Link href="/pods">list</Link>.
        </p>
      )}
    </Section>
  );
}
