import { cores, count, megabytes, plural } from '../model/format.js';

export interface Part {
  /** Who holds it, as the legend names him. */
  name: string;
  kind: 'tasks' | 'executors' | 'other' | 'offered';
  amount: number;
}

const units = {
  cpus: { title: 'CPU', print: cores },
  mem: { title: 'Memory', print: megabytes },
  ports: { title: 'Ports', print: (value: number): string => plural(value, 'port') },
} as const;
export type Measure = keyof typeof units;
export const measures = Object.keys(units) as Measure[];

/** One resource of an agent: who holds how much, what is on offer, what is left. */
export function Bar({ measure, total, parts }: { measure: Measure; total: number; parts: readonly Part[] }) {
  const { title, print } = units[measure];
  const shown = parts.filter(({ amount }) => amount > 0);
  const used = shown.reduce((sum, { amount }) => sum + amount, 0);
  const told = [
    ...shown.map(({ name, amount }) => `${name} ${print(amount)}`),
    `free ${print(Math.max(0, total - used))}`,
  ].join(', ');
  return (
    <div class="measure">
      <span class="measure-title">{title}</span>
      <div class="bar" role="img" aria-label={`${title}, ${print(total)} in all: ${told}`} title={told}>
        {shown.map(({ name, kind, amount }) => (
          <span
            key={`${name} ${kind}`}
            class={`part ${kind}`}
            style={{ width: `${total > 0 ? Math.min(100, (100 * amount) / total) : 0}%` }}
          />
        ))}
      </div>
      <span class="measure-total">
        {measure === 'ports' ? count(total) : measure === 'cpus' ? count(total) : print(total)}
      </span>
    </div>
  );
}
