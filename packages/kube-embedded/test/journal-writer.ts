// Counts in a journal until it is killed, telling its parent each number once it is stored.
import { openJournal } from '../src/storage/journal.js';

const { store } = openJournal({ directory: process.argv[2] ?? '', slack: 4000 });
const found: unknown = store.get('configmaps', 'a/counter')?.['data'];
const before = typeof found === 'object' && found !== null && 'text' in found ? Number(found.text) : -1;
function count(number: number): void {
  store.put('configmaps', 'a/counter', { metadata: { name: 'counter' }, data: { text: String(number) } });
  process.send?.(number, () => count(number + 1));
}
count(before + 1);
