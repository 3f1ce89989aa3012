import { existsSync } from 'node:fs';
import type { AgentPlan, DaemonCommand, DaemonCredentials, DaemonEvent, EmbeddedPlan } from '../control/protocol.js';
import { type ControlServer, startControlServer } from '../control/server.js';
import { messageOf, systemCode } from '../errors.js';
import { ServiceLogs } from './log.js';
import { EmbeddedServices } from './services.js';

/**
 * The background process of an embedded cluster. `up` starts it with a channel, sends the plan and, when made, the credentials. Until
 * it is released, the end of the channel ends the cluster: an `up` that dies leaves nothing running.
 */
export function runDaemon(): void {
  let released = false;
  let stopping = false;
  let services: EmbeddedServices | undefined;
  let control: ControlServer | undefined;
  let logs: ServiceLogs | undefined;
  const credentials = Promise.withResolvers<DaemonCredentials>();
  credentials.promise.catch(() => undefined);

  const send = (event: DaemonEvent) => {
    if (process.connected) process.send?.(event, undefined, undefined, () => undefined);
  };

  const stop = async (why: string, exitCode = 0) => {
    if (stopping) return;
    stopping = true;
    logs?.logger('kmd').info(`stopping: ${why}`);
    credentials.reject(new Error(why));
    await services?.close();
    control?.close();
    await logs?.close();
    if (process.connected) process.disconnect();
    process.exit(exitCode);
  };

  const start = async (plan: EmbeddedPlan) => {
    logs = new ServiceLogs(plan.logDirectory);
    const logger = logs.logger('kmd');
    logger.info({ pid: process.pid, node: process.version }, `cluster "${plan.name}" starts`);
    process.on('uncaughtException', (error) => {
      logger.error({ error, stack: error.stack }, 'unexpected error');
      void stop('an unexpected error', 1);
    });
    process.on('unhandledRejection', (reason) => {
      logger.error(
        { error: reason, stack: reason instanceof Error ? reason.stack : undefined },
        'unexpected rejection, the cluster goes on',
      );
    });
    services = new EmbeddedServices(plan, logs);
    let current: string | undefined;
    try {
      for (const service of plan.services) {
        current = service;
        if (stopping) return;
        send({ type: 'service', service, state: 'starting' });
        const started = await services.start(service, () => credentials.promise);
        for (const { name, address, detail } of started) {
          send({
            type: 'service',
            service: name,
            state: 'started',
            ...(address ? { address } : {}),
            ...(detail ? { detail } : {}),
          });
        }
      }
      current = undefined;
      const running = services;
      control = await startControlServer({
        status: async () => ({ pid: process.pid, memory: process.memoryUsage.rss(), services: await running.status() }),
        shutdown: () => void stop('asked to'),
        // Written by `kmd scale`, who has the token: the same program.
        agents: (text) => running.setAgents(JSON.parse(text) as AgentPlan[]),
      });
      const { url, insecureUrl } = running.apiServer;
      send({
        type: 'started',
        control: { port: control.port, token: control.token },
        apiServer: url,
        ...(insecureUrl === undefined ? {} : { insecureApiServer: insecureUrl }),
        mesosMaster: running.mesosMaster.url,
      });
      watchWorkDirectory(plan.logDirectory, () => void stop('the folder of the cluster is gone'));
    } catch (error) {
      if (stopping) return;
      const code = systemCode(error);
      const message = messageOf(error);
      logger.error({ service: current, error }, 'the cluster does not start');
      send({ type: 'failed', message, ...(current ? { service: current } : {}), ...(code ? { code } : {}) });
      await stop('a service failed to start', 1);
    }
  };

  process.on('message', (command: DaemonCommand) => {
    switch (command.type) {
      case 'plan':
        void start(command.plan);
        break;
      case 'credentials':
        credentials.resolve(command.credentials);
        break;
      case 'release':
        released = true;
        process.disconnect();
        break;
    }
  });
  process.on('disconnect', () => {
    if (!released) void stop('the command that started it has ended');
  });
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('SIGHUP', () => {
    if (!released) void stop('SIGHUP');
  });
}

/** A cluster whose folder was deleted cannot be reached any more: it ends by itself. */
function watchWorkDirectory(directory: string, gone: () => void): void {
  setInterval(() => {
    if (!existsSync(directory)) gone();
  }, 10_000).unref();
}
