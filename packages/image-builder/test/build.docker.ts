import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImage, findImage, type ImageEvent } from '@kmd/image-builder';
import { describe, expect, it } from 'vitest';
import { base, testbed, useWorkbench } from './workbench.js';

/** Processes of this machine with a word in their command lines, but for this one: an engine elsewhere has none here. */
function processesWith(word: string): string[] {
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(word);
    } catch {
      return false; // it has just ended
    }
  });
}

describe.skipIf(testbed === undefined).each(['classic', 'buildkit'] as const)('the %s builder', (builder) => {
  const bench = useWorkbench({ builder });

  it('gets modes, links and empty folders across', async () => {
    const { folder, build } = bench();
    await mkdir(join(folder, 'c/empty'), { recursive: true });
    await writeFile(join(folder, 'c/run'), '#!/bin/sh\n');
    await chmod(join(folder, 'c/run'), 0o750);
    await symlink('run', join(folder, 'c/link'));
    await writeFile(join(folder, 'c/ignored'), '');
    await writeFile(join(folder, '.dockerignore'), '**/ignored\n');
    const output: string[] = [];
    await build(`FROM ${base}\nCOPY c /c\nRUN stat -c '%n %a %F' /c/*\nRUN readlink /c/link`, {
      noCache: true,
      onProgress: (event) => void (event.type === 'output' && output.push(event.text)),
    });
    expect(output).toEqual(
      expect.arrayContaining(['/c/empty 755 directory', '/c/link 777 symbolic link', '/c/run 750 regular file', 'run']),
    );
    expect(output.join('\n')).not.toContain('ignored');
  });

  it('reads a Dockerfile that is a link into the folder', async () => {
    const { engine, folder, tag } = bench();
    await mkdir(join(folder, 'real'));
    await writeFile(join(folder, 'real/of'), `FROM ${base}\nLABEL by=link-${builder}\n`);
    await symlink('real/of', join(folder, 'Dockerfile'));
    await buildImage(engine, { folder, tags: [tag], builder });
    expect((await findImage(engine, tag))?.labels).toMatchObject({ by: `link-${builder}` });
  });

  it('takes arguments, a target and labels, and tells its steps', async () => {
    const { engine, tag, build } = bench();
    // Another at each run: BuildKit keeps what it has built.
    const word = `hello ${Date.now()}`;
    const dockerfile = `ARG BASE\nFROM \${BASE} AS one\nARG WORD\nRUN echo "said $WORD"\nFROM one AS two\nRUN false`;
    const output: ImageEvent[] = [];
    await build(dockerfile, {
      args: { BASE: base, WORD: word },
      target: 'one',
      labels: { role: 'test' },
      onProgress: (event) => void output.push(event),
    });
    expect(output).toContainEqual({ type: 'output', text: `said ${word}` });
    expect(output.flatMap((event) => (event.type === 'step' ? event.text : []))).toContainEqual(
      // One of the builders shows the word, the other the variable.
      expect.stringMatching(/^RUN echo "said .*"$/),
    );
    expect((await findImage(engine, tag))?.labels).toMatchObject({ role: 'test' });
  });

  it('builds once what does not change, also under another name', async () => {
    const { engine, folder, tag, build } = bench();
    await writeFile(join(folder, 'a'), `one ${builder} ${Date.now()}`);
    const dockerfile = `FROM ${base}\nCOPY a /a`;
    const first = await build(dockerfile);
    const other = `${tag}-other`;
    const again = await build(dockerfile, { tags: [tag, other] });
    expect(again).toEqual({ ...first, reused: true });
    expect((await findImage(engine, other))?.id).toBe(first.id);
    await engine.ask({ method: 'DELETE', path: `/images/${other}` });
    await writeFile(join(folder, 'a'), `two ${builder} ${Date.now()}`);
    const changed = await build(dockerfile);
    expect(changed.reused).toBe(false);
    expect(changed.id).not.toBe(first.id);
    expect((await build(dockerfile, { noCache: true })).reused).toBe(false);
  });

  it('fails with the step and what it printed, and leaves the old image in place', async () => {
    const { engine, tag, build } = bench();
    const old = await build(`FROM ${base}\nRUN true`);
    await expect(build(`FROM ${base}\nRUN echo "no such luck"; exit 3`)).rejects.toMatchObject({
      code: 'build-failed',
      step: 'RUN echo "no such luck"; exit 3',
      output: ['no such luck'],
    });
    await expect(build('FROM')).rejects.toMatchObject({ code: 'build-failed' });
    expect((await findImage(engine, tag))?.id).toBe(old.id);
  });

  it('stops on the engine when it is cancelled', async () => {
    const { engine, tag, build } = bench();
    const cancelling = new AbortController();
    const mark = `cancel-${process.pid}-${Date.now()}`;
    const running = build(`FROM ${base}\nRUN echo ${mark} && sleep 300`, {
      signal: cancelling.signal,
      onProgress: (event) => void (event.type === 'output' && event.text === mark && cancelling.abort()),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    const ours = async (): Promise<unknown[]> => {
      const listed = await engine.ask({ path: '/containers/json' });
      const containers = Array.isArray(listed) ? listed.filter((one) => JSON.stringify(one).includes(mark)) : [];
      return [...containers, ...processesWith(mark)];
    };
    await expect.poll(ours, { timeout: 20_000 }).toEqual([]);
    expect(await findImage(engine, tag)).toBeUndefined();
  });

  it('gives steps a network and hosts when it is told to', async () => {
    const output: string[] = [];
    const onProgress = (event: ImageEvent): void => void (event.type === 'output' && output.push(event.text));
    const { build } = bench();
    await build(`FROM ${base}\n# ${Date.now()}\nRUN grep -c . /proc/net/dev`, {
      network: 'none',
      noCache: true,
      onProgress,
    });
    await build(`FROM ${base}\nRUN grep elsewhere /etc/hosts`, {
      extraHosts: ['elsewhere:192.0.2.1'],
      noCache: true,
      onProgress,
    });
    // Two lines of titles, and the loopback device alone.
    expect(output).toContain('3');
    expect(output.join('\n')).toMatch(/192\.0\.2\.1\s+elsewhere/);
  });
});
