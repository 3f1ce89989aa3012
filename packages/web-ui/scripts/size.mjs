/* The page's weight as it travels: fails the build when the first view would be heavier than a page of this kind may be. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 120_000;
const folder = new URL('../dist/app/assets/', import.meta.url);
const sizes = readdirSync(folder).map((name) => [
  name,
  gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length,
]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
for (const [name, size] of sizes) console.log(`${name} ${(size / 1000).toFixed(1)} kB`);
console.log(`in all ${(total / 1000).toFixed(1)} kB compressed, of ${LIMIT / 1000} kB at most`);
if (total > LIMIT) process.exit(1);
