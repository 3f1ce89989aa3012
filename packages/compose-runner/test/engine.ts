import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { load, type Project } from '@kmd/compose-model';
import {
  connectDockerEngine,
  down,
  exec,
  parseEngineHost,
  ps,
  type DockerEngine,
  type RunnerEvent,
} from '@kmd/compose-runner';
import { inject } from 'vitest';

export const testbed = inject('testbed');

/** What a service is that only has to be there. */
export const idle = 'image: IMAGE, command: [sleep, "3600"], stop_grace_period: 0s';

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
  /** Ids of its containers by their names, without the project's. */
  ids(): Promise<Record<string, string>>;
  /** Those names, sorted; with `false` of those alone that run. */
  names(all?: boolean): Promise<string[]>;
  /** What a command prints in a service's container. */
  text(service: string, command: readonly string[]): Promise<string>;
  /** The steps that some work took, without the project's name. */
  steps(work: (onProgress: (event: RunnerEvent) => void) => Promise<void>): Promise<string[]>;
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
  const rows = async (all: boolean): Promise<[name: string, id: string][]> =>
    (await ps(engine, name, { all })).map((row) => [row.name.slice(name.length + 1), row.id]);
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
    ids: async () => Object.fromEntries(await rows(true)),
    names: async (all = true) => (await rows(all)).map(([container]) => container).sort(),
    async text(service, command) {
      let out = '';
      await exec(engine, name, service, command, {
        onOutput: (_from, bytes) => (out += Buffer.from(bytes).toString()),
      });
      return out.trim();
    },
    async steps(work) {
      const seen: string[] = [];
      await work(
        (event) =>
          void (event.type === 'step' && event.state === 'done' && seen.push(event.id.replace(`${name}-`, ''))),
      );
      return seen;
    },
    async close() {
      await down(engine, name, { removeOrphans: true, volumes: true, stopTimeout: 0 });
      engine.close();
      await rm(folder, { recursive: true });
    },
  };
}
