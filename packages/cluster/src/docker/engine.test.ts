import { expect, it } from 'vitest';
import { checkEngine } from './engine.js';

const silent = (reason: string) => ({ name: 'socket', host: 'unix:///var/run/docker.sock', answers: false, reason });
const answering = (host: string) => ({ name: 'DOCKER_HOST', host, answers: true, version: '28.2.2' });

it.each([
  [[silent('there is no such socket')], /no Docker Engine answers .*no such socket.*--runtime embedded/],
  [[silent('permission denied; is this user in the group?')], /usermod -aG docker/],
  [[answering('tcp://10.0.0.2:2375')], /another machine.*run kmd there/],
  [[answering('ssh://me@build')], /another machine.*run kmd there/],
  [[answering('https://localhost:2376')], /wants TLS.*DOCKER_HOST/],
  [[], /no Docker Engine answers/],
])('refuses what the docker runtime cannot use, and says what to do: %j', (probes, message) => {
  expect(() => checkEngine(probes)).toThrow(
    expect.objectContaining({ code: 'RuntimeUnavailable', message: expect.stringMatching(message) as string }),
  );
});

it.each(['unix:///run/docker.sock', 'tcp://127.0.0.1:2375', 'tcp://localhost:2375'])('takes %s', (host) => {
  expect(checkEngine([silent('there is no such socket'), answering(host)])).toEqual({ host });
});
