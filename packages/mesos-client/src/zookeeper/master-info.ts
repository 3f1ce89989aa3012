import { ZooKeeperError } from './errors.js';

/** The address in the MasterInfo that a master announces: its IP rather than its name, as Mesos' own libraries take it. */
export async function readMasterAddress(node: string, data: Buffer, scheme: 'http' | 'https'): Promise<string> {
  const info = node.startsWith('json.') ? parseJson(node, data) : await parseProtobuf(node, data);
  const address = objectOf(info.address);
  const host = textOf(address?.ip) ?? hostOfPid(info.pid) ?? textOf(address?.hostname) ?? textOf(info.hostname);
  const port = address?.port ?? info.port;
  if (host === undefined || typeof port !== 'number') {
    throw new ZooKeeperError(`the master's node ${node} tells no address; did a Mesos master write it?`);
  }
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(url)) throw new ZooKeeperError(`the master's node ${node} tells ${url}, which is no address`);
  return url;
}

type Info = Readonly<Record<string, unknown>>;

function parseJson(node: string, data: Buffer): Info {
  try {
    const info = objectOf(JSON.parse(data.toString('utf8')));
    if (info) return info;
  } catch (cause) {
    throw new ZooKeeperError(`the master's node ${node} is not JSON; did a Mesos master write it?`, { cause });
  }
  throw new ZooKeeperError(`the master's node ${node} is no object; did a Mesos master write it?`);
}

async function parseProtobuf(node: string, data: Buffer): Promise<Info> {
  const { decodeMessage } = await import('../protobuf/decode.js');
  try {
    return decodeMessage('MasterInfo', data);
  } catch (cause) {
    throw new ZooKeeperError(`the master's node ${node} is no MasterInfo; did a Mesos master write it?`, { cause });
  }
}

/** `master@127.0.0.1:5050`. */
function hostOfPid(pid: unknown): string | undefined {
  return typeof pid === 'string' ? /@\[?([^\]]+?)\]?:\d+$/.exec(pid)?.[1] : undefined;
}

function objectOf(value: unknown): Info | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
