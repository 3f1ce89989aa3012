import { describe, expect, it } from 'vitest';
import { exactJsonCodec, jsonCodec, printJson } from './json.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe.each([
  ['json', jsonCodec],
  ['json with bigints', exactJsonCodec],
])('%s', (_, codec) => {
  it('reads what Mesos writes for an unlimited amount', () => {
    const written =
      '{"limits":{"mem":{"value":Infinity},"cpus":{"value":-Infinity},"Infinity":{"value":NaN}},"name":"a \\"Infinity, NaN"}';
    expect(codec.decode('TaskInfo', bytes(written))).toEqual({
      limits: { mem: { value: Infinity }, cpus: { value: -Infinity }, Infinity: { value: null } },
      name: 'a "Infinity, NaN',
    });
  });

  it('refuses what is no JSON otherwise', () => {
    for (const text of ['{"a":Infinit}', '{"a":Infinity', '"Infinity', 'undefined', '{"a":1,}'])
      expect(() => codec.decode('TaskInfo', bytes(text))).toThrow(SyntaxError);
  });

  it('writes it as Mesos reads it', () => {
    const written = printJson({ limits: { mem: { value: Infinity } }, labels: null });
    expect(written).toBe('{"limits":{"mem":{"value":"Infinity"}},"labels":null}');
  });
});
