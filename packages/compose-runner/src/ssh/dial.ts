import type { EngineHost } from '../engine-host.js';
import type { Environment } from '../environment.js';
import { ProgramConnection } from './program-connection.js';

/**
 * Opens a connection to an engine on another machine as docker's client does: ssh runs `docker system dial-stdio` there, which hands bytes to the
 * engine's socket. ssh's own configuration, agent and keys apply; what it would have to ask for fails.
 */
export function dialThroughSsh(
  { user, hostname, port, path }: Extract<EngineHost, { kind: 'ssh' }>,
  environment: Environment,
): ProgramConnection {
  const there = ['docker', ...(path === undefined ? [] : ['--host', `unix://${path}`]), 'system', 'dial-stdio'];
  const args = [
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T'],
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    hostname,
    ...there,
  ];
  return new ProgramConnection('ssh', args, environment);
}
