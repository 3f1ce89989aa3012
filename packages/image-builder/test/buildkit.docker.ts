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
