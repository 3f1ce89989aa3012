import { request } from 'node:http';
import type { EmbeddedRecord } from '../state/record.js';
import { ClusterError } from '../errors.js';
import type { AgentPlan, RuntimeStatus } from './protocol.js';

/** Answer of the cluster's background process, or undefined when it does not answer within `timeout` milliseconds. */
export async function askStatus(record: EmbeddedRecord, timeout = 3000): Promise<RuntimeStatus | undefined> {
  const body = await call(record, 'GET', '/status', timeout);
  if (body === undefined) return undefined;
  const value: unknown = JSON.parse(body);
  return isRuntimeStatus(value) ? value : undefined;
}

/** Asks the background process to stop; resolves to whether it heard. */
export async function askShutdown(record: EmbeddedRecord, timeout = 3000): Promise<boolean> {
  return (await call(record, 'POST', '/shutdown', timeout)) !== undefined;
}

/** Asks the background process to have these agents, and no others. Throws `StartFailed` where it cannot. */
export async function askAgents(record: EmbeddedRecord, agents: readonly AgentPlan[], timeout = 30_000): Promise<void> {
  const answer = await call(record, 'PUT', '/agents', timeout, JSON.stringify(agents));
  if (answer !== undefined) return;
  throw new ClusterError(
    'StartFailed',
    `the background process (${record.process.pid}) does not change its agents: see kmd logs kmd`,
  );
}

function call(
  record: EmbeddedRecord,
  method: string,
  path: string,
  timeout: number,
  content?: string,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: record.control.port,
        method,
        path,
        agent: false,
        headers: { Authorization: `Bearer ${record.control.token}` },
        signal: AbortSignal.timeout(timeout),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve((response.statusCode ?? 500) < 300 ? Buffer.concat(chunks).toString('utf8') : undefined),
        );
        response.on('error', () => resolve(undefined));
      },
    );
    outgoing.on('error', () => resolve(undefined));
    outgoing.end(content);
  });
}

function isRuntimeStatus(value: unknown): value is RuntimeStatus {
  return typeof value === 'object' && value !== null && 'services' in value && Array.isArray(value.services);
}
