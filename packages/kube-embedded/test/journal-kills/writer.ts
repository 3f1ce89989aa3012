// Writes its history into a journal until it is killed, saying each version once it is stored: `writer.mjs FOLDER SEED`.
import { writeSync } from 'node:fs';
import { openJournal } from '../../src/storage/journal.js';
import { writeNext } from './history.js';

const [, , directory = '', seed = ''] = process.argv;
// Written anew often, so that it is killed then too.
const { store } = openJournal({ directory, slack: 8_000_000 });
for (;;) {
  writeNext(store, Number(seed));
  writeSync(1, `${store.version}\n`);
}
