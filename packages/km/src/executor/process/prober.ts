import { spawn } from 'node:child_process';
import type { Container } from '@kmd/kube-client';
import type { Probe, ProbeKind } from '../pod/host.js';
import { hostPorts } from './environment.js';

export interface ProbeTarget {
  readonly container: Container;
  /** Where the process listens. */
  readonly podIP: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** Asks once: resolves to what is wrong, or undefined. */
export async function askProbe(probe: Probe, target: ProbeTarget): Promise<string | undefined> {
  const timeout = Math.ceil((probe.timeoutSeconds ?? 1) * 1_000);
  if (probe.httpGet) return askHttp(probe.httpGet, target, timeout);
  if (probe.tcpSocket) return askTcp(probe.tcpSocket, target, timeout);
  if (probe.exec) return askCommand(probe.exec.command ?? [], target, timeout);
  return 'the probe is of a kind that process pods do not have: httpGet, tcpSocket and exec are';
}

/** The port on which the process really listens: a name or number of the container's, mapped as the offer has it. */
function portOf(port: number | string, container: Container): number {
  const found = hostPorts(container).find(({ name, containerPort }) => name === port || containerPort === Number(port));
  return found?.hostPort ?? Number(port);
}

async function askHttp(
  { path = '/', port, scheme = 'HTTP', host, httpHeaders = [] }: NonNullable<Probe['httpGet']>,
  { container, podIP }: ProbeTarget,
  timeout: number,
): Promise<string | undefined> {
  const secure = scheme === 'HTTPS';
  const { request } = secure ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    const asked = request(
      {
        host: host ?? podIP,
        port: portOf(port, container),
        path,
        headers: {
          'user-agent': 'kube-probe',
          accept: '*/*',
          ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
        },
        // A kubelet does not ask who signed it either.
        ...(secure ? { rejectUnauthorized: false } : {}),
        agent: false,
        signal: AbortSignal.timeout(timeout),
      },
      (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        resolve(statusCode >= 200 && statusCode < 400 ? undefined : `HTTP probe failed with statuscode: ${statusCode}`);
      },
    );
    asked.on('error', (error) => resolve(`HTTP probe failed: ${error.message}`));
    asked.end();
  });
}

async function askTcp(
  { host, port }: NonNullable<Probe['tcpSocket']>,
  { container, podIP }: ProbeTarget,
  timeout: number,
): Promise<string | undefined> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect({ host: host ?? podIP, port: portOf(port, container), timeout });
    const end = (wrong?: string): void => {
      socket.destroy();
      resolve(wrong);
    };
    socket.on('connect', () => end());
    socket.on('timeout', () => end('TCP probe timed out'));
    socket.on('error', (error) => end(`TCP probe failed: ${error.message}`));
  });
}

function askCommand(
  [command = '', ...args]: readonly string[],
  { environment, directory }: ProbeTarget,
  timeout: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: directory,
      env: environment,
      stdio: 'ignore',
      timeout,
      killSignal: 'SIGKILL',
    });
    child.on('error', (error) => resolve(`exec probe failed: ${error.message}`));
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : `exec probe ended with code ${code ?? 'none: timed out'}`),
    );
  });
}

/** Milliseconds between two questions whether a container that has never been ready is so now. */
const EAGER = 50;

/** Asks again and again, with the delays and thresholds of the probe; tells each change of the verdict. Returns how to stop. */
export function watchProbe(
  kind: ProbeKind,
  probe: Probe,
  target: ProbeTarget,
  verdict: (passed: boolean, message?: string) => void,
): () => void {
  const { initialDelaySeconds = 0, periodSeconds = 10, successThreshold = 1, failureThreshold = 3 } = probe;
  let stopped = false;
  let known: boolean | undefined = kind === 'readiness' ? false : undefined;
  let settled = false;
  let run = 0;
  let last: boolean | undefined;
  const ask = async (): Promise<void> => {
    const wrong = await askProbe(probe, target);
    if (stopped) return;
    const passed = wrong === undefined;
    run = last === passed ? run + 1 : 1;
    last = passed;
    if (passed !== known && run >= (passed ? successThreshold : failureThreshold)) {
      known = passed;
      verdict(passed, wrong);
    }
    if (stopped) return;
    // A container that starts is ready when it is, and not up to a period later.
    const starting = kind === 'readiness' && !settled && !passed;
    settled ||= passed;
    timer = setTimeout(() => void ask(), starting ? Math.min(EAGER, periodSeconds * 1_000) : periodSeconds * 1_000);
  };
  let timer = setTimeout(() => void ask(), initialDelaySeconds * 1_000);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
