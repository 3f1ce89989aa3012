import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import type { Command } from './commands/command.js';
import { commands } from './commands/index.js';
import { normalize } from './normalize.js';
import type { Server } from './play.js';
import type { Suite, Told } from './suite.js';

/** What a command printed and how it ended, without what differs from run to run. */
interface Output {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Drawn names, ages and addresses. Runs of spaces are one: the width of a column is that of its longest cell. */
function plain(text: string): string[] {
  return String(normalize(text))
    .replace(/\b([a-z]+-[a-z]*?)(-?)[bcdf0-9ghjklmnpqrstvwxz]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '$1<drawn>')
    .replace(/\b(nginx|many|applied)-[bcdf0-9ghjklmnpqrstvwxz]{8,10}\b/g, '$1-<hash>')
    .replace(/pod-template-hash[=:] ?"?[a-z0-9]+"?/g, 'pod-template-hash=<hash>')
    .replace(/hello-\d{8}/g, 'hello-<time>')
    .replace(/hello(-<time>)?-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, 'hello$1-<drawn>')
    .replace(/(^| )(<unknown>|<invalid>|(\d+[dhms])+)( ago)?(?= |$)/gm, '$1<age>')
    .replace(/\b3[0-2]\d{3}\b/g, '<port>')
    .replace(/\b10\.10\.10\.1\b/g, '<address>')
    .replace(/resourceVersion: "\d+"/g, 'resourceVersion: "<version>"')
    .replace(/"resourceVersion": "\d+"/g, '"resourceVersion": "<version>"')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]+ [+-]\d{4}/g, '<date>')
    .replace(/\/tmp\/kubectl-edit-\d+\.yaml/g, '<file>')
    .replace(/^[IWE]\d{4} [\d:.]+ +\d+ /gm, '')
    .replace(/\d{4}-\d\d-\d\d [\d:]{8} \+0000 UTC/g, '<time>')
    .replace(/diff -u -N \S+ \S+|^(---|\+\+\+) \S+.*$/gm, '<diff>')
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trimEnd())
    .filter((line) => line !== '');
}

const headings = ['GROUP', 'KIND', 'VERSION', 'DESCRIPTION', 'FIELDS', 'FIELD', 'ENUM'];

/** `kubectl explain` without the documentation of fields, which is Kubernetes' own prose: headings, fields with their types, and the values of enumerations stay. */
function withoutProse(lines: readonly string[]): string[] {
  let heading = '';
  return lines.filter((line) => {
    const [, name = ''] = /^([A-Z]+):/.exec(line) ?? [];
    if (headings.includes(name)) heading = name;
    return headings.includes(name) || heading === 'ENUM' || line.includes('\t<') || /^ *enum: /.test(line);
  });
}

const words = (line: string): string[] =>
  [...line.matchAll(/(?:"[^"]*"|\{.*\}$|\[.*\]$|[^\s"])+/g)].map(([word]) => unquoted(word));

const unquoted = (word: string): string => (/[{[]/.test(word) ? word : word.replaceAll('"', ''));

const bin = join(process.cwd(), 'node_modules', '.bin', 'kubectl');

/** What a command reads: its own input, or what the other one prints. */
async function inputOf(server: Server, home: string, { input, pipe }: Command): Promise<string> {
  if (!pipe) return input ?? '';
  const { out } = await once(server, home, { line: pipe.from });
  return out.replaceAll(pipe.replace[0], pipe.replace[1]);
}

function once(server: Server, home: string, command: Command): Promise<{ code: number; out: string; err: string }> {
  const common = [
    '--server',
    server.url,
    '--token',
    server.token,
    '--insecure-skip-tls-verify',
    '--cache-dir',
    join(home, 'cache'),
  ];
  const [verb = '', ...rest] = words(command.line);
  const dashes = rest.indexOf('--');
  const args =
    dashes < 0 ? [verb, ...rest, ...common] : [verb, ...rest.slice(0, dashes), ...common, ...rest.slice(dashes)];
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    KUBECONFIG: join(home, 'none'),
    KUBE_EDITOR: 'sed -i "s/targetPort:.*/targetPort: 9090/"',
  };
  return new Promise((resolve) => {
    const child = execFile(bin, args, { env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, out, err });
    });
    child.stdin?.end(command.input ?? '');
  });
}

/** Tells a cluster every command, in turn. */
async function tell(server: Server, chosen: readonly Command[]): Promise<Told> {
  const home = mkdtempSync(join(tmpdir(), 'kmd-differential-'));
  try {
    const outputs: Record<string, readonly Output[]> = {};
    for (const command of chosen) {
      const input = await inputOf(server, home, command);
      let { code, out, err } = await once(server, home, { ...command, input });
      const end = Date.now() + 20_000;
      while (command.until !== undefined && !out.includes(command.until) && Date.now() < end) {
        ({ code, out, err } = await once(server, home, command));
      }
      const output =
        command.until === undefined
          ? { code, out: command.line.startsWith('explain ') ? withoutProse(plain(out)) : plain(out), err: plain(err) }
          : { code: out.includes(command.until) ? 0 : 1, out: [], err: [] };
      // A command may be told more than once.
      const line = `kubectl ${command.line}`;
      outputs[line] = [...(outputs[line] ?? []), output];
    }
    return outputs;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The commands of kubectl's cheat sheet, beside controllers. One builds on another: all are told, whatever was chosen. */
export const kubectl = (only: string): Suite => ({
  name: 'kubectl',
  entries: 'kubectl commands',
  controllers: true,
  play: async (server) =>
    Object.fromEntries(Object.entries(await tell(server, commands)).filter(([line]) => line.includes(only))),
});
