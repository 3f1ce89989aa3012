import { type Json, isObject } from './tree.js';

/** How many fields all objects in a value have together. */
function countFields(value: Json): number {
  let count = 0;
  if (Array.isArray(value)) for (const item of value) count += countFields(item);
  else if (isObject(value)) {
    for (const key in value) count += 1 + countFields(value[key] ?? null);
  }
  return count;
}

/**
 * Fields that a JSON text names more than once: `data.a`, `spec.containers[0].image`.
 *
 * @param named how many names of fields the text has; when the value has as many there is nothing to look for
 */
export function duplicateFields(text: string, value: Json, named: number): string[] {
  if (countFields(value) === named) return [];
  const found = new Set<string>();
  const open: { keys?: Set<string>; path: string; index: number }[] = [];
  let path = '';
  // The text is JSON: a string before a colon names a field.
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\],]/g)) {
    const here = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ ...(token === '{' ? { keys: new Set<string>() } : {}), path, index: 0 });
      if (token === '[') path = `${path}[0]`;
    } else if (token === '}' || token === ']') path = open.pop()?.path ?? '';
    else if (here?.keys && colon !== undefined) {
      const key = String(JSON.parse(token.slice(0, -colon.length)));
      path = here.path === '' ? key : `${here.path}.${key}`;
      if (here.keys.has(key)) found.add(path);
      here.keys.add(key);
    } else if (token === ',' && here && !here.keys) path = `${here.path}[${++here.index}]`;
  }
  return [...found];
}
