import type { Command } from 'commander';
import type { BuildFlags } from '../commands/build.js';
import type { CleanupFlags } from '../commands/cleanup.js';
import type { LoadFlags } from '../commands/load.js';
import type { Streams } from '../streams.js';
import { addGroup, forCluster, withProgress } from './options.js';

/** `kmd build`: the images of the docker runtime. */
export function addImages(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  withProgress(program.command('build [images...]'))
    .summary("build the docker runtime's images: km, mesos-agent, test, or all")
    .option('--kube-binaries <folder>', "put Kubernetes' own programs into km: a folder of them, or a Kubernetes tree")
    .option('--no-cache', 'build every step again')
    .option('--pull', 'pull a newer base image first')
    .option('--dry-run', 'say what would be built, and build nothing')
    .addHelpText(
      'after',
      `
Variables: KMD_BASE_IMAGE (an image with Node, default node:24-bookworm-slim), IMAGE_TAG, IMAGE_REPO (of one image), DOCKER_HOST.
kmd up --runtime docker builds what is missing by itself, unless MESOS_DOCKER_SKIP_BUILD is true. Unchanged images are not built again.

Examples:
  kmd build all
  kmd build km --kube-binaries ~/kubernetes
`,
    )
    .action(async (images: string[], flags: BuildFlags) => {
      const { build } = await import('../commands/build.js');
      end(await build(images, flags, streams));
    });
}

/** `kmd load image`: images into the agents. */
export function addLoad(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const load = addGroup(program, 'load', "bring images into the agents' own Docker");
  withProgress(forCluster(load.command('image <names...>')))
    .summary("copy images of the Docker Engine, or archives of docker save, into each agent's Docker")
    .addHelpText(
      'after',
      `
A name that ends in .tar, .tar.gz or .tgz is an archive. Images that an agent has already, the same, are not copied again.

Examples:
  kmd load image app:1 redis:7
  kmd load image ./images.tar
`,
    )
    .action(async (names: string[], flags: LoadFlags) => {
      const { loadImages } = await import('../commands/load.js');
      end(await loadImages(names, flags, streams));
    });
}

/** `kmd cleanup`: what was left on an engine. */
export function addCleanup(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  program
    .command('cleanup')
    .summary('remove what kmd has left on the Docker Engine')
    .description(
      'Removes containers, networks and volumes of clusters that kmd knows no more, and images that newer builds have replaced. Nothing of clusters in `kmd list`, and nothing that is not of kmd.',
    )
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .option('--images', 'remove the images of kmd build too')
    .option('--json', 'as a JSON array')
    .action(async (flags: CleanupFlags) => {
      const { cleanup } = await import('../commands/cleanup.js');
      end(await cleanup(flags, streams));
    });
}
