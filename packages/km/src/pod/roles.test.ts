import { describe, expect, it } from 'vitest';
import { ROLES } from '../annotation.js';
import { chooseRoles, rolesOf, RolesError } from './roles.js';

describe('chooseRoles', () => {
  it.each([
    [['*'], undefined, '*', ['*']],
    [['*', 'public'], undefined, 'public', ['*', 'public']],
    [['public', '*'], ['*'], 'public', ['*']],
    [['public'], undefined, 'public', ['public']],
  ])('%j with pods %j subscribes as %s', (framework, podRoles, subscribed, pods) => {
    const roles = chooseRoles(framework, podRoles);
    expect(roles.subscribed).toBe(subscribed);
    expect(roles.pods).toEqual(pods);
  });

  it.each([
    [[], undefined],
    [['a', 'b'], undefined],
    [['*', 'a', 'b'], undefined],
    [['*'], ['public']],
    [['*'], []],
  ])('refuses %j with pods %j', (framework, pods) => {
    expect(() => chooseRoles(framework, pods)).toThrow(RolesError);
  });
});

it.each([
  [undefined, ['*']],
  ['public', ['public']],
  [' public , *,public', ['public', '*']],
  ['other', []],
  ['', []],
])('a pod annotated with roles "%s" may use %j', (annotation, expected) => {
  const annotations = annotation === undefined ? {} : { [ROLES]: annotation };
  expect(rolesOf({ metadata: { annotations } }, chooseRoles(['*', 'public'], ['*']))).toEqual(expected);
});
