import { describe, expect, it } from 'vitest';
import { duplicateFields } from './duplicates.js';

const duplicates = (text: string): string[] => {
  const named = [...text.matchAll(/":/g)].length;
  return duplicateFields(text, JSON.parse(text), named);
};

describe('fields that a text names twice', () => {
  it.each([
    ['{"a":1,"b":{"a":1}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"b":2},"c":[{"d":1},{"d":1,"d":[1,2],"d":3}]}', ['a.b', 'c[1].d']],
    ['{"a":[[1],[{"x":1,"x":{}}]],"z":"{\\"z\\":1,\\"z\\":2}"}', ['a[1][0].x']],
    ['[{"a":1},{"a":1,"\\u0061":2}]', ['[1].a']],
  ])('%s', (text, expected) => {
    expect(duplicates(text)).toEqual(expected);
  });
});
