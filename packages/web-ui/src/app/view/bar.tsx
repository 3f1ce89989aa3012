import { count, megabytes, processors } from '../model/format.js';
import type { Holder, Measure } from '../model/holding.js';

const units: Readonly<Record<Measure, { title: string; print: (value: number) => string }>> = {
  cpus: { title: 'CPU', print: processors },
  mem: { title: 'Memory', print: megabytes },
  ports: { title: 'Ports', print: count },
};

/** One resource of an agent: who holds how much, what is on offer, what is left. */
export function Bar({ measure, total, holders }: { measure: Measure; total: number; holders: readonly Holder[] }) {
  const { title, print } = units[measure];
  let left = total;
  // Offers are told a moment later than tasks: what a task has taken meanwhile is on offer no more.
  const parts = holders.flatMap(({ key, name, kind, resources }) => {
    const amount = Math.min(resources[measure], left);
    left -= amount;
    return amount > 0 ? [{ key, name, kind, amount }] : [];
  });
  const held = parts.reduce((sum, { kind, amount }) => (kind === 'offer' ? sum : sum + amount), 0);
  const told = [...parts.map(({ name, amount }) => `${name} ${print(amount)}`), `free ${print(left)}`].join('\n');
  return (
    <div class="measure">
      <span class="measure-title">{title}</span>
      <div
        class="bar"
        role="img"
        aria-label={`${title}, ${print(held)} of ${print(total)} held: ${told.replaceAll('\n', ', ')}`}
        title={told}
      >
        {parts.map(({ key, kind, amount }) => (
          <span key={key} class={`part ${kind}`} style={{ width: `${(100 * amount) / total}%` }} />
        ))}
      </div>
      <span class="measure-total">
        <b>{print(held)}</b> of {print(total)}
      </span>
    </div>
  );
}
