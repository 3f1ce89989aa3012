import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choosePort } from './ports.js';

describe('choosePort', () => {
  const server = createServer();
  let taken: number;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    taken = (server.address() as { port: number }).port;
  });
  afterAll(() => server.close());
  const choose = (wanted: number, fixed: boolean, host = '127.0.0.1') =>
    choosePort({ host, wanted, fixed, what: 'API server', option: '--api-port' });

  it('moves to a free port when the default is taken', async () => {
    const { port, moved } = await choose(taken, false);
    expect(moved).toBe(true);
    expect(port).not.toBe(taken);
    expect(port).toBeGreaterThan(0);
  });

  it('refuses when the port was asked for', async () => {
    await expect(choose(taken, true)).rejects.toMatchObject({
      code: 'PortTaken',
      message: expect.stringContaining(`port ${taken}`) as string,
    });
  });

  it('takes any free one for 0, and none that the kernel gives to connections', async () => {
    const { port, moved } = await choose(0, true);
    expect(moved).toBe(false);
    expect(port).toBeGreaterThanOrEqual(10_000);
    expect(port).toBeLessThan(30_000);
  });

  it('refuses an address of another machine', async () => {
    await expect(choose(0, true, '192.0.2.1')).rejects.toMatchObject({
      code: expect.stringMatching(/InvalidSpec|EADDRNOTAVAIL/) as string,
    });
  });
});
