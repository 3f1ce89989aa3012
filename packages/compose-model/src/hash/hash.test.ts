import { describe, expect, it } from 'vitest';
import { load, serviceHash } from '../index.js';

describe('the hash of a service with bind mounts', () => {
  /** Printed by `docker compose config --hash '*'` of release 2.40.3 for this file. */
  const recorded = {
    long: 'fb13ee0b66880f2e66640b35caa0eea41e0ad880363d731ccfa37008c885856a',
    refused: 'c5ca877551129b972d19313ea01c15eab92a83df3faa4c3473c35a6ad0e5f213',
    short: '21f9810084a26f4c1ec7a3ec0c095c5dd1e7bca17bcf7b76aa2e7c6a4be9fe06',
  };
  const content = `name: shop
services:
  short: {image: b, volumes: ["/abs:/y:ro,z", "/x:/x"]}
  refused: {image: b, volumes: [{type: bind, source: /x, target: /x, bind: {create_host_path: false}}]}
  long: {image: b, volumes: [{type: bind, source: /x, target: /x}]}
`;

  it('is that of release 2.40 where it is asked for', async () => {
    const { project } = await load({ files: [{ path: 'compose.yaml', content }], workingDir: '/srv/shop' });
    const hashes = Object.entries(project.services).map(([name, service]) => [
      name,
      serviceHash(service, { release: '2.40' }),
    ]);
    expect(Object.fromEntries(hashes)).toEqual(recorded);
  });

  it('differs in later releases by what they print of create_host_path', async () => {
    const { project } = await load({ files: [{ path: 'compose.yaml', content }], workingDir: '/srv/shop' });
    const { long, refused, short } = project.services;
    if (long === undefined || refused === undefined || short === undefined) throw new Error('services are missing');
    expect(serviceHash(long)).toBe(recorded.long);
    expect(serviceHash(refused)).not.toBe(recorded.refused);
    expect(serviceHash(short)).not.toBe(recorded.short);
  });
});
