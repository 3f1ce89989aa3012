import type { IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { Environment } from './environment.js';
import { dialThroughSsh } from './ssh/dial.js';
import type { EngineHost } from './engine-host.js';

/** What an engine says of itself. */
export interface EngineVersion {
  /** Of the engine, such as `28.3.0`. */
  readonly version?: string;
  /** Newest version of its API, such as `1.51`. */
  readonly apiVersion?: string;
}

/** PEM texts for TLS: of the authority that signed the engine's certificate, and of the client's own. */
export interface EngineCredentials {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False takes any certificate: `--skip-tls-verify` of a docker context. */
  readonly rejectUnauthorized?: boolean;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly credentials?: EngineCredentials | undefined;
  /** Of the program that reaches an engine over ssh. */
  readonly environment: Environment;
}

/** How Node's http gets to a host. */
function placeOf(host: EngineHost, { credentials, environment }: AskOptions): RequestOptions {
  switch (host.kind) {
    case 'socket':
      return { socketPath: host.path, agent: false, headers: { host: 'docker' } };
    case 'ssh':
      return { createConnection: () => dialThroughSsh(host, environment), headers: { host: 'docker' } };
    case 'tcp': {
      const { hostname, port, tls } = host;
      return { host: hostname, port, agent: false, ...(tls && credentials) };
    }
  }
}

async function get(
  host: EngineHost,
  path: string,
  options: AskOptions,
): Promise<{ status: number; body: string; headers: IncomingMessage['headers'] }> {
  const secure = host.kind === 'tcp' && host.tls;
  // Not imported, which would evaluate every export of the module: 40 ms.
  const { request } = process.getBuiltinModule(secure ? 'node:https' : 'node:http');
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...placeOf(host, options),
        path,
        method: 'GET',
        signal: options.signal,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
          if (body.length > 1_000_000) response.destroy(new Error('the answer is too long for an engine'));
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end();
  });
}

/** Asks for `/_ping`, then `/version`. Rejects when what is there is no engine. */
export async function askEngine(host: EngineHost, options: AskOptions): Promise<EngineVersion> {
  const ping = await get(host, '/_ping', options);
  if (ping.status !== 200) throw new Error(`/_ping answered ${ping.status}, not 200`);
  const apiVersion = ping.headers['api-version'];
  const fromPing = typeof apiVersion === 'string' ? { apiVersion } : {};
  const answer = await get(host, '/version', options);
  if (answer.status !== 200) throw new Error(`/version answered ${answer.status}, not 200`);
  let said: unknown;
  try {
    said = JSON.parse(answer.body);
  } catch (cause) {
    throw new Error('/version did not answer JSON', { cause });
  }
  if (typeof said !== 'object' || said === null) throw new Error('/version did not answer an object');
  return {
    ...fromPing,
    ...('Version' in said && typeof said.Version === 'string' && { version: said.Version }),
    ...('ApiVersion' in said && typeof said.ApiVersion === 'string' && { apiVersion: said.ApiVersion }),
  };
}
