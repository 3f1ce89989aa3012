const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;

/** Texts lose what differs from run to run: identifiers, times, addresses, drawn names. */
function plainText(text: string): string {
  return (
    text
      // The real one goes on to show the difference as Go prints it.
      .replace(/(\(allow it to be set to 1 if it was previously negative\))\n[^]*$/, '$1')
      .replace(/\(0x[0-9a-f]+\)/g, '(<pointer>)')
      .replace(/(resourceVersion\\+":\\+")\d+/g, '$1<version>')
      .replace(uuid, '<uid>')
      .replace(time, '<time>')
      .replace(/\b10\.10\.10\.(\d+)\b(?!\/)/g, (whole, last: string) => (last === '1' ? whole : '<address>'))
      .replace(/\b(127\.0\.0\.1|localhost|192\.0\.2\.1):\d+/g, '<server>')
      .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<drawn>')
      .replace(/\bdrawn-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, 'drawn-<drawn>')
      .replace(
        /(resource version:? |ResourceVersion in object meta: |ResourceVersion in record \(|Current: |current: )\d+/gi,
        '$1<version>',
      )
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')
      .replace(/\b(nodePort|\d+):3[0-2]\d{3}(?=[/,])/g, '$1:<port>')
      .replace(/policy\.PodDisruptionBudgetSpec\{[^:]*:\(.*?\}(?=:)/g, 'policy.PodDisruptionBudgetSpec')
  );
}

const versionKeys = new Set(['resourceVersion', 'selfLink']);
const drawnNumbers = new Set(['nodePort', 'healthCheckNodePort']);
const age = /^(\d+[smh])+$/;

/** A body without what differs from run to run. The order of an object's fields does not matter. */
export function normalize(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    // Prose of Kubernetes' own documentation is not repeated.
    if (key === 'description') return '<prose>';
    if (versionKeys.has(key) && /^\d+$/.test(value) && value !== '0') return '<version>';
    if (key === 'continue' && value !== '') return '<continue>';
    if (key === 'token' && value.length > 100) return '<token>';
    return plainText(value);
  }
  if (typeof value === 'number' && drawnNumbers.has(key) && value > 0) return '<port>';
  // The cells of a table tell ages.
  if (Array.isArray(value)) {
    if (key === 'managedFields') return byName(value);
    if (key === 'resourceRules' || key === 'nonResourceRules') return inSomeOrder(value);
    return value.map((item: unknown) =>
      key === 'cells' && typeof item === 'string' && (age.test(item) || item === '<invalid>')
        ? '<age>'
        : normalize(item, key),
    );
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name.replace(uuid, '<uid>'), normalize(item, name)]),
  );
}

/** Rules stand in the order in which a cache holds their bindings. */
const inSomeOrder = (rules: readonly unknown[]): unknown[] =>
  rules.map((rule) => normalize(rule)).sort((a, b) => (sorted(a) < sorted(b) ? -1 : 1));

const sorted = (rule: unknown): string => JSON.stringify(Object.entries(Object(rule)).sort());

/** Managers stand in the order of the seconds in which they wrote: here in that of their names. */
function byName(managers: readonly unknown[]): unknown[] {
  const plain = managers.map((item) => normalize(item));
  const rank = (item: unknown): string =>
    ['operation', 'manager', 'apiVersion', 'subresource'].map((key) => String(Object(item)[key] ?? '')).join(' ');
  return plain.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}
