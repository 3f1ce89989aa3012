import { useMemo } from 'preact/hooks';
import type { OfferView } from '../../mesos-view.js';
import { useMesos } from '../data/mesos.js';
import { useNames } from '../data/names.js';
import { megabytes, processors } from '../model/format.js';
import { agentColumn, amountColumn, frameworkColumn, textColumn } from '../view/column.js';
import { Listing } from '../view/listing.js';
import type { TableColumn } from '../view/table.js';

export function OffersPage() {
  const mesos = useMesos();
  const names = useNames();
  const columns = useMemo(
    (): TableColumn<OfferView>[] => [
      agentColumn(names),
      frameworkColumn('To', names),
      textColumn('Role', 1, ({ role }) => role),
      amountColumn('CPU', ({ resources }) => resources.cpus, processors),
      amountColumn('Memory', ({ resources }) => resources.mem, megabytes),
      textColumn('Ports', 2.5, ({ resources }) => resources.portRanges),
      textColumn('Offer', 3, ({ id }) => id),
    ],
    [names],
  );
  return (
    <Listing
      title="Offers"
      one="offer"
      source={mesos}
      of="Mesos"
      items={mesos.offers}
      columns={columns}
      keyOf={({ id }) => id}
      as={({ id, agent }) => ({ metadata: { name: `${id} ${names.agent(agent)}` } })}
      empty="Nothing is on offer: frameworks have taken or declined everything."
    />
  );
}
