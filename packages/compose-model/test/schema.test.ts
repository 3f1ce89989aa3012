import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configCodec, modelCodec, networkCodec, secretCodec, volumeCodec } from '../src/model/project.js';
import {
  buildCodec,
  deployCodec,
  healthcheckCodec,
  mountCodec,
  portCodec,
  serviceCodec,
} from '../src/model/service.js';
import { composeSchema } from '../src/schema/compose-schema.js';
import { factsOfShape, type Facts } from './schema-facts.js';

const { facts } = JSON.parse(readFileSync(join(import.meta.dirname, '../testdata/schema-facts.json'), 'utf8')) as {
  facts: Facts;
};

describe("the Compose Specification's schema", () => {
  it('says the same as the one of this package', () => {
    const own = factsOfShape(composeSchema);
    const differences = [...new Set([...Object.keys(facts), ...Object.keys(own)])]
      .filter((path) => facts[path] !== own[path])
      .map((path) => `${path}: ${facts[path] ?? 'nothing'}, here ${own[path] ?? 'nothing'}`);
    expect(differences).toEqual([]);
  });

  /** Keys of a mapping in the schema. */
  const keysOf = (path: string): string[] => {
    const direct = Object.keys(facts).filter(
      (other) => other.startsWith(`${path}.`) && !/[.[]/.test(other.slice(path.length + 1)),
    );
    return direct.map((other) => other.slice(path.length + 1)).filter((key) => key !== '*');
  };

  it.each([
    // docker compose reads this one and makes nothing of it.
    ['.services.*', serviceCodec, ['pull_refresh_after'], []],
    ['.services.*.build', buildCodec, [], []],
    ['.services.*.deploy', deployCodec, [], []],
    ['.services.*.healthcheck', healthcheckCodec, [], []],
    ['.services.*.ports[]', portCodec, [], []],
    ['.services.*.volumes[]', mountCodec, [], []],
    ['.networks.*', networkCodec, [], []],
    ['.volumes.*', volumeCodec, [], []],
    // The value of a variable, which no file holds.
    ['.secrets.*', secretCodec, [], ['content']],
    ['.configs.*', configCodec, [], ['driver', 'driver_opts']],
    ['.models.*', modelCodec, [], []],
  ])('%s has the fields of the model', (path, codec, missing, more) => {
    const [schema, model] = [keysOf(path), Object.keys(codec.fields)];
    expect(schema.length).toBeGreaterThan(0);
    expect(schema.filter((key) => !model.includes(key)).sort()).toEqual(missing);
    expect(model.filter((key) => !schema.includes(key)).sort()).toEqual(more);
  });
});
