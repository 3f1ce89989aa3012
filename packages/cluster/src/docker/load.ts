import { createReadStream, existsSync } from 'node:fs';
import { type DockerEngine, exec, ps } from '@kmd/compose-runner';
import { awaitAnswer } from '../answers.js';
import { ClusterError } from '../errors.js';
import type { LoadedImage, LoadImagesOptions } from '../life/load-images.js';
import { StepRecorder } from '../progress.js';
import type { DockerRecord } from '../state/record.js';
import { type AgentContainer, runningAgents } from './agents.js';
import { openEngine } from './engine.js';

/** Milliseconds that the Docker inside an agent may take to start. */
const patience = 60_000;

/** An image of the engine. */
interface Wanted {
  name: string;
  id: string;
}

/** What `loadImages` does on an engine. */
export async function loadIntoAgents(record: DockerRecord, options: LoadImagesOptions): Promise<LoadedImage[]> {
  const { images = [], archives = [], signal = new AbortController().signal } = options;
  const engine = openEngine(record.engine);
  try {
    const wanted = await Promise.all(images.map((name) => find(engine, name, record.engine, signal)));
    const lost = archives.find((path) => !existsSync(path));
    if (lost !== undefined) throw new ClusterError('InvalidSpec', `there is no archive ${lost}`);
    const agents = runningAgents(await ps(engine, record.project), record.project);
    const steps = new StepRecorder(options.onProgress);
    const loaded = await Promise.all(
      agents.map((container) => {
        const agent = new AgentDocker(engine, record.project, container, signal);
        return steps.run(`load-${agent.name}`, `Load into ${agent.name}`, async ({ waitingFor, detail }) => {
          await agent.ready(waitingFor);
          const results = [...(await agent.take(wanted)), ...(await agent.takeArchives(archives))];
          const count = results.filter(({ result }) => result === 'loaded').length;
          detail(count === 0 ? 'has them already' : `${count} loaded`);
          return results;
        });
      }),
    );
    return loaded.flat();
  } finally {
    engine.close();
  }
}

async function find(engine: DockerEngine, name: string, host: string, signal: AbortSignal): Promise<Wanted> {
  const image = await engine.findImage(name, { signal });
  if (image) return { name, id: image.id };
  throw new ClusterError('InvalidSpec', `the engine at ${host} has no image ${name}: build or pull it there first`);
}

/** The Docker inside one agent, by its own command line in the agent's container. */
class AgentDocker {
  readonly name: string;
  readonly #engine: DockerEngine;
  readonly #project: string;
  readonly #index: number;
  readonly #signal: AbortSignal;

  constructor(engine: DockerEngine, project: string, { name, index }: AgentContainer, signal: AbortSignal) {
    this.name = name;
    this.#engine = engine;
    this.#project = project;
    this.#index = index;
    this.#signal = signal;
  }

  /** Waits until it answers. Throws `RuntimeUnavailable` where the agent has none. */
  async ready(waitingFor: (what: string) => void): Promise<void> {
    if ((await this.#run(['sh', '-c', 'test -e /run/kmd/docker'])).code !== 0) {
      throw new ClusterError(
        'RuntimeUnavailable',
        `${this.name} has no Docker inside: its image has no dockerd, or KMD_AGENT_DOCKER is false; kmd logs ${this.name} says which`,
      );
    }
    const time = AbortSignal.timeout(patience);
    const ask = async () => {
      const { code, text } = await this.#run(['docker', 'version', '--format', '{{.Server.Version}}']);
      return code === 0 ? undefined : text;
    };
    let last = '';
    const onWait = (why: string) => {
      last = why;
      waitingFor('its Docker');
    };
    await awaitAnswer(ask, { signal: AbortSignal.any([this.#signal, time]), onWait, pause: 200 }).catch(
      (error: unknown) => {
        this.#signal.throwIfAborted();
        if (!time.aborted) throw error;
        throw this.#failed(`its Docker does not answer: ${last}`);
      },
    );
  }

  /** Images that it has already, by the same id, stay as they are; the others come as one archive, so that layers which they share come once. */
  async take(wanted: readonly Wanted[]): Promise<LoadedImage[]> {
    const kept = await Promise.all(wanted.map((image) => this.#has(image)));
    const missing = wanted.filter((_, index) => kept[index] !== true).map(({ name }) => name);
    if (missing.length > 0) {
      const query = missing.map((name) => `names=${encodeURIComponent(name)}`).join('&');
      await this.#load(await this.#engine.connection.open({ path: `/images/get?${query}`, signal: this.#signal }));
    }
    return wanted.map(({ name }, index) => ({
      agent: this.name,
      image: name,
      result: kept[index] ? 'kept' : 'loaded',
    }));
  }

  async takeArchives(paths: readonly string[]): Promise<LoadedImage[]> {
    for (const path of paths) await this.#load(createReadStream(path));
    return paths.map((image) => ({ agent: this.name, image, result: 'loaded' }));
  }

  async #has({ name, id }: Wanted): Promise<boolean> {
    const { code, text } = await this.#run(['docker', 'image', 'inspect', '--format', '{{.Id}}', name]);
    return code === 0 && text === id;
  }

  async #load(archive: AsyncIterable<Uint8Array>): Promise<void> {
    const { code, text } = await this.#run(['docker', 'load', '--quiet'], archive);
    if (code !== 0) throw this.#failed(`the images cannot be loaded: ${text}`);
  }

  async #run(command: readonly string[], stdin?: AsyncIterable<Uint8Array>): Promise<{ code: number; text: string }> {
    const output: Uint8Array[] = [];
    const code = await exec(this.#engine, this.#project, 'mesosslave', command, {
      index: this.#index,
      signal: this.#signal,
      ...(stdin && { stdin }),
      onOutput: (_from, bytes) => output.push(bytes),
    });
    return { code, text: Buffer.concat(output).toString('utf8').trim() };
  }

  #failed(why: string): ClusterError {
    return new ClusterError('StartFailed', `${this.name}: ${why}; its /var/log/docker.log may say more`);
  }
}
