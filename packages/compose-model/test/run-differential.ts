import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { ComposeError, load, printYaml, toJson, type ComposeFile, type Project } from '../src/index.js';
import { compare, doubleDollars, parseYaml } from './corpus.js';
import { composeFiles, oldFile, variables } from './generate.js';
import { shapedFiles } from './generate-shapes.js';
import { comparable, reload } from './legacy.js';

/*
 * Generated files, read by docker compose (or docker-compose 1.29.2 for version 1) and by this package: the same output, or a refusal
 * by both. `--files N` of today's form, `--old N` of version 1, `--seed N`.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const oracles = join(root, 'node_modules', '.cache', 'compose-oracles');

interface Oracle {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

function sameButEmptyLists(ours: string, theirs: string): boolean {
  const nulled = (text: string): unknown =>
    JSON.parse(text, (_key, value: unknown) => (Array.isArray(value) && value.length === 0 ? null : value));
  return theirs.startsWith('{') && isDeepStrictEqual(today(nulled(ours)), today(nulled(theirs)));
}

function numberOf(flag: string, otherwise: number): number {
  const at = process.argv.indexOf(flag);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

function ask(
  oracle: Oracle,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/home/user', ...variables, ...oracle.environment };
  return new Promise((resolve) => {
    execFile(oracle.command, [...oracle.args, ...args], { cwd, env, maxBuffer: 1 << 28 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : 1, out, err }),
    );
  });
}

async function findOracle(candidates: readonly Oracle[], version: RegExp): Promise<Oracle | undefined> {
  for (const oracle of candidates) {
    const { code, out } = await ask(oracle, ['version'], root);
    if (code === 0 && version.test(out)) return oracle;
  }
  return undefined;
}

const plugin = join(oracles, 'usr/libexec/docker/cli-plugins/docker-compose');
const legacy = join(oracles, 'usr/bin/docker-compose');
const compose = await findOracle(
  [
    ...(existsSync(plugin) ? [{ command: plugin, args: [], environment: {} }] : []),
    { command: 'docker', args: ['compose'], environment: {} },
  ],
  /2\.40\./,
);
const compose1 = await findOracle(
  [
    ...(existsSync(legacy)
      ? [
          {
            command: '/usr/bin/python3',
            args: [legacy],
            environment: { PYTHONPATH: join(oracles, 'usr/lib/python3/dist-packages') },
          },
        ]
      : []),
    { command: 'docker-compose', args: [], environment: {} },
  ],
  /1\.29\.2/,
);

/** Differences that are known, with their reason: tried in this order on a case that differs. */
const known: readonly {
  readonly name: string;
  readonly applies: (content: string, ours: string, theirs: string) => boolean;
}[] = [
  {
    name: '#extensions: an accident of the Go code where a key of a map of names starts with x-',
    applies: (_content, ours, theirs) => theirs.includes('#extensions') && !ours.includes('#extensions'),
  },
  {
    name: 'an empty dns entry: dropped since compose-go 2.10, kept by 2.40',
    applies: (content) => /"dns":\[?""/.test(content),
  },
  {
    name: 'an empty list below x-: stays one here, null in the Go code',
    applies: (_content, ours, theirs) => ours !== '' && sameButEmptyLists(ours, theirs),
  },
  {
    name: 'version 1: a dollar before anything that is no name stays, as in the versions of 2015; 1.29.2 refuses it',
    applies: (_content, _ours, theirs) => theirs.includes('Invalid interpolation format'),
  },
  {
    name: 'a negative size: read since compose-go 2.10, refused by 2.40',
    applies: (_content, ours, theirs) => ours.startsWith('{') && theirs.includes("invalid size: '-"),
  },
  {
    name: 'an empty list of address pools: docker compose loses or refuses what it is merged with',
    applies: (content) => content.includes('"config":[]'),
  },
  {
    name: 'docker compose crashes',
    applies: (_content, _ours, theirs) => /^panic: |goroutine \d+/m.test(theirs),
  },
  {
    name: 'version 1: an empty command is none, as in the file of 2015; 1.29.2 refuses it',
    applies: (content, _ours, theirs) =>
      /"(?:command|entrypoint)":null/.test(content) && /\.(?:command|entrypoint) contains an invalid type/.test(theirs),
  },
  {
    name: 'version 1: forms of devices, ports and commands are checked here; 1.29.2 leaves that to the engine',
    applies: (_content, ours) => /confusing device mapping|invalid command line string/.test(ours),
  },
];

let compared = 0;
let refused = 0;
const excused = new Map<string, number>();
const failures: string[] = [];

function judge(content: string, ours: string, theirs: string, difference: string | undefined): void {
  compared += 1;
  if (difference === undefined) return;
  const reason = known.find(({ applies }) => applies(content, ours, theirs));
  if (reason === undefined) failures.push(`${difference}\n${content}`);
  else excused.set(reason.name, (excused.get(reason.name) ?? 0) + 1);
}

async function ourProject(files: readonly ComposeFile[], workingDir: string): Promise<Project | ComposeError> {
  try {
    const environment = { HOME: '/home/user', ...variables };
    const steps = { discardEnvFiles: true, pruneResources: true };
    return (await load({ files, workingDir, projectName: 'diff', environment, steps })).project;
  } catch (error) {
    if (error instanceof ComposeError) return error;
    throw error;
  }
}

/** Lists and mappings of both sides that say the same. */
function today(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => today(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, today(inner, name)] as const);
  // 2.40 prints it when it is true; compose-go since 2.10 when it is false.
  return Object.fromEntries(entries.filter(([name]) => !(key === 'bind' && name === 'create_host_path')));
}

/** Without what docker compose 2.40 does not know yet: compose-go has it since 2.10. */
function withoutNewer(contents: readonly unknown[]): readonly unknown[] {
  return contents.map((content) =>
    JSON.parse(JSON.stringify(content), (key, value: unknown) => {
      if (key === 'pre_start' || key === 'no_cache_filter') return undefined;
      if (key !== 'ipam' || typeof value !== 'object' || value === null) return value;
      return { ...value, options: undefined };
    }),
  );
}

/** Env files and label files that generated files name. */
const namedFiles = ['one', 'two', 'four', 'alpha'];

/** Where one of the two refuses, the other must, too; each in its own words. */
function judgeRefusal(
  text: string,
  ours: Project | ComposeError,
  { code, err, out }: Awaited<ReturnType<typeof ask>>,
  theirName: string,
): void {
  const message = ours instanceof ComposeError ? ours.message : undefined;
  let difference: string | undefined;
  if (message === undefined) difference = `only ${theirName} refuses: ${err.trim().slice(0, 400)}`;
  else if (code === 0) difference = `only we refuse: ${message}`;
  else refused += 1;
  judge(text, message ?? '', err + out, difference);
}

async function compareToday(oracle: Oracle, contents: readonly unknown[], folder: string): Promise<void> {
  for (const name of namedFiles) writeFileSync(join(folder, name), 'FROM_FILE=1\nA=f\nQ="x $A"\n');
  const files = contents.map((content, index) => {
    const path = join(folder, `${index}.yaml`);
    writeFileSync(path, index === 0 ? JSON.stringify(content) : printYaml(content as Record<string, unknown>));
    return path;
  });
  const [answer, ours] = await Promise.all([
    ask(oracle, [...files.flatMap((file) => ['-f', file]), '-p', 'diff', 'config', '--format', 'json'], folder),
    ourProject(files, folder),
  ]);
  const text = contents.map((content) => JSON.stringify(content)).join('\n');
  if (ours instanceof ComposeError || answer.code !== 0) return judgeRefusal(text, ours, answer, 'docker compose');
  const actual = today(JSON.parse(JSON.stringify(doubleDollars(toJson(ours)))));
  const expected = today(JSON.parse(answer.out));
  const order = (value: unknown): string => JSON.stringify(value);
  const difference = isDeepStrictEqual(actual, expected)
    ? order(actual) === order(expected)
      ? undefined
      : `another order of keys: ${order(actual)} and ${order(expected)}`
    : compare(actual, expected, '');
  judge(text, order(actual), answer.out, difference);
}

async function compareOld(oracle: Oracle, content: unknown, folder: string): Promise<void> {
  const path = join(folder, 'docker-compose.yml');
  writeFileSync(path, JSON.stringify(content));
  const [answer, ours] = await Promise.all([
    ask(oracle, ['-f', path, '-p', 'legacy', 'config'], folder),
    ourProject([path], folder),
  ]);
  const text = JSON.stringify(content);
  if (ours instanceof ComposeError || answer.code !== 0)
    return judgeRefusal(text, ours, answer, 'docker-compose 1.29.2');
  // It leaves 1e3 bare, which is a number in YAML 1.2.
  const printed = answer.out.replaceAll(/(?<=[:-] )1e3$/gm, '"1e3"');
  const meant = await reload(folder, await parseYaml(printed));
  judge(text, '', answer.out, compare(comparable(ours), comparable(meant), ''));
}

const seed = numberOf('--seed', Date.now() % 2 ** 31);

/** Random files are mostly wrong somewhere: of those that this package refuses only a quarter stays. */
async function choose(
  sample: readonly (readonly unknown[])[],
  count: number,
): Promise<readonly (readonly unknown[])[]> {
  const [good, bad]: [(readonly unknown[])[], (readonly unknown[])[]] = [[], []];
  for (const contents of sample) {
    const files = contents.map((content, index) => ({ path: `${index}.yaml`, content: JSON.stringify(content) }));
    ((await ourProject(files, '/nowhere')) instanceof ComposeError ? bad : good).push(contents);
    if (good.length > count) break;
  }
  const kept = good.slice(0, Math.max(count - bad.length, Math.ceil(count * 0.75)));
  return [...kept, ...bad.slice(0, count - kept.length)];
}

async function run(
  count: number,
  what: string,
  compareOne: (value: readonly unknown[], folder: string) => Promise<void>,
  values: fc.Arbitrary<readonly unknown[]>,
): Promise<void> {
  const sample = await choose(fc.sample(values, { numRuns: count * 10, seed }), count);
  const base = mkdtempSync(join(tmpdir(), 'differential-'));
  let next = 0;
  const before = compared;
  const work = async (): Promise<void> => {
    for (let index = next++; index < sample.length; index = next++) {
      const folder = join(base, String(index));
      mkdirSync(folder);
      await compareOne(sample[index] ?? [], folder);
    }
  };
  try {
    await Promise.all([work(), work()]);
  } finally {
    rmSync(base, { recursive: true });
  }
  console.log(`${compared - before} files compared with ${what}`);
}

if (compose === undefined)
  console.log('SKIPPED: docker compose 2.40 is not here (see README, "Held against docker compose")');
else
  await run(
    numberOf('--files', 400),
    'docker compose 2.40',
    (contents, folder) => compareToday(compose, contents, folder),
    fc.oneof(composeFiles, shapedFiles.map(withoutNewer)),
  );
if (compose1 === undefined)
  console.log('SKIPPED: docker-compose 1.29.2 is not here (see README, "Held against docker compose")');
else
  await run(
    numberOf('--old', 40),
    'docker-compose 1.29.2',
    ([content], folder) => compareOld(compose1, content, folder),
    oldFile.map((one) => [one]),
  );
for (const [reason, count] of excused) console.log(`known difference, ${count} times: ${reason}`);
for (const failure of failures.slice(0, 10)) console.log(`DIFFERENT: ${failure}\n`);
console.log(`seed ${seed}: ${compared} compared (${refused} refused by both), ${failures.length} different`);
process.exitCode = failures.length > 0 ? 1 : 0;
