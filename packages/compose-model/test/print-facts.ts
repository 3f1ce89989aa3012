import { readFileSync } from 'node:fs';
import { factsOfSchema } from './schema-facts.js';

/** `node schema-facts.mjs compose-spec.json > ../testdata/schema-facts.json`: takes over a new schema; the test then says what it changes. */
const [path = ''] = process.argv.slice(2);
const source =
  'Compose Specification, schema/compose-spec.json of compose-go at e70e961 (Apache-2.0): what it says of each path';
console.log(JSON.stringify({ source, facts: factsOfSchema(JSON.parse(readFileSync(path, 'utf8'))) }, undefined, 1));
