import { ServerResponse, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { presenter } from './present.js';
import { streamWatch } from './watch-stream.js';
import { kinds } from '../kinds/table.js';

it('lets go of a client that takes nothing for longer than the patience with it', async () => {
  const kind = kinds.find(({ plural }) => plural === 'configmaps');
  if (!kind) throw new Error('config maps are served');
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  // What is written to the client is never taken.
  const stuck = new Duplex({ read: () => undefined, write: () => undefined });
  response.assignSocket(stuck as Socket);
  let taken = 0;
  async function* events() {
    for (;;) {
      taken += 1;
      yield [{ type: 'ADDED' as const, object: { metadata: { name: 'a' }, data: { text: 'x'.repeat(100_000) } } }];
    }
  }
  const shown = presenter(kind, { form: 'object' }, 'Metadata', () => new Date());
  await streamWatch(response, shown, events(), new AbortController().signal, 50);
  expect(response.destroyed).toBe(true);
  expect(taken).toBe(1);
});
