// Contexts of 50,000 files and of 2 GB, against `docker build`'s client: node tools/bench/docker/contexts.mjs [runs] [classic|BuildKit]
import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { images } from '@kmd/tools-testbed/src/images.mjs';
import { summarise } from '../figures.mjs';
import { median, takeTurns, time, withEngine } from './engine.mjs';

const runs = Number(process.argv[2] ?? 3);
const only = process.argv[3] ?? '';
const own = join(import.meta.dirname, 'build.mjs');

/** 50,000 files of 100 bytes to 4 KiB in 500 folders. */
function fill(folder) {
  for (let index = 0; index < 500; index += 1) {
    const path = join(folder, `f${index}`);
    mkdirSync(path);
    for (let file = 0; file < 100; file += 1)
      writeFileSync(join(path, `${file}.txt`), `${index}/${file}\n`.repeat(10 + ((index * 7 + file * 13) % 400)));
  }
}

const tools = [
  { name: 'kmd, classic builder', command: process.execPath, args: [own], builder: 'classic' },
  { name: 'docker build, classic', command: '/usr/bin/docker', buildkit: '0' },
  { name: 'kmd, BuildKit', command: process.execPath, args: [own], builder: 'buildkit' },
  { name: 'docker build, BuildKit', command: '/usr/bin/docker', buildkit: '1' },
].filter(({ name }) => name.includes(only));

await withEngine(async (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-contexts-'));
  const tags = new Set();
  try {
    fill(folder);
    // The builder's own work is a copy of one file: what is measured is the client, and the way to the engine.
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${images.small}\nCOPY changing /changing\n`);
    const measure = async (tool, command, run) => {
      if (command === 'a file changed') writeFileSync(join(folder, 'changing'), `${tool.name} ${run}`);
      const tag = `bench-context:${tool.builder ?? tool.buildkit}`;
      tags.add(tag);
      if (tool.builder !== undefined) return time(tool, [folder, tag, tool.builder], { engine });
      const env = { ...process.env, DOCKER_BUILDKIT: tool.buildkit };
      return time({ ...tool, args: ['build', '-q', '-t'], env }, [tag, folder], { engine });
    };
    const commands = ['a file changed', 'nothing changed'];
    console.log(
      `50,000 files; whole processes taking turns, ${runs} runs; median (least to most), ratio to the row above it`,
    );
    const times = await takeTurns(tools, commands, runs, measure);
    for (const command of commands) {
      console.log(command);
      for (const [index, { name }] of tools.entries()) {
        const values = times.get(name).get(command);
        const mine = times.get(tools[index - (index % 2)].name).get(command);
        console.log(
          `  ${name.padEnd(24)} ${summarise(values, 'ms').padEnd(30)} ${(median(values) / median(mine)).toFixed(2)}`,
        );
      }
    }
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    const large = openSync(join(folder, 'large'), 'w');
    ftruncateSync(large, 2e9);
    closeSync(large);
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${images.small}\nRUN true\n`);
    for (const builder of ['classic', 'buildkit']) {
      const env = { ...process.env, DOCKER_HOST: engine.host, SHOW_MEMORY: '1' };
      const args = [own, folder, `bench-context:${builder}`, builder];
      const { stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
      console.log(`a context of 2 GB, ${builder}: ${stderr.trim()}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
    const env = { ...process.env, DOCKER_HOST: engine.host };
    spawnSync('/usr/bin/docker', ['rmi', '-f', ...tags], { env });
  }
});
