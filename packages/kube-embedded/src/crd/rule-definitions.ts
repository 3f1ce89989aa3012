import type { Cause } from '../errors.js';
import { type JsonObject, objectAt, objectsAt, textAt } from '../json/tree.js';
import { forbiddenField, invalidShown, invalidValue, required, unsupported } from '../kinds/validation/field.js';
import { type Rule, compileRules, fieldPathNames, usesOldSelf } from './rules.js';
import { partsOf } from './schema-parts.js';
import { isResource, typeOfSchema } from './schema-values.js';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What is wrong with the rules that a definition has for its resources, in the words of the real server. */
export function validateRuleDefinitions(schema: JsonObject, path: string): Cause[] {
  const forms = validateForms(schema, path);
  return forms.length > 0 ? forms : validateCompiled(schema, path, true, undefined);
}

function validateForms(schema: JsonObject, path: string): Cause[] {
  return [
    ...objectsAt(schema, 'x-kubernetes-validations').flatMap((rule, index) =>
      validateForm(rule, `${path}.x-kubernetes-validations[${index}]`, schema),
    ),
    ...partsOf(schema).flatMap((part) =>
      part.inside || part.schema['x-kubernetes-validations'] === undefined
        ? validateForms(part.schema, path + part.path)
        : [forbiddenField(`${path}${part.path}.x-kubernetes-validations`, 'must be empty to be structural')],
    ),
  ];
}

function validateForm(rule: JsonObject, path: string, schema: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const text = textAt(rule, 'rule') ?? '';
  const message = textAt(rule, 'message') ?? '';
  const expression = textAt(rule, 'messageExpression') ?? '';
  const field = textAt(rule, 'fieldPath') ?? '';
  const reason = textAt(rule, 'reason');
  if (text.trim() === '') causes.push(required(`${path}.rule`, 'rule is not specified'));
  else if (message !== '' && message.trim() === '') {
    causes.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'));
  } else if (message.trim().includes('\n')) {
    causes.push(invalidValue(`${path}.message`, message, 'message must not contain line breaks'));
  } else if (text.trim().includes('\n') && message.trim() === '') {
    causes.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  if (expression !== '' && expression.trim() === '') {
    causes.push(required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified'));
  }
  if (reason !== undefined && !reasons.includes(reason)) causes.push(unsupported(`${path}.reason`, reason, reasons));
  if (field !== '' && field.trim() === '') {
    causes.push(invalidValue(`${path}.fieldPath`, field, 'fieldPath must be non-empty if specified'));
  }
  if (field.includes('\n')) {
    causes.push(invalidValue(`${path}.fieldPath`, field, 'fieldPath must not contain line breaks'));
  }
  if (field !== '' && !leadsSomewhere(schema, field)) {
    causes.push(invalidValue(`${path}.fieldPath`, field, 'fieldPath must be a valid path'));
  }
  return causes;
}

function leadsSomewhere(schema: JsonObject, field: string): boolean {
  const names = fieldPathNames(field);
  let here: JsonObject | undefined = schema;
  for (const name of names) {
    here = objectAt(here, 'properties', name) ?? objectAt(here, 'additionalProperties');
  }
  return names.length > 0 && here !== undefined;
}

/** @param uncorrelated the list above whose items cannot be told from one another over a change */
function validateCompiled(
  schema: JsonObject,
  path: string,
  resource: boolean,
  uncorrelated: string | undefined,
): Cause[] {
  const type = typeOfSchema(schema, resource);
  const own = schema['x-kubernetes-validations'] === undefined || !type ? [] : compileRules(schema, type);
  return [
    ...validateAll(own, path, uncorrelated),
    ...partsOf(schema)
      .filter((part) => part.inside)
      .flatMap((part) => {
        const items = part.path === '.items' && textAt(schema, 'x-kubernetes-list-type') !== 'map';
        const list = uncorrelated ?? (items ? path : undefined);
        return validateCompiled(part.schema, path + part.path, isResource(part.schema), list);
      }),
  ];
}

function validateAll(rules: readonly Rule[], path: string, uncorrelated: string | undefined): Cause[] {
  return rules.flatMap((rule, index): Cause[] => {
    const { source, problem, messageProblem } = rule;
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if (problem !== undefined) return [invalidShown(`${at}.rule`, printRule(source), problem)];
    const causes: Cause[] = [];
    if (messageProblem !== undefined) {
      causes.push(invalidShown(`${at}.messageExpression`, printRule(source), messageProblem));
    }
    if (usesOldSelf(rule) && uncorrelated !== undefined) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
      causes.push(invalidValue(`${at}.rule`, textAt(source, 'rule'), why));
    }
    if (!usesOldSelf(rule) && source['optionalOldSelf'] !== undefined) {
      const why = 'may not be set if oldSelf is not used in rule';
      causes.push(invalidShown(`${at}.optionalOldSelf`, String(source['optionalOldSelf']), why));
    }
    return causes;
  });
}

/** A rule as Go prints its structure; of what is behind a pointer the real server shows an address. */
function printRule(rule: JsonObject): string {
  const quoted = (key: string): string => JSON.stringify(textAt(rule, key) ?? '');
  const pointer = (key: string, type: string): string => `(*${type})(${rule[key] === undefined ? 'nil' : '0x0'})`;
  const fields = [
    `Rule:${quoted('rule')}`,
    `Message:${quoted('message')}`,
    `MessageExpression:${quoted('messageExpression')}`,
    `Reason:${pointer('reason', 'apiextensions.FieldValueErrorReason')}`,
    `FieldPath:${quoted('fieldPath')}`,
    `OptionalOldSelf:${pointer('optionalOldSelf', 'bool')}`,
  ];
  return `apiextensions.ValidationRule{${fields.join(', ')}}`;
}
