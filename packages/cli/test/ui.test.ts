import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Workplace } from './command.js';

const address = 'https://127.0.0.1:6443/ui/';

describe('kmd ui', () => {
  const place = new Workplace();
  const programs = join(place.home, 'bin');
  beforeAll(() => {
    const folder = join(place.home, '.kmd', 'clusters', 'local');
    mkdirSync(folder, { recursive: true });
    const record = {
      version: 1,
      name: 'local',
      runtime: 'embedded',
      phase: 'ready',
      process: { pid: process.pid },
      control: { port: 1, token: '' },
      user: { name: 'admin', password: 'admin' },
      ui: { address },
    };
    writeFileSync(join(folder, 'cluster.json'), JSON.stringify(record));
  });
  beforeEach(() => rmSync(programs, { recursive: true, force: true }));
  afterAll(() => rmSync(place.home, { recursive: true }));

  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await place.run(['ui', ...args], { PATH: programs });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  it.each([
    ['takes it', 'exit 0', `Opened ${address}`],
    ['is the browser itself, and stays', 'exec /bin/sleep 4', `Opened ${address}`],
    ['finds no browser', 'exit 3', `Open ${address} in a browser`],
    ['is not there', undefined, `Open ${address} in a browser`],
  ])("says where the page is, when the system's program %s", async (_, script, said) => {
    mkdirSync(programs);
    if (script !== undefined)
      for (const name of ['xdg-open', 'open'])
        writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    expect(await run()).toBe(`${said}   user admin, password admin\n`);
  });

  it('prints the address alone when asked to', async () => {
    expect(await run('--print')).toBe(`${address}\n`);
  });
});
