import { loadCodec } from '@kmd/mesos-client';

import { plain } from './scene.js';

const codec = await loadCodec({ contentType: 'protobuf' });

/** The messages of an endpoint by their names in the protocol. */
export function messagesOf(path: string, isAgent: boolean): { call: string; response: string; event: string } {
  if (path.endsWith('/scheduler'))
    return { call: 'SchedulerCall', response: 'SchedulerResponse', event: 'SchedulerEvent' };
  if (path.endsWith('/executor')) return { call: 'ExecutorCall', response: '', event: 'ExecutorEvent' };
  return isAgent
    ? { call: 'AgentCall', response: 'AgentResponse', event: 'ProcessIO' }
    : { call: 'MasterCall', response: 'MasterResponse', event: 'MasterEvent' };
}

export function decode(message: string, bytes: Buffer): unknown {
  return codec.decode(message, bytes);
}

export function encode(message: string, value: unknown): Buffer {
  return Buffer.from(codec.encode(message, plain(value) as object));
}

/** The calls in protobuf of a request, as JSON would carry them. */
export function callText(request: Buffer): { text: string; message: string; bodyAt: number } | undefined {
  const bodyAt = request.indexOf('\r\n\r\n') + 4;
  const head = request.subarray(0, bodyAt).toString('latin1');
  if (!/^content-type: application\/x-protobuf\r$/im.test(head)) return undefined;
  const path = head.split(' ')[1] ?? '';
  const { call } = messagesOf(path, /^host: [^\r]*:505[12]\r$/im.test(head));
  try {
    const text = JSON.stringify(codec.decode(call, request.subarray(bodyAt)), (_key, value: unknown) => typeof value === 'bigint' ? String(value) : value); // prettier-ignore
    return { text, message: call, bodyAt };
  } catch {
    return undefined;
  }
}
