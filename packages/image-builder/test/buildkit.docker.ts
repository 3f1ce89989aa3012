import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { base, testbed, useWorkbench } from './workbench.js';

describe.skipIf(testbed === undefined)('BuildKit', () => {
  const bench = useWorkbench();
  const printed = async (
    dockerfile: string,
    more: Parameters<ReturnType<typeof bench>['build']>[1] = {},
  ): Promise<string[]> => {
    const lines: string[] = [];
    await bench().build(dockerfile, {
      noCache: true,
      onProgress: (event) => void (event.type === 'output' && lines.push(event.text)),
      ...more,
    });
    return lines;
  };

  it('is taken by itself for a build that needs it', async () => {
    const step = (word: string): string =>
      `FROM ${base}\nRUN --mount=type=cache,target=/kept,id=${process.pid} ls /kept; touch /kept/${word}`;
    expect(await printed(step('one'), { noCache: false })).toEqual([]);
    expect(await printed(step('two'), { noCache: false })).toEqual(['one']);
    // The stage without use is not built.
    await bench().build(`FROM ${base} AS useless\nRUN false\nFROM ${base}\nRUN --mount=type=tmpfs,target=/x true`);
  });

  it('gives steps secrets, which are left out of the image', async () => {
    const dockerfile = `FROM ${base}
RUN --mount=type=secret,id=token cat /run/secrets/token; echo; id
RUN --mount=type=secret,id=key,target=/tmp/key wc -c < /tmp/key
RUN cat /run/secrets/token 2>/dev/null || echo gone`;
    const lines = await printed(dockerfile, { secrets: { token: 's3cret', key: new Uint8Array(200_000) } });
    expect(lines).toEqual(expect.arrayContaining(['s3cret', '200000', 'gone']));
    await expect(
      printed(`FROM ${base}\nRUN --mount=type=secret,id=absent,required cat /run/secrets/absent`, {
        secrets: { token: 'x' },
      }),
    ).rejects.toMatchObject({ code: 'build-failed', message: expect.stringContaining('absent') });
  });

  it('gives steps the way to an ssh agent', async () => {
    const path = join(bench().folder, 'agent.sock');
    const agent = createServer((socket) => socket.on('data', (bytes) => socket.end(`heard ${bytes.toString()}`)));
    await new Promise<void>((resolve) => agent.listen(path, resolve));
    try {
      const script = `require('net').connect(process.env.SSH_AUTH_SOCK).on('data', (b) => console.log(String(b))).write('hello')`;
      const lines = await printed(`FROM ${testbed?.images.base}\nRUN --mount=type=ssh node -e "${script}"`, {
        ssh: { default: path },
      });
      expect(lines).toEqual(['heard hello']);
    } finally {
      agent.close();
    }
  });

  it('asks for what is copied, and for nothing that it has', async () => {
    const { folder } = bench();
    await mkdir(join(folder, 'many/deep'), { recursive: true });
    for (let index = 0; index < 50; index += 1) await writeFile(join(folder, `many/${index}`), `number ${index}`);
    await writeFile(join(folder, 'large'), new Uint8Array(3_000_001));
    await writeFile(join(folder, 'many/deep/script'), 'run', { mode: 0o755 });
    await symlink('many', join(folder, 'link'));
    const sent = async (lines: string): Promise<{ entries: number; output: string[] }> => {
      const output: string[] = [];
      let entries = 0;
      await bench().build(`FROM ${base}\n${lines}`, {
        builder: 'buildkit',
        noCache: true,
        onProgress: (event) => {
          if (event.type === 'context') ({ entries } = event);
          if (event.type === 'output') output.push(event.text);
        },
      });
      return { entries, output };
    };
    // The Dockerfile counts.
    expect((await sent('COPY many/7 /seven')).entries).toBe(2);
    const all =
      'COPY . /all\nRUN find /all -type f | wc -l; wc -c < /all/large; readlink /all/link; stat -c %a /all/many/deep/script';
    // Two are new beside the fifty, one of which it has already.
    expect(await sent(all)).toEqual({ entries: 52, output: ['52', '3000001', 'many', '755'] });
    await writeFile(join(folder, 'many/7'), 'another!');
    expect((await sent(`${all}\nRUN cat /all/many/7`)).output.at(-1)).toBe('another!');
    // A link is followed to what it leads to.
    expect((await sent('COPY link/7 /seven\nRUN cat /seven')).output).toEqual(['another!']);
    await writeFile(join(folder, '.dockerignore'), 'many/1*\n!many/12\n');
    expect((await sent('COPY many /m\nRUN ls /m | wc -l')).output).toEqual(['41']);
  });

  it('fails with the step that failed, not with those that were cancelled beside it', async () => {
    const dockerfile = `FROM ${base} AS slow
RUN echo slow && sleep 60
FROM ${base} AS bad
RUN sleep 1; echo "no such luck"; exit 3
FROM ${base}
COPY --from=slow / /slow
COPY --link --from=bad / /bad`;
    await expect(bench().build(dockerfile, { noCache: true, builder: 'buildkit' })).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.anything(),
    });
    await expect(
      bench().build(dockerfile.replace('--link ', ''), { noCache: true, builder: 'buildkit' }),
    ).rejects.toMatchObject({
      code: 'build-failed',
      step: 'RUN sleep 1; echo "no such luck"; exit 3',
      output: ['no such luck'],
    });
  });
});
