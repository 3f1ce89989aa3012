/** One thing for which an agent is not fit for a pod. */
export interface Lack {
  /** What it is, in words that are the same for every agent of which it holds. */
  readonly what: string;
  /** Where it is a matter of amount: how much the pod wants, how much the agent has free, and in what unit (` MB`). */
  readonly wanted?: number;
  readonly free?: number;
  readonly unit?: string;
}

/** Agents that are told by name, and reasons that are told at all. */
const NAMED = 3;
const TOLD = 8;

const amount = (value: number): string => String(Math.round(value * 1000) / 1000);

/** An agent that was looked at for a pod. */
export interface Misfit {
  readonly agent: string;
  readonly lacks: readonly Lack[];
}

interface Reason {
  readonly lack: Lack;
  readonly agents: string[];
  readonly free: number[];
}

function groupReasons(misfits: readonly Misfit[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { agent, lacks } of misfits)
    for (const lack of lacks) {
      const key = `${lack.what} ${lack.wanted}`;
      const reason = reasons.get(key) ?? { lack, agents: [], free: [] };
      reasons.set(key, reason);
      reason.agents.push(agent);
      if (lack.free !== undefined) reason.free.push(lack.free);
    }
  return [...reasons.values()].sort((a, b) => b.agents.length - a.agents.length);
}

function printReason({ lack: { what, wanted, unit = '' }, agents, free }: Reason): string {
  const most = Math.max(...free);
  const alike = free.every((value) => value === most);
  const numbers =
    wanted === undefined
      ? ''
      : ` (${amount(wanted)}${unit} wanted, ${alike ? '' : 'at most '}${amount(most)}${unit} free)`;
  const names = [...agents.slice(0, NAMED), ...(agents.length > NAMED ? ['…'] : [])].join(', ');
  return `${agents.length} ${what}${numbers}: ${names}`;
}

/** One line for the pod's event: how many agents were looked at, how many lack what, and by how much. An agent that lacks two things counts twice. */
export function explainMisfits(misfits: readonly Misfit[]): string {
  if (misfits.length === 0) return '0/0 agents fit: Mesos has offered none yet';
  const reasons = groupReasons(misfits);
  const lines = reasons.slice(0, TOLD).map(printReason);
  if (reasons.length > TOLD) lines.push(`${reasons.length - TOLD} more reasons`);
  return `0/${misfits.length} agents fit: ${lines.join('; ')}`;
}
