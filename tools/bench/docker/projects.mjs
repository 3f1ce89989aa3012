// `kmd compose` against `docker compose` and docker-compose 1.29 on one project of ten services: node tools/bench/docker/projects.mjs [runs]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composePeer, legacyComposePeer } from '@kmd/tools-testbed/src/compose-peer.mjs';
import { images } from '@kmd/tools-testbed/src/images.mjs';
import { summarise } from '../figures.mjs';
import { median, takeTurns, time, withEngine } from './engine.mjs';

const runs = Number(process.argv[2] ?? 5);
const kmd = join(import.meta.dirname, '..', '..', '..', 'packages', 'cli', 'bin', 'kmd.js');

function project() {
  let text = 'services:\n';
  for (let index = 0; index < 10; index += 1) {
    text += `  s${index}:\n    image: ${images.small}\n    command: [sleep, "3600"]\n    init: true\n    networks: [front, back]\n`;
    text += `    environment:\n      NUMBER: "${index}"\n    volumes:\n      - data:/data\n`;
    if (index > 0) text += `    depends_on: [s${Math.floor((index - 1) / 3)}]\n`;
  }
  return `${text}networks: {front: {}, back: {}}\nvolumes: {data: {}}\n`;
}

const commands = {
  up: ['up', '-d'],
  'up again, nothing changed': ['up', '-d'],
  down: ['down', '-v'],
};

async function tools() {
  const own = { name: 'kmd compose', command: process.execPath, args: [kmd, 'compose'] };
  const peers = [
    ['docker compose 2.40', async () => ({ command: await composePeer(), args: [] })],
    ['docker-compose 1.29', legacyComposePeer],
  ];
  const found = [own];
  for (const [name, find] of peers) {
    try {
      found.push({ name, ...(await find()) });
    } catch (error) {
      console.log(`SKIPPED: ${name}: ${error.message.split('\n')[0]}`);
    }
  }
  return found;
}

await withEngine(async (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-projects-'));
  try {
    writeFileSync(join(folder, 'docker-compose.yml'), project());
    const all = await tools();
    console.log(
      `ten services, two networks, a volume; whole processes taking turns, ${runs} runs; median (least to most)`,
    );
    const times = await takeTurns(all, Object.keys(commands), runs, ({ name, ...tool }, command) =>
      time(tool, ['-p', `bench${name.replace(/\W/g, '')}`, ...commands[command]], { cwd: folder, engine }),
    );
    for (const command of Object.keys(commands)) {
      console.log(command);
      for (const { name } of all) {
        const values = times.get(name).get(command);
        const ratio = median(values) / median(times.get('kmd compose').get(command));
        console.log(`  ${name.padEnd(22)} ${summarise(values, 'ms').padEnd(30)} ${ratio.toFixed(2)}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
