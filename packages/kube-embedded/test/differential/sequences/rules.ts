import type { Sequence } from '../sequence.js';
import { patch, table } from './steps.js';
import { type Schema, change, defined, definitions, integer, make, object, refused, text, things } from './things.js';

const rules = (...all: (string | Schema)[]): Schema => ({
  'x-kubernetes-validations': all.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});
/** Expressions over a thing's `spec` of these fields, each judged with one object for which it holds and one for which it does not. */
const fields = object({
  a: text,
  b: text,
  n: integer,
  m: integer,
  d: { type: 'number' },
  list: { type: 'array', maxItems: 10, items: { type: 'string', maxLength: 20 } },
  map: { type: 'object', maxProperties: 10, additionalProperties: { type: 'string', maxLength: 20 } },
  either: { 'x-kubernetes-int-or-string': true },
  when: { type: 'string', format: 'date-time' },
  wait: { type: 'string', format: 'duration' },
  'dash-ed': text,
  namespace: text,
});
const expressions: Readonly<Record<string, readonly [expression: string, ...specs: unknown[]]>> = {
  order: ['self.n <= self.m', { n: 1, m: 2 }, { n: 2, m: 1 }, { n: 1 }],
  'what is there': ['!has(self.a) || has(self.b)', {}, { a: 'x' }, { a: 'x', b: '' }],
  'every item': ["self.list.all(x, x.startsWith('a'))", { list: ['a', 'ab'] }, { list: ['b'] }, {}],
  'some item': [
    "self.list.exists(x, x == 'a') && self.list.exists_one(x, x == 'b')",
    { list: ['a', 'b'] },
    { list: ['b', 'b'] },
  ],
  'a map': ["self.map.all(k, k.matches('^[a-z]+$') && self.map[k] != '')", { map: { a: 'x' } }, { map: { B: 'x' } }],
  'a key': ["'x' in self.map && self.map['x'] == 'y'", { map: { x: 'y' } }, { map: { x: 'z' } }, { map: {} }],
  'a key that is missing': ["self.map['x'] == 'y' || self.n == 1", { n: 1, map: {} }, { n: 2, map: {} }],
  'an index': ["self.list[1] == 'b'", { list: ['a', 'b'] }, { list: ['a'] }],
  'either of two': [
    "type(self.either) == int ? self.either < 5 : self.either == '5%'",
    { either: 4 },
    { either: 6 },
    { either: '5%' },
    { either: '6%' },
  ],
  'either of two, unasked': ['self.either < 5', { either: 4 }, { either: 'x' }],
  texts: [
    "self.a.lowerAscii().trim().split(',').size() == 2 && self.a.substring(0, 1).upperAscii() == 'A'",
    { a: 'a,b ' },
    { a: 'b,c' },
    { a: '' },
  ],
  replaced: [
    "self.a.replace('a', 'bb') == self.b && self.a.indexOf('c') == -1",
    { a: 'xa', b: 'xbb' },
    { a: 'c', b: 'c' },
  ],
  found: ["self.a.find('[0-9]+') == '12' && self.a.findAll('[0-9]+') == ['12', '3']", { a: 'x12y3' }, { a: 'x' }],
  lists: [
    'self.list.isSorted() && self.list.indexOf("b") == 1 && self.list.max() == "c"',
    { list: ['a', 'b', 'c'] },
    { list: ['b', 'a'] },
    { list: [] },
  ],
  sums: ['[self.n, self.m].sum() == 3 && [self.n, self.m].min() == 1', { n: 1, m: 2 }, { n: 1, m: 1 }],
  sets: ["sets.contains(self.list, ['a', 'b'])", { list: ['b', 'c', 'a'] }, { list: ['a'] }],
  urls: [
    "isURL(self.a) && url(self.a).getHost() == 'a.b:80' && url(self.a).getScheme() == 'https'",
    { a: 'https://a.b:80/c?d=e' },
    { a: 'https://x' },
    { a: 'nothing' },
  ],
  'a url that is none': ["url(self.a).getPort() == '80'", { a: 'http://a:80' }, { a: '../x' }],
  quantities: [
    "isQuantity(self.a) && quantity(self.a).isLessThan(quantity('1Gi')) && quantity(self.a).add(quantity('1')).asInteger() > 0",
    { a: '10M' },
    { a: '2G' },
    { a: 'x' },
  ],
  addresses: [
    "isIP(self.a) && cidr('10.0.0.0/8').containsIP(self.a) && ip(self.a).family() == 4",
    { a: '10.1.2.3' },
    { a: '11.1.2.3' },
    { a: '010.1.2.3' },
  ],
  ranges: [
    'isCIDR(self.a) && cidr(self.a).masked() == cidr(self.a) && cidr(self.a).prefixLength() == 8',
    { a: '10.0.0.0/8' },
    { a: '10.0.0.1/8' },
    { a: '10.0.0.0/99' },
  ],
  formats: ['!format.dns1123Label().validate(self.a).hasValue()', { a: 'my-name' }, { a: 'My' }],
  times: [
    "self.when > timestamp('2024-01-01T00:00:00Z') && self.wait < duration('1h') && self.when.getFullYear() == 2025",
    { when: '2025-01-01T00:00:00Z', wait: '10m' },
    { when: '2025-01-01T00:00:00Z', wait: '2h' },
  ],
  doubles: ['self.d * 2.0 > 3.0 && self.d < 10 && double(self.n) == self.d', { d: 2, n: 2 }, { d: 1.5, n: 2 }],
  division: ['self.n / self.m == 2', { n: 4, m: 2 }, { n: 4, m: 0 }],
  overflow: ['self.n * self.m > 0', { n: 2, m: 2 }, { n: 4000000000, m: 4000000000 }],
  'names that are escaped': [
    "self.dash__dash__ed == 'x' && self.__namespace__ == 'y'",
    { 'dash-ed': 'x', namespace: 'y' },
    { 'dash-ed': 'y', namespace: 'y' },
  ],
  optionals: [
    "self.?a.orValue('x') == 'x' && self.map[?'k'].hasValue()",
    { map: { k: 'v' } },
    { a: 'y', map: { k: 'v' } },
    { map: {} },
  ],
  transforms: [
    "self.list.map(x, x + '!').filter(x, x != 'a!').size() == 1 && self.list.transformList(i, x, x).size() == 2",
    { list: ['a', 'b'] },
    { list: ['b', 'c'] },
  ],
  conversions: [
    "int(self.a) == self.n && string(self.n) == self.a && bool('true')",
    { a: '1', n: 1 },
    { a: '2', n: 1 },
    { a: 'x', n: 1 },
  ],
};

/** Rules of custom resources, what they say, and definitions whose rules are none. */
export const ruled: readonly Sequence[] = [
  ...Object.entries(expressions).map(([words, [rule, ...specs]]): Sequence => ({
    name: `a rule of ${words}`,
    steps: [...defined({ ...fields, ...rules(rule) }), ...specs.map((spec, index) => make(`o${index}`, spec))],
  })),
  {
    name: 'rules say why',
    steps: [
      ...defined(
        object(
          { n: integer, a: text },
          {
            ...rules(
              { rule: 'self.n != 1', message: ' one is too few ' },
              {
                rule: 'self.n != 2',
                messageExpression: "'%s is %d'.format(['it', self.n])",
                reason: 'FieldValueForbidden',
                fieldPath: '.n',
              },
              {
                rule: 'self.n != 3',
                message: 'three',
                messageExpression: "self.a + '!'",
                reason: 'FieldValueRequired',
                fieldPath: '.a',
              },
              { rule: 'self.n != 4', messageExpression: "' '", reason: 'FieldValueDuplicate', fieldPath: '.n' },
              { rule: 'self.n != 5', message: 'five', reason: 'FieldValueInvalid', fieldPath: '.a' },
              { rule: 'self.n !=\n 6', message: 'over two lines' },
            ),
          },
        ),
      ),
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => make(`o${n}`, { n })),
      make('three', { n: 3, a: 'no three' }),
    ],
  },
  {
    name: 'rules of changes',
    steps: [
      ...defined(
        object(
          {
            name: { ...text, ...rules({ rule: 'self == oldSelf', message: 'name is immutable' }) },
            n: { ...integer, ...rules('self >= oldSelf') },
            once: { ...text, ...rules({ rule: "oldSelf.hasValue() || self == 'first'", optionalOldSelf: true }) },
            ports: {
              type: 'array',
              'x-kubernetes-list-type': 'map',
              'x-kubernetes-list-map-keys': ['name'],
              maxItems: 5,
              items: object(
                { name: text, port: integer },
                { required: ['name'], ...rules({ rule: 'self.port == oldSelf.port', message: 'ports stay' }) },
              ),
            },
          },
          rules('!has(oldSelf.name) || has(self.name)'),
        ),
      ),
      make('a', { name: 'x', n: 1, ports: [{ name: 'p', port: 1 }] }),
      change('a', { n: 2 }),
      change('a', { n: 1 }),
      change('a', { name: 'y' }),
      change('a', { name: null }),
      change('a', {
        ports: [
          { name: 'q', port: 2 },
          { name: 'p', port: 1 },
        ],
      }),
      change('a', {
        ports: [
          { name: 'q', port: 2 },
          { name: 'p', port: 3 },
        ],
      }),
      change('a', { once: 'second' }),
      change('a', { once: 'first' }),
      change('a', { once: 'third' }),
      make('b', { once: 'none' }),
    ],
  },
  {
    name: 'rules of the whole and of the status',
    steps: [
      ...defined(object({ most: integer }), {
        ...rules(
          "self.metadata.name.startsWith('t-')",
          "self.kind == 'Thing' && self.apiVersion.endsWith('/v1')",
          '!has(self.status) || self.status.count <= self.spec.most',
        ),
      }),
      make('x', { most: 1 }),
      make('t-a', { most: 1 }),
      patch(`${things}/t-a/status`, { status: { count: 1 } }),
      patch(`${things}/t-a/status`, { status: { count: 2 } }),
      change('t-a', { most: 0 }),
    ],
  },
  {
    name: 'rules wait for the schema',
    steps: [
      ...defined(object({ n: integer, a: { ...text, maxLength: 3 } }, { required: ['n'], ...rules('self.n > 0') })),
      make('a', {}),
      make('b', { n: 'x' }),
      make('c', { n: 1, a: 'long text' }),
      make('d', { n: 0 }),
      make('e', { n: 0 }),
    ],
  },
  {
    name: 'rules below and in alternatives',
    steps: [
      ...defined(
        object({
          items: { type: 'array', maxItems: 5, items: object({ n: integer }, rules('self.n > 0')) },
          named: { type: 'object', maxProperties: 5, additionalProperties: { ...integer, ...rules('self > 1') } },
          maybe: { ...integer, nullable: true, ...rules('self > 3') },
        }),
      ),
      make('a', { items: [{ n: 1 }, { n: 0 }] }),
      make('b', { named: { x: 2, y: 1 } }),
      make('d', { maybe: null }),
      make('e', { maybe: 3 }),
    ],
  },
  {
    name: 'rules that were broken before may stay broken',
    steps: [
      ...defined(object({ n: integer, a: text })),
      make('a', { n: 0 }),
      {
        method: 'PATCH',
        path: `${definitions}/things.{ns}.example.com`,
        type: 'application/json-patch+json',
        query: { includeObject: 'None' },
        accept: table,
        body: [
          {
            op: 'add',
            path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/n/x-kubernetes-validations',
            value: [{ rule: 'self > 0' }],
          },
        ],
      },
      { ...make('probe', { n: -1 }), settles: 422 },
      change('a', { a: 'x' }),
      change('a', { n: -1 }),
      change('a', { n: 1 }),
    ],
  },
  refused('an unknown field', object({ n: integer }, rules('self.x > 0'))),
  refused('an unknown field that is asked for', object({ n: integer }, rules('has(self.x)'))),
  refused('an unknown name', object({ n: integer }, rules('self.n > other'))),
  refused('an unknown function', object({ n: integer }, rules("self.n > nothing('x')"))),
  refused('arguments of other types', object({ n: integer, a: text }, rules('self.n + self.a == 1'))),
  refused(
    'numbers of two kinds are the same',
    object({ n: integer, d: { type: 'number' } }, rules('self.n == self.d')),
  ),
  refused('no truth', object({ n: integer }, rules('self.n + 1'))),
  refused('nothing that can be read', object({ n: integer }, rules('self.n >'))),
  refused('no regular expression', object({ a: text }, rules("self.a.matches('(')"))),
  refused('no duration', object({ a: text }, rules("duration('soon') > duration('1s')"))),
  refused('several at once', object({ n: integer }, rules('self.x > self.y'))),
  refused('a list of several kinds', object({ n: integer }, rules("[1, 'a'].size() == self.n"))),
  refused(
    'a message that is no text',
    object({ n: integer }, rules({ rule: 'self.n > 0', messageExpression: 'self.n' })),
  ),
  refused(
    'a message that does not compile',
    object({ n: integer }, rules({ rule: 'self.n > 0', messageExpression: 'self.x' })),
  ),
  refused('an empty rule', object({ n: integer }, rules({ rule: ' ' }))),
  refused('lines without a message', object({ n: integer }, rules({ rule: 'self.n\n> 0' }))),
  refused('an empty message', object({ n: integer }, rules({ rule: 'self.n > 0', message: ' ' }))),
  refused('a message of two lines', object({ n: integer }, rules({ rule: 'self.n > 0', message: 'a\nb' }))),
  refused('an unknown reason', object({ n: integer }, rules({ rule: 'self.n > 0', reason: 'Whim' }))),
  refused('a path to nowhere', object({ n: integer }, rules({ rule: 'self.n > 0', fieldPath: '.x' }))),
  refused('a path that is none', object({ n: integer }, rules({ rule: 'self.n > 0', fieldPath: 'n' }))),
  refused(
    'old values of items',
    object({ l: { type: 'array', maxItems: 3, items: { ...integer, ...rules('self > oldSelf') } } }),
  ),
  refused('old values that are not used', object({ n: integer }, rules({ rule: 'self.n > 0', optionalOldSelf: true }))),
  refused(
    'what no schema describes',
    object({ o: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }, rules('self.o.x > 0')),
  ),
];
