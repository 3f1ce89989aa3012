import { describe, expect, it } from 'vitest';
import { ComposeError, load, type LoadOptions } from '../src/index.js';

/** What became of a load: no time is asserted here, the sizes alone end a run that is worse than linear. */
async function outcome(options: Pick<LoadOptions, 'files'> & Partial<LoadOptions>): Promise<string> {
  try {
    await load({ workingDir: '/srv/shop', ...options });
    return 'loaded';
  } catch (error) {
    if (error instanceof ComposeError) return error.message;
    throw error;
  }
}

const file = (content: string) => ({ files: [{ path: 'compose.yaml', content }] });
const service = (attributes: string): string => `services: {a: {image: b, ${attributes}}}`;
const inMemory = (read: (path: string) => string | undefined): Pick<LoadOptions, 'readFile'> => ({
  readFile: async (path) => read(path) ?? Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' })),
});

describe('five megabytes', { timeout: 20_000 }, () => {
  it.each([
    ['of services', `services:\n${'  s: {image: a}\n'.repeat(340_000)}`, 'exceeds maximum node visit limit'],
    ['that only the full parser reads', `#\t\n${'a: b\n'.repeat(1_000_000)}`, 'at most 100000 are read'],
    ['of opening brackets', `x: ${'['.repeat(5_000_000)}`, 'nested too deeply'],
    ['of lists in lists', `x:\n  ${'- '.repeat(2_500_000)}`, 'nested too deeply'],
    ['of open variables', service(`command: "${'${A:-'.repeat(1_000_000)}"`), 'invalid interpolation format'],
    [
      'of variables in variables',
      service(`command: "${'${A:-'.repeat(800_000)}${'}'.repeat(800_000)}"`),
      'invalid interpolation',
    ],
    ['of dollars', service(`command: "${'$'.repeat(5_000_000)}"`), 'loaded'],
    ['of one text', service(`command: "${'x'.repeat(5_000_000)}"`), 'loaded'],
    ['of blank lines', `${'\n'.repeat(5_000_000)}services: {a: {image: b}}`, 'loaded'],
    [
      'in one list',
      service(`environment: [${Array.from({ length: 90_000 }, (_, i) => `"K${i}=${'v'.repeat(40)}"`).join()}]`),
      'loaded',
    ],
    [
      'of wrong keys',
      service(Array.from({ length: 45_000 }, (_, i) => `image${i}: ${'x'.repeat(90)}`).join()),
      'additional properties',
    ],
  ])('%s end in a result or a clear error', async (_what, content, expected) => {
    expect(await outcome(file(content))).toContain(expected);
  });
});

describe('ten thousand in a row', { timeout: 20_000 }, () => {
  it('of files that include one another end in a clear error', async () => {
    const read = (path: string): string => {
      const number = Number(/f(\d+)\.yaml$/.exec(path)?.[1]);
      return `include: [f${number + 1}.yaml]\nservices: {s${number}: {image: a}}`;
    };
    expect(await outcome({ files: ['f0.yaml'], ...inMemory(read) })).toContain('include goes deeper than 100 files');
  });

  it('of services that extend one another end in a result, or in a clear error where each waits for the next', async () => {
    const chain = (next: (number: number) => number): string =>
      `services:\n${Array.from({ length: 10_000 }, (_, i) => `  s${i}: {image: a, extends: s${next(i)}}\n`).join('')}`;
    expect(await outcome(file(`${chain((i) => i - 1)}  s-1: {image: a}\n`))).toBe('loaded');
    expect(await outcome(file(`${chain((i) => i + 1)}  s10000: {image: a}\n`))).toContain('more than 1000 levels');
  });

  it('of dependencies are ordered and free of cycles', async () => {
    const services = Array.from(
      { length: 10_000 },
      (_, i) => `  s${i}: {image: a${i > 0 ? `, depends_on: [s${i - 1}]` : ''}}\n`,
    );
    expect(await outcome(file(`services:\n${services.join('')}`))).toBe('loaded');
  });
});
