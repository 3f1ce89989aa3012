import { beforeAll, describe, expect, it } from 'vitest';
import { CelCostExceeded } from './errors.js';
import { compile } from './program.js';
import { loadRegexps } from './regexp.js';
import { type Type, listOf, mapOf } from './type.js';
import type { Value } from './value.js';

beforeAll(loadRegexps);

const text: Type = { kind: 'string' };
const self: Type = {
  kind: 'object',
  name: 'selfType',
  fields: new Map<string, Type>([
    ['min', { kind: 'int' }],
    ['max', { kind: 'int' }],
    ['name', text],
    ['tags', listOf(text)],
    ['labels', mapOf(text, text)],
    ['port', { kind: 'dyn' }],
    ['missing', { kind: 'int' }],
  ]),
};
const names = new Map([['self', self]]);
const value: Value = new Map<Value, Value>([
  ['min', 1n],
  ['max', 3n],
  ['name', 'größe'],
  ['tags', ['a', 'b', 'b']],
  ['labels', new Map([['app', 'web']])],
  ['port', '80%'],
]);
const run = (expression: string, left = 100_000): Value => compile(expression, names).run({ self: value }, { left });
const outcome = (expression: string): unknown => {
  try {
    return run(expression);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
};

describe('expressions that are true', () => {
  it.each([
    // Numbers.
    '1 + 2 * 3 == 7',
    '(1 + 2) * 3 == 9',
    '-7 / 2 == -3 && -7 % 2 == -1',
    '0x1F == 31 && 1u + 2u == 3u && 1e3 == 1000.0 && .5 < 1.0',
    '1 < 2.5 && 2u > 1 && 1.0 >= 1',
    '-9223372036854775808 < 0',
    'int("12") + int(3.9) == 15 && double("1.5") == 1.5 && uint(7) == 7u',
    'string(12) == "12" && string(1.5) == "1.5" && string(true) == "true" && string(1e100) == "1e+100"',
    // Logic.
    'true || 1 / 0 > 0',
    '1 / 0 > 0 || true',
    '!(false && 1 / 0 > 0) && !(1 / 0 > 0 && false)',
    'false ? 1 / 0 == 0 : true',
    // Fields.
    'self.min <= self.max',
    'has(self.name) && !has(self.missing)',
    '!has(self.missing) || self.missing > 0',
    'self.labels.app == "web" && self.labels["app"] == "web" && "app" in self.labels && !("x" in self.labels)',
    'has(self.labels.app) && !has(self.labels.x)',
    'self.?missing.orValue(5) == 5 && self.?min.hasValue() && self.labels[?"x"].orValue("-") == "-"',
    'self.?missing.optMap(m, m + 1).orValue(0) == 0 && optional.of(1).optMap(m, m + 1).value() == 2',
    'optional.ofNonZeroValue("") == optional.none() && optional.none().or(optional.of(2)).value() == 2',
    'type(self.port) == string && type(1) == int && type(self.port) != int',
    'type(self.port) == int ? self.port < 5 : double(self.port.replace("%", "")) == 80.0',
    // Lists and maps.
    'self.tags[0] == "a" && size(self.tags) == 3 && self.tags.size() == 3',
    'self.tags.all(t, t.size() == 1) && self.tags.exists(t, t == "b") && self.tags.exists_one(t, t == "a")',
    '!self.tags.exists_one(t, t == "b")',
    'self.tags.filter(t, t == "b") == ["b", "b"] && self.tags.map(t, t + "!") == ["a!", "b!", "b!"]',
    'self.tags.map(t, t != "a", t) == ["b", "b"]',
    'self.labels.all(k, self.labels[k] == "web") && self.labels.all(k, v, k == "app" && v == "web")',
    '[1, 2, 3].transformList(i, v, i > 0, v * 10) == [20, 30] && {"a": 1}.transformMap(k, v, v + 1) == {"a": 2}',
    '[1, 2].exists(i, v, i == 1 && v == 2) && [1, 2].existsOne(i, v, v == 2)',
    '[0, 1].exists(x, 1 / x == 1)',
    '[1, 2] + [3] == [1, 2, 3] && {"a": 1, "b": 2} == {"b": 2, "a": 1} && {1: "x"}[1] == "x"',
    '[?self.?missing, 1] == [1] && {?"a": optional.none()} == {}',
    '[1, 3, 2].max() == 3 && [1, 3, 2].min() == 1 && [1, 2].sum() == 3 && [1.5, 1.5].sum() == 3.0',
    '[1, 2, 2].isSorted() && !["b", "a"].isSorted() && [duration("1s"), duration("2m")].isSorted()',
    '["a", "b", "a"].indexOf("a") == 0 && ["a", "b", "a"].lastIndexOf("a") == 2 && ["a"].indexOf("c") == -1',
    'sets.contains([1, 2, 3], [1, 3]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1, 2], [2, 1])',
    // Texts.
    'self.name.size() == 5 && self.name.charAt(2) == "ö" && self.name.substring(2, 4) == "öß"',
    '"a,b,c".split(",") == ["a", "b", "c"] && "a,b,c".split(",", 2) == ["a", "b,c"] && ["a", "b"].join("-") == "a-b"',
    '"hello".indexOf("l") == 2 && "hello".lastIndexOf("l") == 3 && "hello".indexOf("l", 3) == 3 && "x".indexOf("y") == -1',
    '"aaa".replace("a", "b", 2) == "bba" && "ab".replace("", "-") == "-a-b-"',
    '" Ab ".trim().lowerAscii() == "ab" && "ab".upperAscii() == "AB" && "Ä".lowerAscii() == "Ä"',
    '"abc".startsWith("ab") && "abc".endsWith("bc") && "abc".contains("b")',
    '"a1b22".matches("[0-9]+") && !"abc".matches("^b") && "a1b22".find("[0-9]+") == "1"',
    '"a1b22".findAll("[0-9]+") == ["1", "22"] && "123".findAll("[0-9]", 2) == ["1", "2"]',
    '"%s is %d and %.2f, %x".format(["a", 3, 1.5, 255]) == "a is 3 and 1.50, ff"',
    '"%s %s".format([[1, 2], {"a": true}]) == "[1, 2] {a: true}"',
    'r"\\d" == "\\\\d" && "\\u00e4\\x41\\101\\n" == "äAA\\n" && b"\\xff" != b"\\u00ff"',
    "'''a\n'b''' == \"a\\n'b\"",
    'strings.quote("a\\n\\"b") == "\\"a\\\\n\\\\\\"b\\""',
    // Times.
    'duration("1h30m") == duration("90m") && duration("1.5s").getMilliseconds() == 500 && duration("2h").getMinutes() == 120',
    'timestamp("2024-02-29T12:00:00Z") + duration("24h") == timestamp("2024-03-01T12:00:00Z")',
    'timestamp("2024-02-29T12:00:00.5+01:00").getHours() == 11 && timestamp("2024-02-29T00:00:00Z").getDayOfYear() == 59',
    'timestamp("2024-07-01T00:00:00Z").getHours("Europe/Berlin") == 2 && timestamp("2024-07-01T00:00:00Z").getHours("-02:30") == 21',
    'string(timestamp("2024-07-01T00:00:00.120Z")) == "2024-07-01T00:00:00.12Z" && string(duration("-1.5s")) == "-1.5s"',
    // What Kubernetes adds.
    'quantity("1Gi").isGreaterThan(quantity("1000M")) && quantity("500m").add(quantity("0.5")) == quantity("1")',
    'quantity("2k").asInteger() == 2000 && !quantity("1m").isInteger() && quantity("-3").sign() == -1',
    'quantity("50M").sub(20).compareTo(quantity("50M")) == -1 && isQuantity("1.3Gi") && !isQuantity("1.3G i")',
    'isURL("https://a.b:80/c?d=e") && isURL("/abs") && !isURL("../x") && !isURL("https://a:b:c/") && !isURL("a b")',
    'isURL("mailto:me") && url("mailto:me").getScheme() == "mailto" && !isURL("http://a b/") && isURL("http://a/%20") && !isURL("/%2")',
    'url("https://u@[::1]:80/a b?x=1&x=2").getHost() == "[::1]:80" && url("https://[::1]:80/").getHostname() == "::1"',
    'url("https://a:8/p%20q").getPort() == "8" && url("https://a/a b").getEscapedPath() == "/a%20b"',
    'url("https://a/?x=1&x=2&y=").getQuery() == {"x": ["1", "2"], "y": [""]} && url("/a").getScheme() == ""',
    'isIP("10.0.0.1") && !isIP("010.0.0.1") && !isIP("::ffff:1.2.3.4") && isIP("::1") && ip("::0001") == ip("::1")',
    'ip("127.0.0.1").isLoopback() && ip("::1").family() == 6 && ip.isCanonical("::1") && !ip.isCanonical("::0001")',
    'ip("8.8.8.8").isGlobalUnicast() && ip("169.254.0.1").isLinkLocalUnicast() && ip("224.0.0.1").isLinkLocalMulticast()',
    'cidr("10.0.0.0/8").containsIP("10.1.2.3") && !cidr("10.0.0.0/8").containsIP(ip("11.0.0.1"))',
    'cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")',
    'string(cidr("10.1.2.3/8").ip()) == "10.1.2.3" && cidr("fd00::/64").prefixLength() == 64 && !isCIDR("10.0.0.0/33")',
    '!format.dns1123Label().validate("my-name").hasValue() && format.dns1123Label().validate("My").value().size() == 1',
    'format.named("uuid").value().validate("x").value() == ["does not match the UUID format"] && !format.named("x").hasValue()',
    // The rest.
    'dyn(1) == dyn(1.0) && null == null && [1, 2].map(x, {"v": x})[1].v == 2',
    'has({"a": 1}.a) // a comment',
  ])('%s', (expression) => {
    expect(outcome(expression)).toBe(true);
  });
});

describe('expressions without a value', () => {
  it.each([
    ['1 / 0 == 1', 'division by zero'],
    ['1 % 0 == 1', 'modulus by zero'],
    ['9223372036854775807 + 1 > 0', 'integer overflow'],
    ['self.missing > 0', 'no such key: missing'],
    ['self.labels.x == ""', 'no such key: x'],
    ['self.tags[7] == ""', 'index out of bounds: 7'],
    ['self.port + 1 > 0', 'no such overload'],
    ['self.port && true', 'no such overload'],
    ['"abc".substring(9) == ""', 'index out of range: 9'],
    ['optional.none().value() == 1', 'optional.none() dereference'],
    ['[].max() == 1', 'max called on empty list'],
    ['int("x") == 1', 'strconv.ParseInt: parsing "x": invalid syntax'],
  ])('%s: %s', (expression, message) => {
    expect(outcome(expression)).toBe(message);
  });
});

describe('expressions that do not compile', () => {
  it.each([
    ['self.nothing == 1', "undefined field 'nothing'", 5],
    ['has(self.nothing)', "undefined field 'nothing'", 4],
    ['nobody == 1', "undeclared reference to 'nobody' (in container '')", 1],
    ['self.min + "a" == "b"', "found no matching overload for '_+_' applied to '(int, string)'", 10],
    ['self.min == "a"', "found no matching overload for '_==_' applied to '(int, string)'", 10],
    ['self.name.nothing()', "undeclared reference to 'nothing' (in container '')", 18],
    ['self.min.startsWith("a")', "found no matching overload for 'startsWith' applied to 'int.(string)'", 20],
    [
      'self.min.all(x, true)',
      "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
      5,
    ],
    ['self.name.x', "type 'string' does not support field selection", 10],
    ['"a".matches("(")', 'invalid matches argument', 13],
    ['duration("soon") == duration("1s")', 'invalid duration argument', 10],
    ['[1, "a"] == []', "expected type 'int' but found 'string'", 5],
    ['semver("1.2.3") == semver("1.2.3")', "undeclared reference to 'semver' (in container '')", 7],
    ['(self.min', "Syntax error: mismatched input '<EOF>'", 10],
    ['"open', `Syntax error: token recognition error at: '"open'`, 1],
  ])('%s', (expression, message, column) => {
    expect(outcome(expression)).toBe(
      `ERROR: <input>:1:${column}: ${message}\n | ${expression}\n | ${'.'.repeat(column - 1)}^` +
        (expression.startsWith('semver')
          ? `\nERROR: <input>:1:26: ${message}\n | ${expression}\n | ${'.'.repeat(25)}^`
          : ''),
    );
  });

  it('do not nest without end', () => {
    expect(outcome('('.repeat(1000) + '1' + ')'.repeat(1000))).toContain('expression recursion limit exceeded: 1000');
    expect(outcome(Array(100_000).fill('1').join(' + '))).toContain('expression recursion limit exceeded: 1000');
    expect(outcome(Array(50_000).fill('true').join(' && '))).toBe(true);
    expect(outcome('!'.repeat(100_000) + 'true')).toContain('expression recursion limit exceeded: 1000');
  });
});

describe('the cost of an expression', () => {
  it('is bounded: steps, and the size of what is made', () => {
    const many = `[${Array.from({ length: 100 }, () => '1').join()}]`;
    expect(() => run(`${many}.all(a, ${many}.all(b, ${many}.all(c, true)))`)).toThrow(CelCostExceeded);
    // Thirty times twice as long would be a thousand million items.
    const doubled = `[["x"]]${'.map(l, l + l)'.repeat(30)}.size() == 1`;
    expect(() => run(doubled)).toThrow(CelCostExceeded);
    const text = `["x"]${'.map(t, t + t)'.repeat(40)}[0].replace("", "${'y'.repeat(1000)}") == ""`;
    expect(() => run(text)).toThrow(CelCostExceeded);
    expect(run(`${many}.all(a, a == 1)`)).toBe(true);
  });

  it('counts what is inside of lists, also where it is the same', () => {
    const nested = `[["x"]]${'.map(l, [l, l])'.repeat(40)}`;
    expect(() => run(`${nested} == [] || "%s".format([${nested}]) == ""`)).toThrow(CelCostExceeded);
    const long = `"${'x'.repeat(1000)}"`;
    const many = `[${Array.from({ length: 300 }, () => '1').join()}].map(n, ${long})`;
    expect(() => run(`${many}.map(t, ${many}).all(l, l.join("").size() > 0)`, 1_000_000)).toThrow(CelCostExceeded);
    expect(() => run(`sets.contains(${many}, ${many})`, 1_000_000)).toThrow(CelCostExceeded);
    expect(run(`${many} == ${many}`)).toBe(true);
  });

  it('is that of one look at a text, however it is made', () => {
    // Forms of which the parts could be told apart in many ways, in texts that are none of them in the end.
    const digits = `"${'1'.repeat(100_000)}x"`;
    expect(outcome(`[${digits}].all(t, duration(t) > duration("1s"))`)).toBe('no such overload');
    expect(outcome(`[${digits}].all(t, double(t) > 1.0)`)).toMatch(/^strconv.ParseFloat: .*: invalid syntax$/);
    expect(outcome(`[${digits}].all(t, isQuantity(t) || isURL(t) || isIP(t) || isCIDR(t))`)).toBe(false);
  });

  it('is not passed over by what passes over errors', () => {
    expect(() => run('true && ([1, 2, 3].all(x, x > 0) || true)', 5)).toThrow(CelCostExceeded);
  });
});
