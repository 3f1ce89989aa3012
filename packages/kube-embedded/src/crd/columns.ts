import { type Json, type JsonObject, isObject, numberAt, objectsAt, textAt } from '../json/tree.js';
import { type Column, ageColumn, nameColumn } from '../kinds/columns/column.js';
import { ageOf } from '../kinds/columns/duration.js';

const step =
  /^\.([\w-]+)|^\.([\w-]+\\\.[\w./\\-]+)|^\['([^']+)'\]|^\[(\d+)\]|^\[\?\(@\.([\w.-]+)\s*==\s*["']([^"']*)["']\)\]/;

/** Reads the simple paths that columns of custom resources use: `.a.b`, `['a.b']`, `[0]`, `[?(@.type=="Ready")]`. */
export function readPath(object: JsonObject, path: string): Json | undefined {
  let rest = path;
  let here: Json | undefined = object;
  while (rest !== '' && here !== undefined) {
    const found = step.exec(rest);
    if (!found) return undefined;
    const [whole, name, escaped, quoted, index, field, wanted] = found;
    rest = rest.slice(whole.length);
    const key = name ?? escaped?.replaceAll('\\', '') ?? quoted;
    if (key !== undefined) here = isObject(here) ? here[key] : undefined;
    else if (!Array.isArray(here)) return undefined;
    else if (index !== undefined) here = here[Number(index)];
    else here = here.find((item) => isObject(item) && String(readPath(item, `.${field ?? ''}`)) === wanted);
  }
  return here;
}

/** The columns that a definition has for `kubectl get`: name, its own, and age where it has none. */
export function columnsOfVersion(version: JsonObject): Column[] {
  const own = objectsAt(version, 'additionalPrinterColumns').map((column): Column => {
    const type = textAt(column, 'type') ?? 'string';
    const path = textAt(column, 'jsonPath') ?? '';
    return {
      name: textAt(column, 'name') ?? '',
      type: type === 'integer' || type === 'boolean' ? type : 'string',
      priority: numberAt(column, 'priority') ?? 0,
      cell(object, now) {
        const value = readPath(object, path);
        if (value === undefined || value === null) return type === 'date' ? '<unknown>' : '';
        if (type === 'date') return typeof value === 'string' ? ageOf(value, now) : '<invalid>';
        if (type === 'integer' || type === 'boolean') return value;
        return typeof value === 'string' ? value : JSON.stringify(value);
      },
    };
  });
  return own.length > 0 ? [nameColumn, ...own] : [nameColumn, { ...ageColumn, type: 'date' }];
}
