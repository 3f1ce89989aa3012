import { describe, expect, it } from 'vitest';
import { findKind } from '../kinds/table.js';
import { parseLabelSelector } from './label-selector.js';
import { parseFieldSelector } from './selector.js';

const labelled = (labels: Record<string, string>) => ({ metadata: { name: 'x', namespace: 'n', labels } });

describe('label selectors', () => {
  it.each([
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['missing!=web', true],
    ['app in (web, db)', true],
    ['app notin (web,db)', false],
    ['missing notin (web)', true],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['app=web,tier in (front),!missing', true],
    ['app=web,tier=back', false],
    ['size>2', true],
    ['size<2', false],
    ['', true],
  ])('%s is %s', (selector, expected) => {
    expect(parseLabelSelector(selector)(labelled({ app: 'web', tier: 'front', size: '3' }))).toBe(expected);
  });

  it.each(['a=b=c', 'in (', '=x', 'a>x'])('refuses %s', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrowError(
      expect.objectContaining({ status: 400, code: 'BadRequest' }),
    );
  });
});

describe('field selectors', () => {
  const pods = findKind('', 'v1', 'pods')!;
  const pod = { metadata: { name: 'x', namespace: 'n' }, spec: { nodeName: 'm1' }, status: { phase: 'Running' } };

  it.each([
    ['metadata.name=x', true],
    ['spec.nodeName=m1,status.phase!=Failed', true],
    ['spec.nodeName=', false],
    ['status.phase=Pending', false],
  ])('%s is %s', (selector, expected) => {
    expect(parseFieldSelector(selector, pods).matches(pod)).toBe(expected);
  });

  it('knows only the fields that the kind lets be selected', () => {
    expect(() => parseFieldSelector('spec.hostname=x', pods)).toThrowError('field label not supported: spec.hostname');
  });
});
