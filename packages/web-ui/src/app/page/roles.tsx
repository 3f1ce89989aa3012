import type { RoleView } from '../../mesos-view.js';
import { useMesos } from '../data/mesos.js';
import { count, megabytes, processors } from '../model/format.js';
import { amountColumn, textColumn } from '../view/column.js';
import { Listing } from '../view/listing.js';
import type { TableColumn } from '../view/table.js';

const columns: TableColumn<RoleView>[] = [
  textColumn('Role', 3, ({ name }) => name),
  amountColumn('Weight', ({ weight }) => weight, String),
  amountColumn('Frameworks', ({ frameworks }) => frameworks.length, count),
  amountColumn('CPU held', ({ allocated }) => allocated.cpus, processors),
  amountColumn('Memory held', ({ allocated }) => allocated.mem, megabytes),
];

export function RolesPage() {
  const mesos = useMesos();
  return (
    <Listing
      title="Roles"
      one="role"
      source={mesos}
      of="Mesos"
      items={mesos.roles}
      columns={columns}
      keyOf={({ name }) => name}
      as={({ name }) => ({ metadata: { name } })}
      empty="No role is in use."
    />
  );
}
