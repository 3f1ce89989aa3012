import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { now } from '../data/clock.js';
import { useCollection, type KubeObject } from '../data/collection.js';
import { age, instant, plural } from '../model/format.js';
import { podsOf } from '../model/kin.js';
import { hrefOf, type Kind } from '../model/kind.js';
import { jobKind, podKind, replicaSetKind } from '../model/kinds.js';
import { stateOf } from '../model/pod.js';
import { PlainTable, State } from '../view/pieces.js';

/** More of them are for the list of pods. */
const SHOWN = 50;

/** The pods that belong to an object. */
export function PodsOf({ kind, object }: { kind: Kind; object: KubeObject }) {
  const pods = useCollection(podKind.collection);
  // Deployments and cron jobs have their pods through these.
  const between = useCollection(kind.id === 'cronjobs' ? jobKind.collection : replicaSetKind.collection).all;
  const mine = useMemo(() => podsOf(kind.id, object, pods.all, between), [kind, object, pods.all, between]);
  return (
    <section aria-labelledby="pods">
      <h2 id="pods">Pods</h2>
      {mine.length === 0 && <p class="quiet">{pods.complete.value ? 'None.' : 'Loading…'}</p>}
      {mine.length > 0 && (
        <PlainTable
          titles={['Name', 'Status', 'Ready', 'Restarts', 'Node', 'Age']}
          rows={mine.slice(0, SHOWN).map((pod) => {
            const { text, tone, ready, containers, restarts } = stateOf(pod);
            const node = pod.spec?.nodeName ?? '';
            return {
              key: pod.metadata?.uid ?? '',
              cells: [
                <Link href={hrefOf(podKind, pod)}>{pod.metadata?.name}</Link>,
                <State tone={tone}>{text}</State>,
                `${ready}/${containers}`,
                String(restarts),
                node === '' ? '(none yet)' : <Link href={`/nodes/${encodeURIComponent(node)}`}>{node}</Link>,
                age(now.value - (instant(pod.metadata?.creationTimestamp) ?? now.value)),
              ],
            };
          })}
        />
      )}
      {mine.length > SHOWN && (
        <p class="quiet">
          And {plural(mine.length - SHOWN, 'more pod')}: see the <Link href="/pods">list</Link>.
        </p>
      )}
    </section>
  );
}
