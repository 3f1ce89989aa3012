import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from '../src/command.mjs';

/**
 * Go that builds a Kubernetes older than 1.23, whose JSON library breaks with newer ones. The Go command fetches it as it does every toolchain.
 */
const oldGo = 'go1.17.13';
/** @param {string} version */
const isOld = (version) => Number(/^v1\.(\d+)/.exec(version)?.[1]) < 23;

/** The file of a Kubernetes that has the OpenAPI definitions of its types. */
const DEFINITIONS = 'pkg/generated/openapi/zz_generated.openapi.go';

/** @typedef {import('../src/go-programs.mjs').Source} Source */

/**
 * Any other version, in `folder`: its go.mod is Kubernetes' own, less its folders. Checksums come from Go's checksum database.
 * @param {{ go: string, version: string, folder: string, packages: readonly string[] }} options
 * @returns {Promise<Source>}
 */
export async function derivedSource({ go, version, folder, packages }) {
  const env = {
    ...process.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: isOld(version) ? oldGo : 'auto',
  };
  const downloaded = JSON.parse(
    await run(go, ['mod', 'download', '-json', `k8s.io/kubernetes@${version}`], { cwd: folder, env }),
  );
  writeFileSync(join(folder, 'go.mod'), deriveModFile(readFileSync(downloaded.GoMod, 'utf8'), version));
  const source = { cwd: folder, env, flags: [] };
  return existsSync(join(downloaded.Dir, DEFINITIONS)) ? source : withDefinitions(go, source, downloaded.Dir, packages);
}

/**
 * Kubernetes' go.mod points its staging modules at folders of its repository; published they have the same minor and patch version.
 * @param {string} own
 * @param {string} version
 */
export function deriveModFile(own, version) {
  const staging = version.replace(/^v1\./, 'v0.');
  const names = [...own.matchAll(/^\s*(?:require )?(k8s\.io\/\S+) v0\.0\.0(?:\s|$)/gm)].map(([, name]) => name);
  return [
    own.replace(/^module .*$/m, 'module kmd.invalid/oracle').replace(/^.*=> \.\/staging\/.*\n/gm, ''),
    `require k8s.io/kubernetes ${version}`,
    ...[...new Set(names)].map((name) => `replace ${name} => ${name} ${staging}`),
    '',
  ].join('\n');
}

/**
 * Old versions come without their OpenAPI definitions, which server-side apply reads: they are generated, as Kubernetes' own build does it, and laid over the
 * module.
 * @param {string} go
 * @param {Source} source
 * @param {string} kubernetes its module's folder
 * @param {readonly string[]} packages
 * @returns {Promise<Source>}
 */
async function withDefinitions(go, source, kubernetes, packages) {
  const { cwd } = source;
  // The generator asks "go" where packages are: that has to be the old one, too.
  const root = (await run(go, ['env', 'GOROOT'], source)).trim();
  const env = { ...source.env, GOROOT: root, PATH: `${join(root, 'bin')}:${source.env.PATH ?? ''}` };
  const listed = await run('go', ['list', '-deps', '-f', '{{.ImportPath}} {{.Dir}}', ...packages], { cwd, env });
  const marked = listed
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([name = '', dir = '']) => name.startsWith('k8s.io/') && isMarked(dir))
    .map(([name]) => name);
  const generator = join(cwd, 'openapi-gen');
  await run('go', ['build', '-o', generator, 'k8s.io/kube-openapi/cmd/openapi-gen'], { cwd, env });
  const target = dirname(join('k8s.io/kubernetes', DEFINITIONS));
  writeFileSync(join(cwd, 'header.txt'), '');
  await run(
    'nice',
    [
      ['-n', '10', generator],
      ['-h', join(cwd, 'header.txt'), '-r', join(cwd, 'report.txt')],
      [
        '-i',
        marked.join(','),
        '-p',
        target,
        '-O',
        basename(DEFINITIONS, '.go'),
        '--output-base',
        join(cwd, 'generated'),
      ],
    ].flat(),
    { cwd, env },
  );
  const overlay = join(cwd, 'overlay.json');
  const Replace = { [join(kubernetes, DEFINITIONS)]: join(cwd, 'generated', 'k8s.io/kubernetes', DEFINITIONS) };
  writeFileSync(overlay, JSON.stringify({ Replace }));
  return { ...source, flags: ['-overlay', overlay] };
}

/**
 * Whether a package wants definitions of its types.
 * @param {string} dir
 */
const isMarked = (dir) =>
  readdirSync(dir).some((file) => file.endsWith('.go') && readFileSync(join(dir, file), 'utf8').includes(MARK));
const MARK = '+k8s:openapi-gen=';
