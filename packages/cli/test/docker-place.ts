import { execFileSync, spawnSync } from 'node:child_process';
import { inject } from 'vitest';
import { hasKubectl, Workplace } from './command.js';

export const testbed = inject('testbed');
/** Whether there is no engine, or no kubectl. */
export const skip = testbed === undefined || !hasKubectl;

/** What `docker` prints, by lines. */
export const docker = (...args: string[]): string[] =>
  execFileSync('docker', args, { encoding: 'utf8', env: { ...process.env, DOCKER_HOST: testbed?.host ?? '' } })
    .split('\n')
    .filter(Boolean);

/** What an address answers, whatever its certificate. A stream that is cut off by `--max-time` has what came until then. */
export function curl(...args: string[]): { code: string; body: string } {
  const { stdout } = spawnSync('curl', ['--insecure', '--silent', '--write-out', '\n%{http_code}', ...args], {
    encoding: 'utf8',
  });
  const end = stdout.lastIndexOf('\n');
  return { code: stdout.slice(end + 1), body: stdout.slice(0, end) };
}

/** Everything that the engine holds of one cluster. */
export const heldBy = (name: string) => {
  const label = ['--filter', `label=com.docker.compose.project=kmd-${name}`];
  return {
    containers: docker('ps', '-a', ...label, '--format', '{{.Names}}'),
    networks: docker('network', 'ls', ...label, '--format', '{{.Name}}'),
    volumes: docker('volume', 'ls', ...label, '--format', '{{.Name}}'),
  };
};
export const nothing = { containers: [], networks: [], volumes: [] };

/** A place whose commands use the engine of the test bed and images made from its base. */
export class DockerPlace extends Workplace {
  override environment(extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
    return {
      ...super.environment(extra),
      DOCKER_HOST: testbed?.host,
      KMD_BASE_IMAGE: testbed?.images.base,
      KMD_ETCD_IMAGE: testbed?.images.etcd,
      KMD_ETCD_PORT: '0',
      ...extra,
    };
  }

  upDocker(name: string, extra: Record<string, string> = {}, ...args: string[]) {
    return this.run(
      ['up', '--runtime', 'docker', '--name', name, '--api-port', '0', '--mesos-port', '0', ...args],
      extra,
    );
  }
}
