import { spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { cacheFolder } from './folders.mjs';
import { install, packageTree } from './packages.mjs';

/** The images of the test bed. Tests name these and no others, so that none needs a public registry. */
export const images = {
  /** busybox, with a shell, and nothing else; 2 MB. */
  small: 'kmd-testbed/small:1',
  /** The Node of this workspace, curl, and Debian's Docker with what it needs, all with their libraries; and busybox. */
  base: 'kmd-testbed/base:2',
  /** etcd and etcdctl. */
  etcd: 'kmd-testbed/etcd:1',
};

/** @typedef {{ host: string }} Engine */

/**
 * @param {Engine} engine
 * @param {readonly string[]} args
 * @param {{ input?: import('node:stream').Readable }} [options]
 */
const docker = (engine, args, options = {}) =>
  run('/usr/bin/docker', args, { ...options, env: { ...process.env, DOCKER_HOST: engine.host } });

/**
 * @param {Engine} engine
 * @param {string} image
 */
async function exists(engine, image) {
  try {
    await docker(engine, ['image', 'inspect', image]);
    return true;
  } catch {
    return false;
  }
}

/**
 * The libraries that a program needs, by the dynamic linker's own account.
 * @param {string} program
 */
async function librariesOf(program) {
  const told = await run('ldd', [program]).catch(() => '');
  return [...told.matchAll(/(?:=> )?(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? []);
}

/**
 * Copies a program and its libraries into a root, each library at the path where the linker looks for it.
 * @param {string} root
 * @param {string} program
 * @param {string} as
 */
async function addProgram(root, program, as) {
  const target = join(root, as);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(program), target);
  for (const library of await librariesOf(program)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    cpSync(realpathSync(library), join(root, library));
  }
}

/**
 * What every image has: busybox under its usual names, users, a folder for temporary files.
 * @param {string} root
 */
async function writeRoot(root) {
  for (const folder of ['bin', 'etc', 'root', 'tmp', 'usr/bin', 'var', 'proc', 'sys', 'dev']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const busybox = join(await packageTree('busybox-static'), 'bin/busybox');
  copyFileSync(
    existsSync(busybox) ? busybox : join(await packageTree('busybox-static'), 'usr/bin/busybox'),
    join(root, 'bin/busybox'),
  );
  const applets = (await run(join(root, 'bin/busybox'), ['--list']))
    .split('\n')
    .filter((name) => name !== '' && name !== 'busybox');
  for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet));
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/false\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
}

/**
 * @param {Engine} engine
 * @param {string} image
 * @param {readonly string[]} changes
 * @param {(root: string) => Promise<void>} fill
 */
async function make(engine, image, changes, fill) {
  if (await exists(engine, image)) return;
  const root = mkdtempSync(join(cacheFolder('roots'), 'root-'));
  try {
    await writeRoot(root);
    await fill(root);
    const tar = spawn('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '-cf', '-', '.'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const changeArgs = changes.flatMap((change) => ['--change', change]);
    await docker(engine, ['import', ...changeArgs, '-', image], { input: tar.stdout });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The Node binary of the workspace's `node` package. */
function nodeBinary() {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('node/package.json')), 'bin/node');
}

/** @type {Readonly<Record<string, readonly string[]>>} programs by the package that has them */
const dockerPrograms = {
  'docker.io': ['usr/sbin/dockerd', 'usr/sbin/docker-proxy', 'usr/bin/docker'],
  containerd: ['usr/bin/containerd', 'usr/bin/containerd-shim-runc-v2'],
  runc: ['usr/sbin/runc'],
  iproute2: ['bin/ip'],
  'util-linux': ['usr/bin/nsenter'],
  socat: ['usr/bin/socat1', 'usr/bin/socat'],
};

/**
 * What Docker inside an agent needs: the engine that this Debian has, and the programs that set its network up. The libraries are this machine's.
 * @param {string} root
 */
async function addDocker(root) {
  if (!existsSync('/usr/sbin/dockerd')) await install(['docker.io']);
  if (!existsSync('/usr/sbin/ip')) await install(['iproute2']);
  if (!existsSync('/usr/bin/socat')) await install(['socat']);
  for (const [name, programs] of Object.entries(dockerPrograms)) {
    const tree = await packageTree(name);
    for (const program of programs) {
      if (existsSync(join(tree, program)))
        await addProgram(root, join(tree, program), `usr/bin/${program.split('/').at(-1)}`);
    }
  }
}

const path = 'ENV PATH=/usr/local/bin:/usr/bin:/bin';

/** @type {Record<keyof typeof images, (engine: Engine) => Promise<void>>} */
const makers = {
  small: (engine) => make(engine, images.small, [path, 'CMD ["/bin/sh"]'], async () => undefined),
  base: (engine) =>
    make(engine, images.base, [path, 'CMD ["/usr/local/bin/node"]'], async (root) => {
      await addProgram(root, nodeBinary(), 'usr/local/bin/node');
      if (!existsSync('/usr/bin/curl')) await install(['curl']);
      await addProgram(root, '/usr/bin/curl', 'usr/bin/curl');
      await addDocker(root);
    }),
  async etcd(engine) {
    const server = await packageTree('etcd-server');
    const client = await packageTree('etcd-client');
    await make(engine, images.etcd, [path, 'CMD ["/usr/local/bin/etcd"]'], async (root) => {
      await addProgram(root, join(server, 'usr/bin/etcd'), 'usr/local/bin/etcd');
      await addProgram(root, join(client, 'usr/bin/etcdctl'), 'usr/local/bin/etcdctl');
    });
  },
};

/**
 * Makes the images that are not on the engine yet.
 * @param {Engine} engine
 * @param {readonly (keyof typeof images)[]} [names]
 */
export async function makeImages(engine, names = ['small']) {
  for (const name of names) await makers[name](engine);
}

/**
 * Gives images of the test bed the names that something else asks for, such as a topology file.
 * @param {Engine} engine
 * @param {Readonly<Record<string, string>>} names by what they are to be called
 */
export async function tagImages(engine, names) {
  for (const [name, image] of Object.entries(names)) await docker(engine, ['tag', image, name]);
}
