import { useMemo } from 'preact/hooks';
import type { OfferView } from '../../mesos-view.js';
import { useMesos } from '../data/mesos.js';
import { useNames } from '../data/names.js';
import { megabytes, processors } from '../model/format.js';
import { hrefOfAgent, hrefOfFramework } from '../model/task.js';
import { amountColumn, linkColumn, MesosList, textColumn } from '../view/mesos-list.js';
import type { TableColumn } from '../view/table.js';

export function OffersPage() {
  const { offers } = useMesos();
  const names = useNames();
  const columns = useMemo(
    (): TableColumn<OfferView>[] => [
      linkColumn(
        'Agent',
        2,
        ({ agent }) => names.agent(agent),
        ({ agent }) => hrefOfAgent(agent),
      ),
      linkColumn(
        'To',
        1.5,
        ({ framework }) => names.framework(framework),
        ({ framework }) => hrefOfFramework(framework),
      ),
      textColumn('Role', 1, ({ role }) => role),
      amountColumn('CPU', ({ resources }) => resources.cpus, processors),
      amountColumn('Memory', ({ resources }) => resources.mem, megabytes),
      textColumn('Ports', 2.5, ({ resources }) => resources.portRanges),
      textColumn('Offer', 3, ({ id }) => id),
    ],
    [names],
  );
  return (
    <MesosList
      title="Offers"
      one="offer"
      items={offers}
      columns={columns}
      keyOf={({ id }) => id}
      as={({ id, agent }) => ({ metadata: { name: `${id} ${names.agent(agent)}` } })}
      empty="Nothing is on offer: frameworks have taken or declined everything."
    />
  );
}
