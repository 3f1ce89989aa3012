import type { Findings } from './diagnostics/compose-error.js';
import { expand, InvalidTemplate, MissingVariable, type Lookup } from './interpolate/template.js';
import { textOf, type Tree } from './tree/tree.js';
import type { YamlDocument } from './yaml/read-yaml.js';

/** Lower case, letters, digits, `_` and `-`, none of the last two at the start. */
export function normaliseName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

/** The `name` that the files give, the last one winning; variables replaced. */
export function nameOf(documents: readonly YamlDocument[], lookup: Lookup, findings: Findings): string | undefined {
  let found: Tree | undefined;
  for (const { tree } of documents) {
    const name = tree.kind === 'map' ? tree.entries.get('name') : undefined;
    if ((textOf(name) ?? '') !== '') found = name;
  }
  const text = textOf(found);
  if (text === undefined) return undefined;
  try {
    return normaliseName(expand(text, lookup));
  } catch (error) {
    if (!(error instanceof InvalidTemplate || error instanceof MissingVariable)) throw error;
    const wrong =
      error instanceof InvalidTemplate
        ? `invalid interpolation format for name.\nYou may need to escape any $ with another $.\n${error.message}`
        : `error while interpolating name: ${error.message}`;
    return findings.fail({ code: 'interpolation', text: wrong, path: ['name'], sentence: true, at: found?.at });
  }
}
