import { RecordIoDecoder } from '@kmd/mesos-client';

import type { EventStream } from '../http/event-stream.js';
import { Refusal } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { HttpRequest } from '../http/server.js';
import { isObject } from '../message/shape.js';
import type { Agent } from './agent.js';
import { validateContainerId } from './container-validation.js';
import { printId, type Container, type ContainerID } from './containers.js';
import type { ContainerCall } from './operator-endpoint.js';

/** Sessions in nested containers: their output streams as ProcessIO records, their input comes as such (trace 40/41-46). */

/** Starts a session and streams its output; when the connection closes the container is killed. */
export function launchSession(agent: Agent, call: ContainerCall, request: HttpRequest, reply: Reply): void {
  const open = chooseStream(request, reply);
  agent.containers.launch(call.container_id, call.command ?? {}, [], true);
  const container = agent.containers.get(call.container_id);
  if (container === undefined) throw new Refusal(500, `Container ${printId(call.container_id)} could not be started`);
  const stream = open();
  stream.onClose(() => {
    container.kill('SIGKILL');
  });
  follow(container, stream);
}

/** Streams the output of a container that runs. */
export function attachOutput(agent: Agent, call: ContainerCall, request: HttpRequest, reply: Reply): void {
  const open = chooseStream(request, reply);
  const container = find(agent, call.container_id);
  follow(container, open());
}

function find(agent: Agent, id: ContainerID): Container {
  const container = agent.containers.get(id);
  if (container === undefined) throw new Refusal(404, `Container ${printId(id)} cannot be found`);
  return container;
}

/** What a container writes goes to a stream; while its client does not read, the container waits. */
function follow(container: Container, stream: EventStream): void {
  const stop = container.listen(({ type, data }) => {
    stream.send({ type: 'DATA', data: { type, data: data.toString('base64') } });
    return stream.drained();
  });
  stream.onClose(stop);
  void container.ended.then(() => {
    stop();
    stream.end();
  });
}

/** Which stream the client wants: RecordIO with its messages' type named, or JSON. */
function chooseStream(request: HttpRequest, reply: Reply): () => EventStream {
  const accept = request.headers.accept ?? '*/*';
  const messages = request.headers['message-accept'];
  const chunked: [string, string] = ['Transfer-Encoding', 'chunked'];
  if (/application\/json|\*\/\*|application\/\*/.test(accept)) {
    return () => reply.streamWith([['Content-Type', 'application/json'], chunked], 'last');
  }
  if (accept.includes('application/recordio')) {
    if (messages === undefined || /application\/json|\*\/\*/.test(String(messages))) {
      return () =>
        reply.streamWith([['Content-Type', 'application/recordio'], ['Message-Content-Type', 'application/json'], chunked], 'late'); // prettier-ignore
    }
    const { protobuf } = request;
    if (protobuf !== undefined && String(messages).includes('application/x-protobuf')) {
      reply.encodeWith(protobuf, { response: 'AgentResponse', event: 'ProcessIO' });
      return () =>
        reply.streamWith([['Content-Type', 'application/recordio'], ['Message-Content-Type', protobuf.mediaType], chunked], 'late'); // prettier-ignore
    }
    throw new Refusal(406, "Expecting 'Message-Accept' to allow application/x-protobuf or application/json");
  }
  throw new Refusal(
    406,
    "Expecting 'Accept' to allow application/json or application/x-protobuf or application/recordio",
  );
}

/** ATTACH_CONTAINER_INPUT: the first record names the container, the others are its input. */
export async function attachInput(agent: Agent, request: HttpRequest, reply: Reply): Promise<void> {
  const type = request.headers['message-content-type'];
  if (type === undefined) throw new Refusal(400, "Expecting 'Message-Content-Type' to be set for streaming requests");
  const { protobuf } = request;
  if (type !== 'application/json' && (type !== 'application/x-protobuf' || protobuf === undefined)) {
    throw new Refusal(415, "Expecting 'Message-Content-Type' to be application/json or application/x-protobuf");
  }
  const decoder = new RecordIoDecoder({ maxRecordBytes: longestInput });
  const decode = type === 'application/json' || protobuf === undefined ? parseText : (record: Uint8Array) => protobuf.decode('AgentCall', record); // prettier-ignore
  let container: Container | undefined;
  for await (const chunk of request.incoming ?? []) {
    for (const record of readable(() => decoder.push(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))))) {
      const input = inputOf(readable(() => decode(record)));
      if (container === undefined) container = find(agent, idOf(input));
      else await feed(container, input);
    }
  }
  if (container === undefined) throw new Refusal(400, 'Received EOF while reading request body');
  reply.emptyOfContainer();
}

/** At most so many bytes are one record of input. */
const longestInput = 16 * 1024 * 1024;

function parseText(record: Uint8Array): unknown {
  return JSON.parse(Buffer.from(record).toString('utf8'));
}

/** What cannot be read is the client's fault. */
function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new Refusal(400, `Failed to read request body: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function inputOf(record: unknown): Readonly<Record<string, unknown>> {
  const input = isObject(record) ? record['attach_container_input'] : undefined;
  if (!isObject(input)) {
    throw new Refusal(400, "Failed to validate agent::Call: Expecting 'attach_container_input' to be present");
  }
  return input;
}

function idOf(input: Readonly<Record<string, unknown>>): ContainerID {
  const id = input['container_id'];
  if (!isObject(id) || typeof id['value'] !== 'string') {
    throw new Refusal(
      400,
      "Failed to validate agent::Call: Expecting 'attach_container_input.container_id' to be present",
    );
  }
  const error = validateContainerId(id);
  if (error !== undefined) {
    throw new Refusal(
      400,
      `Failed to validate agent::Call: 'attach_container_input.container_id' is invalid: ${error}`,
    );
  }
  // A container id is what its JSON says.
  return id as unknown as ContainerID;
}

/** Settles when the container can take more. */
async function feed(container: Container, input: Readonly<Record<string, unknown>>): Promise<void> {
  const io = input['process_io'];
  const data = isObject(io) ? io['data'] : undefined;
  if (!isObject(data) || data['type'] !== 'STDIN') return;
  await container.write(Buffer.from(String(data['data'] ?? ''), 'base64'));
}
