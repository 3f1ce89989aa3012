// `kmd compose config` against `docker compose config`, as whole processes, the library alone, and files made to take long:
// node tools/bench/compose.mjs [runs]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, toYaml } from '@kmd/compose-model';
import { summarise } from './figures.mjs';

const root = join(import.meta.dirname, '..', '..');
const runs = Number(process.argv[2] ?? 15);
const unpacked = join(
  root,
  'node_modules',
  '.cache',
  'compose-oracles',
  'usr',
  'libexec',
  'docker',
  'cli-plugins',
  'docker-compose',
);

function composeOf(services) {
  let text = 'name: bench\nservices:\n';
  for (let index = 0; index < services; index += 1) {
    text += `  s${index}:\n    image: "example/app:\${TAG:-${index}}"\n    command: ["serve", "--port", "80"]\n    environment:\n`;
    for (let variable = 0; variable < 10; variable += 1)
      text += `      VAR_${variable}: "value \${HOME} ${variable}"\n`;
    text += `    ports:\n      - "${10000 + index}:80"\n    volumes:\n      - data:/data\n      - ./conf/${index}:/etc/app:ro\n`;
    text +=
      '    labels:\n      team: a\n    healthcheck:\n      test: curl -f http://localhost\n      interval: 30s\n    networks: [front]\n';
    if (index > 0) text += `    depends_on: [s${Math.floor(index / 2)}]\n`;
  }
  return `${text}volumes: {data: {}}\nnetworks: {front: {}}\n`;
}

/** Files that shall end within a second, in a result or a clear error. */
function hostileFiles() {
  const large = (values, width) => {
    let text = 'services:\n';
    for (let service = 0; text.length < 5_000_000; service += 1) {
      text += `  s${service}:\n    image: "example/app:\${TAG:-1}"\n    environment:\n`;
      for (let variable = 0; variable < values; variable += 1)
        text += `      VAR_${variable}: "${'x'.repeat(width)} \${HOME}"\n`;
    }
    return text;
  };
  const bomb = ['x-a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih'])
    bomb.push(`x-${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`);
  return {
    '5 MB of services': { 'compose.yaml': large(10, 50) },
    '5 MB in 44,000 variables': { 'compose.yaml': large(500, 90) },
    '5 MB of one text': { 'compose.yaml': `services: {a: {image: b, command: "${'x'.repeat(5_000_000)}"}}` },
    '5 MB of open variables': { 'compose.yaml': `services: {a: {image: b, command: "${'${A:-'.repeat(1_000_000)}"}}` },
    'an alias bomb': { 'compose.yaml': `${bomb.join('\n')}\nservices: {a: {image: b}}\n` },
    'a chain of 10,000 includes': Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [
        index === 0 ? 'compose.yaml' : `f${index}.yaml`,
        `include: [f${index + 1}.yaml]\nservices: {s${index}: {image: a}}\n`,
      ]),
    ),
    'a chain of 10,000 extended services': {
      'compose.yaml': `services:\n${Array.from({ length: 10_000 }, (_, index) => `  s${index}: {image: a${index < 9999 ? `, extends: s${index + 1}` : ''}}\n`).join('')}`,
    },
  };
}

async function benchHostile(folder) {
  for (const [name, files] of Object.entries(hostileFiles())) {
    const inner = join(folder, name.replaceAll(/\W+/g, '-'));
    mkdirSync(inner);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(inner, file), text);
    const times = [];
    let end = '';
    for (let run = 0; run < Math.min(runs, 5); run += 1) {
      const start = performance.now();
      try {
        const { project } = await load({
          files: ['compose.yaml'],
          workingDir: inner,
          environment: { HOME: '/home/user' },
        });
        toYaml(project);
        end = 'a result';
      } catch (error) {
        end = error.message.split('\n')[0].slice(0, 70);
      }
      times.push(performance.now() - start);
    }
    console.log(`  ${name.padEnd(36)} ${summarise(times, 'ms')}: ${end}`);
  }
}

function findDocker() {
  for (const [command, ...args] of [[unpacked], ['docker', 'compose']]) {
    if (command === unpacked && !existsSync(unpacked)) continue;
    const { status, stdout } = spawnSync(command, [...args, 'version'], { encoding: 'utf8' });
    if (status === 0) return { command, args, version: stdout.trim().split('\n')[0] };
  }
  return undefined;
}

/** Milliseconds of processor time of the processes that ended so far; on Linux alone. It says more than the clock where a machine has other work. */
function processorTime() {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').replace(/.*\) /s, '').split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return Number.NaN;
  }
}

const spent = (total) => (Number.isNaN(total) ? '' : `, ${Math.round(total / runs)} ms of processor time each`);

function time(command, args, cwd) {
  const start = performance.now();
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  return performance.now() - start;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-compose-'));
const docker = findDocker();
try {
  console.log(`${runs} runs each, alternating; median (least to most)`);
  if (docker === undefined) console.log('SKIPPED: no docker compose here to compare with');
  else console.log(docker.version);
  for (const services of [10, 100, 1000]) {
    const file = join(folder, `${services}.yaml`);
    const text = composeOf(services);
    writeFileSync(file, text);
    const [ours, theirs, alone] = [[], [], []];
    let [ourTime, theirTime] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const before = processorTime();
      ours.push(
        time(process.execPath, [join(root, 'packages/cli/bin/kmd.js'), 'compose', '-f', file, 'config'], folder),
      );
      const between = processorTime();
      if (docker) theirs.push(time(docker.command, [...docker.args, '-f', file, 'config'], folder));
      ourTime += between - before;
      theirTime += processorTime() - between;
      const start = performance.now();
      const { project } = await load({ files: [file], workingDir: folder, environment: { HOME: '/home/user' } });
      toYaml(project);
      alone.push(performance.now() - start);
    }
    console.log(`${services} services, ${Math.round(text.length / 1024)} KiB`);
    console.log(`  kmd compose config     ${summarise(ours, 'ms')}${spent(ourTime)}`);
    if (docker) console.log(`  docker compose config  ${summarise(theirs, 'ms')}${spent(theirTime)}`);
    console.log(`  the library alone      ${summarise(alone, 'ms')}`);
  }
  console.log('the library alone, with files made to take long');
  await benchHostile(folder);
} finally {
  rmSync(folder, { recursive: true });
}
