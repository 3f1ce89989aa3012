import type { Attribute } from '@kmd/mesos-client';
import { expect, it } from 'vitest';
import { labelAttributes } from './attribute.js';

it('makes labels of attributes: ranges become empty, impossible labels are left out', () => {
  const attributes: Attribute[] = [
    { name: 'rack', type: 'SCALAR', scalar: { value: 1 } },
    { name: 'gen', type: 'SCALAR', scalar: { value: 2011 } },
    { name: 'half', type: 'SCALAR', scalar: { value: 0.5 } },
    { name: 'zone', type: 'TEXT', text: { value: 'eu-west' } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } },
    { name: 'bad', type: 'TEXT', text: { value: 'two words' } },
    { name: 'also bad', type: 'TEXT', text: { value: 'x' } },
  ];
  expect(labelAttributes(attributes)).toEqual({
    'k8s.mesosphere.io/attribute-rack': '1',
    'k8s.mesosphere.io/attribute-gen': '2011',
    'k8s.mesosphere.io/attribute-half': '0.5',
    'k8s.mesosphere.io/attribute-zone': 'eu-west',
    'k8s.mesosphere.io/attribute-ports': '',
  });
});
