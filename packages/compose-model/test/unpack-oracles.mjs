// Unpacks .deb archives of docker-compose beside the packages, without installing them: `node unpack-oracles.mjs FILE.deb…`.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'compose-oracles');
mkdirSync(folder, { recursive: true });
for (const archive of process.argv.slice(2)) execFileSync('dpkg-deb', ['-x', archive, folder], { stdio: 'inherit' });
console.log(`unpacked ${process.argv.length - 2} archives into ${folder}`);
