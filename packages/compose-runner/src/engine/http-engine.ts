import {
  connectEngine,
  EngineError,
  findImage,
  pullImage,
  readJsonLines,
  type EngineAddress,
  type EngineCall,
  type FindLogin,
} from '@kmd/image-builder';
import type { EngineCredentials } from '../ask-engine.js';
import { printEngineHost, type EngineHost } from '../engine-host.js';
import type { Environment } from '../environment.js';
import { dialThroughSsh } from '../ssh/dial.js';
import { listOf, numberOf, objectOf, textOf, textsOf } from './answer.js';
import { readUsage } from './usage.js';
import type { CallOptions, ContainerState, DockerEngine, EngineContainer, EngineEvent } from './docker-engine.js';

export interface ConnectOptions {
  /** For an engine that speaks TLS. */
  readonly tls?: EngineCredentials | undefined;
  /** Of the program that reaches an engine over ssh. */
  readonly environment?: Environment;
  /** Credentials of registries, for pulls and builds. */
  readonly findLogin?: FindLogin;
}

function addressOf(host: EngineHost, { tls = {}, environment = {} }: ConnectOptions): EngineAddress {
  if (host.kind === 'socket') return { socketPath: host.path };
  if (host.kind === 'ssh') return { name: printEngineHost(host), dial: () => dialThroughSsh(host, environment) };
  return { host: host.hostname, port: host.port, ...(host.tls && { tls }) };
}

function readContainer(value: unknown): EngineContainer {
  const found = objectOf(value);
  return {
    id: textOf(found['Id']),
    name: textOf(listOf(found['Names'])[0]).replace(/^\//, ''),
    image: textOf(found['Image']),
    imageId: textOf(found['ImageID']),
    command: textOf(found['Command']),
    created: numberOf(found['Created']),
    state: textOf(found['State']),
    status: textOf(found['Status']),
    labels: textsOf(found['Labels']),
    networks: Object.keys(objectOf(objectOf(found['NetworkSettings'])['Networks'])),
    mounts: listOf(found['Mounts']).map((one) => {
      const mount = objectOf(one);
      const name = textOf(mount['Name']);
      return {
        type: textOf(mount['Type']),
        ...(name !== '' && { name }),
        source: textOf(mount['Source']),
        target: textOf(mount['Destination']),
      };
    }),
    ports: listOf(found['Ports']).map((one) => {
      const port = objectOf(one);
      const host = textOf(port['IP']);
      const published = numberOf(port['PublicPort']);
      return {
        ...(host !== '' && { host }),
        ...(published !== 0 && { published }),
        target: numberOf(port['PrivatePort']),
        protocol: textOf(port['Type']),
      };
    }),
  };
}

function readState(value: unknown): ContainerState {
  const found = objectOf(value);
  const state = objectOf(found['State']);
  const health = objectOf(state['Health']);
  const said = textOf(health['Status']);
  return {
    id: textOf(found['Id']),
    name: textOf(found['Name']).replace(/^\//, ''),
    status: textOf(state['Status']),
    exitCode: numberOf(state['ExitCode']),
    ...(said !== '' && said !== 'none' && { health: said }),
    healthLog: listOf(health['Log']).map((one) => textOf(objectOf(one)['Output']).trim()),
    error: textOf(state['Error']),
    tty: objectOf(found['Config'])['Tty'] === true,
  };
}

function readEvent(message: Readonly<Record<string, unknown>>): EngineEvent {
  const actor = objectOf(message['Actor']);
  return { action: textOf(message['Action']), id: textOf(actor['ID']), attributes: textsOf(actor['Attributes']) };
}

/**
 * The engine at a place that `parseEngineHost` or `findEngine` gave. Nothing is asked until the first call.
 * @example
 * const engine = connectDockerEngine(parseEngineHost('unix:///var/run/docker.sock'));
 */
export function connectDockerEngine(host: EngineHost, options: ConnectOptions = {}): DockerEngine {
  const { findLogin } = options;
  const connection = connectEngine(addressOf(host, options), findLogin === undefined ? {} : { findLogin });
  const ask = (call: EngineCall, options?: CallOptions): Promise<unknown> =>
    connection.ask({ ...call, signal: options?.signal });
  const post = async (
    path: string,
    query: EngineCall['query'],
    body: unknown,
    options?: CallOptions,
  ): Promise<unknown> => ask({ method: 'POST', path, ...(query !== undefined && { query }), body }, options);
  const remove = async (path: string, query: EngineCall['query'], options?: CallOptions): Promise<void> => {
    await ask({ method: 'DELETE', path, ...(query !== undefined && { query }) }, options);
  };

  return {
    connection,
    apiVersion: () => connection.apiVersion(),

    async containers(labels, options) {
      const query = { all: true, ...(labels.length > 0 && { filters: { label: labels } }) };
      return listOf(await ask({ path: '/containers/json', query }, options)).map(readContainer);
    },
    async inspect(container, options) {
      return readState(await ask({ path: `/containers/${container}/json` }, options));
    },
    async create(name, body, { signal, platform } = {}) {
      signal?.throwIfAborted();
      // An engine goes on with what it makes when its caller hangs up: who cancels waits, and takes that away.
      const id = textOf(objectOf(await post('/containers/create', { name, platform }, body))['Id']);
      if (signal?.aborted !== true) return id;
      await remove(`/containers/${id}`, { force: true, v: true });
      throw signal.reason;
    },
    async start(container, options) {
      await post(`/containers/${container}/start`, undefined, undefined, options);
    },
    async stop(container, options) {
      await post(`/containers/${container}/stop`, { t: options?.timeout }, undefined, options);
    },
    async restart(container, options) {
      await post(`/containers/${container}/restart`, { t: options?.timeout }, undefined, options);
    },
    async kill(container, killSignal, options) {
      await post(`/containers/${container}/kill`, { signal: killSignal }, undefined, options);
    },
    async remove(container, options) {
      await remove(`/containers/${container}`, { force: options?.force, v: options?.volumes }, options);
    },
    async rename(container, name, options) {
      await post(`/containers/${container}/rename`, { name }, undefined, options);
    },
    async putFiles(container, archive, options) {
      const query = { path: options?.path ?? '/', noOverwriteDirNonDir: true };
      await ask({ method: 'PUT', path: `/containers/${container}/archive`, query, body: archive }, options);
    },
    getFiles(container, path, options) {
      return connection.open({ path: `/containers/${container}/archive`, query: { path }, signal: options?.signal });
    },
    logs(container, options = {}) {
      const { follow, tail, since, until, timestamps } = options;
      const query = { stdout: true, stderr: true, follow, tail, since, until, timestamps };
      return connection.open({ path: `/containers/${container}/logs`, query, signal: options.signal });
    },
    async exec(container, spec, options) {
      const { tty = false } = spec;
      const body = {
        AttachStdin: spec.stdin === true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: tty,
        Cmd: spec.command,
        Env: Object.entries(spec.environment ?? {}).map(([key, value]) => `${key}=${value}`),
        User: spec.user,
        WorkingDir: spec.workingDir,
        Privileged: spec.privileged === true,
      };
      const id = textOf(objectOf(await post(`/containers/${container}/exec`, undefined, body, options))['Id']);
      const stream = await connection.upgrade({
        method: 'POST',
        path: `/exec/${id}/start`,
        body: { Detach: false, Tty: tty },
        signal: options?.signal,
      });
      return {
        stream,
        exitCode: async () => numberOf(objectOf(await ask({ path: `/exec/${id}/json` }, options))['ExitCode']),
      };
    },
    attach(container, options) {
      const query = { stream: true, stdin: options?.stdin === true, stdout: true, stderr: true };
      return connection.upgrade({
        method: 'POST',
        path: `/containers/${container}/attach`,
        query,
        signal: options?.signal,
      });
    },
    async usage(container, options) {
      return readUsage(await ask({ path: `/containers/${container}/stats`, query: { stream: false } }, options));
    },
    async top(container, options) {
      const found = objectOf(await ask({ path: `/containers/${container}/top` }, options));
      return {
        titles: listOf(found['Titles']).map(textOf),
        processes: listOf(found['Processes']).map((row) => listOf(row).map(textOf)),
      };
    },

    async networks(options) {
      return listOf(await ask({ path: '/networks' }, options)).map((one) => {
        const found = objectOf(one);
        return {
          id: textOf(found['Id']),
          created: textOf(found['Created']),
          name: textOf(found['Name']),
          labels: textsOf(found['Labels']),
        };
      });
    },
    async endpoints(network, options) {
      const found = objectOf(await ask({ path: `/networks/${network}` }, options));
      return Object.entries(objectOf(found['Containers'])).map(([container, one]) => ({
        container,
        name: textOf(objectOf(one)['Name']),
      }));
    },
    async createNetwork(body, options) {
      return textOf(objectOf(await post('/networks/create', undefined, body, options))['Id']);
    },
    removeNetwork: (network, options) => remove(`/networks/${network}`, undefined, options),
    async connect(network, container, endpoint, options) {
      await post(
        `/networks/${network}/connect`,
        undefined,
        { Container: container, EndpointConfig: endpoint },
        options,
      );
    },
    async disconnect(network, container, options) {
      await post(`/networks/${network}/disconnect`, undefined, { Container: container, Force: true }, options);
    },

    async volumes(options) {
      return listOf(objectOf(await ask({ path: '/volumes' }, options))['Volumes']).map((one) => {
        const found = objectOf(one);
        return { name: textOf(found['Name']), labels: textsOf(found['Labels']) };
      });
    },
    async createVolume(body, options) {
      await post('/volumes/create', undefined, body, options);
    },
    removeVolume: (name, options) => remove(`/volumes/${name}`, { force: true }, options),

    findImage: (name, options) => findImage(connection, name, options?.signal),
    pull: (image, options) => pullImage(connection, image, options),
    removeImage: (name, options) => remove(`/images/${name}`, undefined, options),

    async events(labels, options) {
      const query = { filters: { type: ['container'], label: labels } };
      const stream = await connection.open({ path: '/events', query, signal: options?.signal });
      return (async function* () {
        try {
          for await (const message of readJsonLines(stream)) yield readEvent(message);
        } catch (cause) {
          options?.signal?.throwIfAborted();
          throw new EngineError('engine-unreachable', 'the engine stopped telling its events; did it stop?', { cause });
        } finally {
          stream.destroy();
        }
      })();
    },
    close: () => connection.close(),
  };
}
