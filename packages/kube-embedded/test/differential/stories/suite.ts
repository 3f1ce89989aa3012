import { setTimeout as pause } from 'node:timers/promises';
import { type Server, filled, parse, send } from '../play.js';
import { namespaceOf } from '../sequence.js';
import type { Suite } from '../suite.js';
import { plainOutcome } from './plain.js';
import { storiesOfAccess } from './cluster.js';
import type { Act, Body, Look, Story } from './story.js';
import { storiesOfNetwork } from './network.js';
import { storiesOfStorage } from './storage.js';
import { storiesOfWorkloads } from './workloads.js';

const patience = 90_000;
const isLook = (step: Act | Look): step is Look => 'until' in step;

async function tell(server: Server, { name, steps }: Story): Promise<unknown[]> {
  const namespace = namespaceOf(name);
  const ask = async (step: Act): Promise<unknown> => {
    return parse(await send(server, filled(step, namespace, bodies)), step);
  };
  const bodies: unknown[] = [];
  const outcomes: unknown[] = [];
  await send(server, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  const account = { path: `/api/v1/namespaces/${namespace}/serviceaccounts/default` };
  for (const end = Date.now() + patience; Date.now() < end && (await send(server, account)).status !== 200;) {
    await pause(100);
  }
  for (const step of steps) {
    let body = await ask(step);
    if (isLook(step)) {
      // Twice the same: what follows the first sight of it has had its time.
      const end = Date.now() + patience;
      let before: string | undefined;
      const shown = (): unknown => plainOutcome(step.view ? step.view(Object(body) as Body) : body);
      while (Date.now() < end) {
        const now = step.until(Object(body) as Body) ? JSON.stringify(shown()) : undefined;
        if (now !== undefined && now === before) break;
        before = now;
        await pause(700);
        body = await ask(step);
      }
      outcomes.push({ reached: step.until(Object(body) as Body), is: shown() });
    } else if (Number(Object(body)['code']) >= 400) {
      outcomes.push({ refused: plainOutcome(body) });
    }
    bodies.push(body);
  }
  return outcomes;
}

const all: readonly Story[] = [...storiesOfWorkloads, ...storiesOfNetwork, ...storiesOfAccess, ...storiesOfStorage];

/** What controllers make of what they are given, story beside story. */
export const stories = (only: string): Suite => ({
  name: 'controllers',
  entries: 'stories of controllers',
  controllers: true,
  async play(server) {
    const chosen = all.filter(({ name }) => name.includes(only));
    const told = await Promise.all(chosen.map(async (story) => [story.name, await tell(server, story)] as const));
    return Object.fromEntries(told);
  },
});
