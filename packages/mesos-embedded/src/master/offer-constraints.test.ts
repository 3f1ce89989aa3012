import { parseAttributes, type AgentInfo, type AttributeConstraint, type OfferConstraints } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';

import { cluster, oneAgent } from '../../test/cluster.js';
import { RawFramework } from '../../test/raw-framework.js';
import { OfferConstraintsFilter, validateOfferConstraints } from './offer-constraints.js';

const constraints = (...groups: readonly AttributeConstraint[][]): OfferConstraints => ({
  role_constraints: { dev: { groups: groups.map((attribute_constraints) => ({ attribute_constraints })) } },
});
const on = (attribute_name: string, predicate: Partial<AttributeConstraint['predicate']>): AttributeConstraint => ({
  selector: { attribute_name },
  predicate,
});

describe('constraints on offers', () => {
  const agent: AgentInfo = { hostname: 'a1.example', attributes: parseAttributes('rack:r1;level:3') };
  const rows: readonly [name: string, predicate: AttributeConstraint['predicate'], fits: boolean][] = [
    ['rack', { exists: {} }, true],
    ['gpu', { exists: {} }, false],
    ['gpu', { not_exists: {} }, true],
    ['rack', { not_exists: {} }, false],
    ['rack', { text_equals: { value: 'r1' } }, true],
    ['rack', { text_equals: { value: 'r' } }, false],
    ['gpu', { text_equals: { value: 'r1' } }, false],
    ['rack', { text_not_equals: { value: 'r1' } }, false],
    ['gpu', { text_not_equals: { value: 'r1' } }, true],
    ['rack', { text_matches: { regex: 'r[12]' } }, true],
    // The whole text, not a part of it.
    ['rack', { text_matches: { regex: 'r' } }, false],
    ['rack', { text_not_matches: { regex: 'r[12]' } }, false],
    ['gpu', { text_matches: { regex: '.*' } }, false],
    ['gpu', { text_not_matches: { regex: '.*' } }, true],
    // What is no text is for the framework to judge.
    ['level', { text_equals: { value: '4' } }, true],
    ['level', { text_not_equals: { value: '3.0' } }, true],
    ['level', { text_matches: { regex: 'x' } }, true],
    ['level', { text_not_matches: { regex: '.*' } }, true],
  ];
  it.each(rows)('%s %j: %s', (name, predicate, fits) => {
    expect(new OfferConstraintsFilter(constraints([on(name, predicate)])).excludes('dev', agent)).toBe(!fits);
  });

  it('hold for the role that they name, and are all of one group', () => {
    const [yes, no] = [on('rack', { exists: {} }), on('gpu', { exists: {} })];
    const excluded = (...groups: AttributeConstraint[][]): boolean =>
      new OfferConstraintsFilter(constraints(...groups)).excludes('dev', agent);
    expect([excluded([yes, no]), excluded([no], [yes]), excluded([yes, yes])]).toEqual([true, false, false]);
    expect(new OfferConstraintsFilter(constraints([no])).excludes('other', agent)).toBe(false);
    const byName: AttributeConstraint = { selector: { pseudoattribute_type: 'HOSTNAME' }, predicate: { text_matches: { regex: 'a\\d\\..*' } } }; // prettier-ignore
    const byZone: AttributeConstraint = { selector: { pseudoattribute_type: 'ZONE' }, predicate: { exists: {} } };
    expect([excluded([byName]), excluded([byZone])]).toEqual([false, true]);
  });

  const senseless: readonly [given: OfferConstraints, message: string | RegExp][] = [
    [
      constraints(),
      "Offer constraints are not valid: 'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role dev",
    ],
    [constraints([]), /contains an empty RoleConstraints::Group$/],
    [
      constraints([on('rack', {})]),
      "Offer constraints are not valid: A role dev has an invalid 'AttributeConstraint': Unknown predicate type",
    ],
    [constraints([{ selector: {}, predicate: { exists: {} } }]), /Exactly one of .* must be set$/],
    [constraints([on('rack', { text_matches: { regex: '(' } })]), /Failed to construct regex from pattern '\('/],
    [{ role_constraints: { ops: { groups: [] } } }, /for a role 'ops'/],
  ];
  it.each(senseless)('that make no sense are refused: %j', (given, message) => {
    expect(validateOfferConstraints(given, ['dev'])).toMatch(message);
  }); // prettier-ignore
});

describe('a framework', () => {
  it('is offered the agents that it wants, until it wants others', async () => {
    const mesos = await cluster({
      agents: ['r1', 'r2'].map((rack) => ({ ...oneAgent, hostname: rack, attributes: `rack:${rack}` })),
    });
    const wants = (value: string): OfferConstraints => constraints([on('rack', { text_equals: { value } })]);
    const framework = await RawFramework.subscribe(mesos.master.url, {}, { offer_constraints: wants('r2') });
    expect((await framework.offer()).hostname).toBe('r2');
    const framework_info = { user: '', name: 'raw', roles: ['dev'], capabilities: [{ type: 'MULTI_ROLE' }] };
    const update = (offer_constraints: OfferConstraints) =>
      framework.call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info, offer_constraints } });
    expect(await update(constraints([]))).toMatchObject({
      status: 400,
      body: expect.stringContaining('empty RoleConstraints::Group'),
    });
    expect((await update(wants('r1'))).status).toBe(200);
    expect((await framework.offer()).hostname).toBe('r1');
    const state = (await (await fetch(`${mesos.master.url}/state`)).json()) as { frameworks: unknown[] };
    expect(state.frameworks).toMatchObject([{ offer_constraints: wants('r1') }]);
  });
});
