import { expect, it } from 'vitest';
import { differenceOf, hunksOf } from './difference.js';

const written = (before: string, after: string): string[] =>
  differenceOf(before.replaceAll(' ', '\n'), after.replaceAll(' ', '\n')).map(({ change, text }) => change + text);

it.each([
  ['a b c', 'a b c', [' a', ' b', ' c']],
  ['a b c', 'a x c', [' a', '-b', '+x', ' c']],
  ['a b c d', 'b c d e', ['-a', ' b', ' c', ' d', '+e']],
  ['a b a b', 'b a b a', ['-a', ' b', ' a', ' b', '+a']],
  ['a', 'a a', [' a', '+a']],
])('leaves of %s and %s what both have', (before, after, lines) => {
  expect(written(before, after)).toEqual(lines);
});

it('shows changes with their neighbours, and leaves out the rest', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = before.with(10, 'other');
  const shown = hunksOf(differenceOf(before.join('\n'), after.join('\n')), 1).map(
    (line) => line && line.change + line.text,
  );
  expect(shown).toEqual([' line 9', '-line 10', '+other', ' line 11', undefined]);
  expect(hunksOf(differenceOf('a', 'a'))).toEqual([]);
});
