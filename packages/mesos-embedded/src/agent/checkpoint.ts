import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import type { AgentInfo, FrameworkInfo, Resource } from '@kmd/mesos-client';

import { Journal } from './journal.js';

/** A framework that checkpoints, and the runs of its executors on an agent before this one. */
export interface LeftFramework {
  readonly info: FrameworkInfo;
  readonly runs: readonly Journal[];
}

/** The folder `meta` of a work directory, laid out as Mesos does: what an agent has to know of itself after a restart. */
export class Checkpoint {
  readonly #folder: string;

  constructor(workDir: string) {
    this.#folder = join(workDir, 'meta');
  }

  /** The link that names the agent to recover; without it an agent begins anew. */
  get latestLink(): string {
    return join(this.#folder, 'slaves', 'latest');
  }

  /** Who the agent before this one was. */
  agent(): AgentInfo | undefined {
    try {
      return this.#read<AgentInfo>(join(this.#folder, 'slaves', readlinkSync(this.latestLink), 'slave.info'));
    } catch {
      return undefined;
    }
  }

  /** The agent has its id. */
  setAgent(info: AgentInfo, id: string): void {
    const folder = this.#agentFolder(id);
    mkdirSync(folder, { recursive: true });
    this.#write(join(folder, 'slave.info'), info);
    const fresh = join(this.#folder, 'slaves', '.latest');
    rmSync(fresh, { force: true });
    symlinkSync(id, fresh);
    renameSync(fresh, this.latestLink);
  }

  /** The agent leaves for good: the next one on this folder is another. */
  forget(): void {
    rmSync(this.latestLink, { force: true });
  }

  get #resourcesFile(): string {
    return join(this.latestLink, 'resources.info');
  }

  /** What the agent has after reservations and volumes, if there were any. */
  resources(): Resource[] | undefined {
    return existsSync(this.#resourcesFile) ? this.#read<Resource[]>(this.#resourcesFile) : undefined;
  }

  setResources(resources: readonly Resource[]): void {
    if (existsSync(this.latestLink)) this.#write(this.#resourcesFile, resources);
  }

  setFramework(agentId: string, info: FrameworkInfo): void {
    const folder = this.#frameworkFolder(agentId, info.id?.value ?? '');
    mkdirSync(folder, { recursive: true });
    this.#write(join(folder, 'framework.info'), info);
  }

  /** Where a new run of an executor writes down its life. */
  journal(agentId: string, frameworkId: string, executorId: string, containerId: string): Journal {
    const runs = join(this.#frameworkFolder(agentId, frameworkId), 'executors', executorId, 'runs');
    return new Journal(join(runs, containerId, 'journal'));
  }

  /** Where the witness of a process of a run writes. */
  witness(journal: Journal, process: string): string {
    return join(journal.path, '..', 'processes', process);
  }

  /** Every framework that has runs whose story is not told to its end. */
  frameworks(agentId: string): LeftFramework[] {
    const folder = join(this.#agentFolder(agentId), 'frameworks');
    return list(folder).flatMap((id) => {
      const info = join(folder, id, 'framework.info');
      const journals = list(join(folder, id, 'executors')).flatMap((executor) => {
        const runs = join(folder, id, 'executors', executor, 'runs');
        return list(runs).map((run) => join(runs, run, 'journal'));
      });
      const runs = journals.filter((path) => existsSync(path)).map((path) => new Journal(path));
      return runs.length === 0 || !existsSync(info) ? [] : [{ info: this.#read<FrameworkInfo>(info), runs }];
    });
  }

  #agentFolder(id: string): string {
    return join(this.#folder, 'slaves', id);
  }

  #frameworkFolder(agentId: string, frameworkId: string): string {
    return join(this.#agentFolder(agentId), 'frameworks', frameworkId);
  }

  /** A file is there whole, or not at all. */
  #write(path: string, value: unknown): void {
    writeFileSync(`${path}.new`, JSON.stringify(value));
    renameSync(`${path}.new`, path);
  }

  /** This package wrote it. */
  #read<T>(path: string): T {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  }
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
