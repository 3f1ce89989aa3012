import { badRequest } from '../errors.js';
import { type JsonObject, objectAt } from '../json/tree.js';
import { labelText, qualified } from '../kinds/validation/name.js';

type Test = (labels: JsonObject) => boolean;

/** Words and signs of a selector: `!=`, `==`, one of `!=<>(),`, or anything up to one of those or a space. */
const tokens = /\s*(!=|==|[!=<>(),]|[^\s!=<>(),]+)/gy;
const signs = new Set(['!', '=', '==', '!=', '<', '>', '(', ')', ',']);
const operators = 'in, notin, =, ==, !=, gt, lt';

/**
 * Requirements of a label selector in its written form: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. Throws 400 in the words of the real parser for a
 * text that is none.
 */
export function parseLabelSelector(text: string | undefined): (object: JsonObject) => boolean {
  const words =
    (text ?? '')
      .trimEnd()
      .match(tokens)
      ?.map((word) => word.trim()) ?? [];
  const tests: Test[] = [];
  let at = 0;
  const next = (): string => words[at] ?? '';
  const take = (): string => words[at++] ?? '';
  const isWord = (word: string): boolean => word !== '' && !signs.has(word);
  while (at < words.length || tests.length > 0) {
    if (!isWord(next()) && next() !== '!')
      throw badRequest(`found '${next()}', expected: !, identifier, or 'end of string'`);
    tests.push(requirement());
    const after = take();
    if (after === '') break;
    if (after !== ',') throw badRequest(`found '${after}', expected: ',' or 'end of string'`);
    if (!isWord(next()) && next() !== '!') throw badRequest(`found '${next()}', expected: identifier after ','`);
  }
  return (object) => {
    const labels = objectAt(object, 'metadata', 'labels') ?? {};
    return tests.every((test) => test(labels));
  };

  function requirement(): Test {
    const absent = next() === '!';
    if (absent) take();
    const key = take();
    if (!isWord(key)) throw refused(`found '${key}', expected: identifier`);
    const [problem] = qualified(key);
    if (problem !== undefined) throw refused(`<nil>: Invalid value: "${key}": ${problem}`);
    if (absent) return (labels) => labels[key] === undefined;
    if (next() === '' || next() === ',') return (labels) => labels[key] !== undefined;
    const operator = take();
    if (operator === 'in' || operator === 'notin') {
      const wanted = new Set(members().map((value, index) => checked(key, value, index)));
      const found = operator === 'in';
      return (labels) => wanted.has(String(labels[key] ?? '\0')) === found;
    }
    if (!['=', '==', '!=', '>', '<', 'gt', 'lt'].includes(operator)) {
      throw refused(`found '${operator}', expected: ${operators}`);
    }
    const value = next() === '' || next() === ',' ? '' : take();
    if (signs.has(value)) throw refused(`found '${value}', expected: identifier`);
    if (operator === '=' || operator === '==' || operator === '!=') {
      const wanted = checked(key, value, 0);
      const equal = operator !== '!=';
      return (labels) => (labels[key] === wanted) === equal;
    }
    if (!/^[-+]?\d+$/.test(value)) {
      throw refused(`values[0]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`);
    }
    const bound = Number(value);
    const more = operator === '>' || operator === 'gt';
    return (labels) => {
      const found = Number(labels[key]);
      return Number.isInteger(found) && (more ? found > bound : found < bound);
    };
  }

  /** What stands in brackets; nothing between two commas is an empty value. */
  function members(): string[] {
    const open = take();
    if (open !== '(') throw refused(`found '${open}' expected: '('`);
    const found: string[] = [];
    if (next() !== ')' && next() !== ',' && !isWord(next())) {
      throw refused(`found '${next()}', expected: ',', ')' or identifier`);
    }
    let wanting = true;
    for (;;) {
      const word = take();
      if (isWord(word)) {
        found.push(word);
        wanting = false;
        if (next() !== ',' && next() !== ')') throw refused(`found '${next()}', expected: ',' or ')'`);
      } else if (word === ',') {
        if (wanting) found.push('');
        wanting = true;
      } else if (word === ')') {
        if (wanting) found.push('');
        return found;
      } else throw refused(`found '${word}', expected: ',', or identifier`);
    }
  }
}

const refused = (why: string): Error => badRequest(`unable to parse requirement: ${why}`);

function checked(key: string, value: string, index: number): string {
  const [problem] = labelText(value);
  if (problem !== undefined) throw refused(`values[${index}][${key}]: Invalid value: "${value}": ${problem}`);
  return value;
}
