import { randomBytes } from 'node:crypto';
import { performServerHandshake } from 'node:http2';
import { connect } from 'node:net';
import type { EngineConnection } from '../engine/connection.js';
import { nameRegistry, type FindLogin } from '../registry/registry-auth.js';
import { syncFolders, type SyncedFolders } from './file-sync.js';
import { begin, printMessage, readMessages, status, type Call } from './grpc.js';
import { bytesIn, printField, printNumber, readFields, textIn } from './protobuf.js';

/** What a build may ask its client for while it runs. */
export interface SessionOptions {
  /** By id, for `RUN --mount=type=secret,id=…`. */
  readonly secrets?: Readonly<Record<string, Uint8Array | string>>;
  /** Sockets of agents by id, for `RUN --mount=type=ssh`; the usual id is `default`. */
  readonly ssh?: Readonly<Record<string, string>>;
  /** The context and the Dockerfile. */
  readonly folders: SyncedFolders;
  /** The same for all builds of one context: by it the engine finds what it has of it. */
  readonly sharedKey: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Session {
  /** What `/build` is told as `session`. */
  readonly id: string;
  close(): void;
}

/** A method with one question and one answer; `undefined` is "there is none". */
function unary(
  answer: (request: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>,
  missing: string,
): Call {
  return async (stream) => {
    const finish = begin(stream);
    // Read to its end: a stream that is left in the middle is cancelled.
    let request: Uint8Array = new Uint8Array();
    for await (const message of readMessages(stream)) request = message;
    const found = await answer(request);
    if (found === undefined) return finish(status.notFound, missing);
    stream.write(printMessage(found));
    finish(status.ok);
  };
}

/** Hands bytes between a step of the build and an agent's socket. */
function forward(sockets: Readonly<Record<string, string>>): Call {
  return async (stream, headers) => {
    const finish = begin(stream);
    const path = sockets[String(headers['buildkit.ssh.id'] ?? 'default')];
    if (path === undefined) return finish(status.notFound, 'there is no such ssh agent');
    const agent = connect(path);
    agent.on('error', (error) => finish(status.unavailable, error.message));
    agent.on('data', (bytes) => void stream.write(printMessage(printField(1, bytes))));
    agent.on('end', () => finish(status.ok));
    stream.on('close', () => agent.destroy());
    for await (const message of readMessages(stream)) agent.write(bytesIn(readFields(message), 1) ?? '');
    agent.end();
  };
}

/** What BuildKit shows a registry of base images that it pulls by itself: `Credentials` of its auth.proto. */
function credentials(findLogin: FindLogin): Call {
  return unary(async (request) => {
    const { auth = {} } = await findLogin(nameRegistry(textIn(readFields(request), 1)));
    const { username = '', password = '', identitytoken } = auth;
    // A token has no user.
    const [user, secret] = identitytoken === undefined ? [username, password] : ['', identitytoken];
    return Buffer.concat([printField(1, Buffer.from(user)), printField(2, Buffer.from(secret))]);
  }, '');
}

function methodsOf(
  { secrets = {}, ssh = {}, folders }: SessionOptions,
  findLogin: FindLogin | undefined,
): Readonly<Record<string, Call>> {
  const idOf = (request: Uint8Array): string => textIn(readFields(request), 1);
  return {
    '/grpc.health.v1.Health/Check': unary(() => printNumber(1, 1), ''),
    '/moby.filesync.v1.FileSync/DiffCopy': syncFolders(folders),
    '/moby.buildkit.secrets.v1.Secrets/GetSecret': unary((request) => {
      const secret = Object.hasOwn(secrets, idOf(request)) ? secrets[idOf(request)] : undefined;
      return secret === undefined ? undefined : printField(1, Buffer.from(secret));
    }, 'the build was given no such secret'),
    ...(findLogin !== undefined && { '/moby.filesync.v1.Auth/Credentials': credentials(findLogin) }),
    ...(Object.keys(ssh).length > 0 && {
      '/moby.sshforward.v1.SSH/CheckAgent': unary(
        (request) => (Object.hasOwn(ssh, idOf(request) || 'default') ? new Uint8Array() : undefined),
        'the build was given no such ssh agent',
      ),
      '/moby.sshforward.v1.SSH/ForwardAgent': forward(ssh),
    }),
  };
}

/**
 * Opens a session of BuildKit: a connection over which the engine calls its client, by gRPC. Node's http2 answers it: an HTTP/2 server on a
 * connection that this side made.
 */
export async function openSession(engine: EngineConnection, options: SessionOptions): Promise<Session> {
  const id = randomBytes(16).toString('hex');
  const methods = methodsOf(options, engine.findLogin);
  const socket = await engine.upgrade({
    method: 'POST',
    path: '/session',
    protocol: 'h2c',
    headers: {
      'x-docker-expose-session-uuid': id,
      'x-docker-expose-session-name': 'kmd',
      'x-docker-expose-session-sharedkey': options.sharedKey,
      'x-docker-expose-session-grpc-method': Object.keys(methods),
    },
    signal: options.signal,
  });
  const session = performServerHandshake(socket);
  // The build has the last word on what went wrong: a session that breaks off breaks the build's answer as well.
  session.on('error', () => undefined);
  session.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const call = methods[headers[':path'] ?? ''];
    if (call === undefined) begin(stream)(status.unimplemented);
    else call(stream, headers).catch(() => stream.close());
  });
  return {
    id,
    close() {
      session.destroy();
      socket.destroy();
    },
  };
}
