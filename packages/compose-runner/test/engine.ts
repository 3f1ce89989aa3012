import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { load, type Project } from '@kmd/compose-model';
import { connectDockerEngine, down, parseEngineHost, type DockerEngine } from '@kmd/compose-runner';
import { inject } from 'vitest';

export const testbed = inject('testbed');

/** A folder with a project on a real engine; `close` leaves nothing of it behind. */
export interface Workbench {
  readonly engine: DockerEngine;
  readonly folder: string;
  readonly name: string;
  readonly file: string;
  /** Writes files beside the Compose file. */
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Writes the Compose file, `services:` and so on, and loads it. IMAGE stands for the test bed's small image. */
  compose(content: string, environment?: Readonly<Record<string, string>>): Promise<Project>;
  close(): Promise<void>;
}

let count = 0;

export async function openWorkbench(): Promise<Workbench> {
  if (testbed === undefined) throw new Error('no engine');
  count += 1;
  const { host, images } = testbed;
  const name = `kmdtest${process.pid}x${count}`;
  const folder = await mkdtemp(join(tmpdir(), 'runner-'));
  const engine = connectDockerEngine(parseEngineHost(host));
  const file = join(folder, 'compose.yaml');
  return {
    engine,
    folder,
    name,
    file,
    async write(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
    },
    async compose(content, environment = {}) {
      await writeFile(file, `name: ${name}\n${content.replaceAll('IMAGE', images.small)}`);
      return (await load({ files: [file], workingDir: folder, environment })).project;
    },
    async close() {
      await down(engine, name, { removeOrphans: true, volumes: true, stopTimeout: 0 });
      engine.close();
      await rm(folder, { recursive: true });
    },
  };
}
