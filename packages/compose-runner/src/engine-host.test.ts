import { describe, expect, it } from 'vitest';
import { parseEngineHost, printEngineHost } from './engine-host.js';

describe('an engine host', () => {
  it.each([
    ['unix:///var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['tcp://127.0.0.1:2375', { kind: 'tcp', hostname: '127.0.0.1', port: 2375, tls: false }],
    ['tcp://engine', { kind: 'tcp', hostname: 'engine', port: 2375, tls: false }],
    ['tcp://[::1]:9000', { kind: 'tcp', hostname: '::1', port: 9000, tls: false }],
    ['https://engine:2376', { kind: 'tcp', hostname: 'engine', port: 2376, tls: true }],
    ['ssh://machine', { kind: 'ssh', hostname: 'machine' }],
    [
      'ssh://me@machine:2222/run/docker.sock',
      { kind: 'ssh', user: 'me', hostname: 'machine', port: 2222, path: '/run/docker.sock' },
    ],
  ])('is read from %s', (text, host) => {
    expect(parseEngineHost(text)).toEqual(host);
  });

  it('takes the port of TLS when TLS is asked for', () => {
    expect(parseEngineHost('tcp://engine', true)).toEqual({ kind: 'tcp', hostname: 'engine', port: 2376, tls: true });
  });

  it.each([
    'unix:///run/x.sock',
    'tcp://127.0.0.1:2375',
    'tcp://[::1]:9000',
    'https://engine:2376',
    'ssh://machine',
    'ssh://me@[fe80::1]:2222/run/docker.sock',
  ])('prints %s as it was', (text) => {
    expect(printEngineHost(parseEngineHost(text))).toBe(text);
  });

  it.each([
    ['docker.sock', 'it has no scheme'],
    ['unix://docker.sock', 'must be absolute'],
    ['npipe:////./pipe/docker_engine', 'npipe hosts are not supported'],
    ['ssh://me:secret@machine', 'ssh takes no password here'],
    ['ssh://-oProxyCommand=x', 'a name begins with a letter or a digit'],
    ['tcp://a b', 'it is not a URL'],
  ])('refuses %s and says why', (text, reason) => {
    expect(() => parseEngineHost(text)).toThrow(reason);
  });
});
