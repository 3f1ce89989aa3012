import { describe, expect, it } from 'vitest';
import { kinds } from '../kinds/table.js';
import { conform } from './conform.js';
import { type Type, definition, definitionNames, definitionOf } from './definition.js';
import { decodeProtobuf } from './protobuf.js';

const pod = definitionOf('', 'v1', 'Pod')!;

describe('the table of definitions', () => {
  it('has a definition for every served kind', () => {
    expect(kinds.filter(({ group, version, kind }) => !definitionOf(group, version, kind))).toEqual([]);
  });

  it('leads nowhere outside itself', () => {
    const missing: string[] = [];
    const visit = (type: Type, from: string): void => {
      if (type.form === 'list') visit(type.items, from);
      else if (type.form === 'map') visit(type.values, from);
      else if (type.form === 'definition' && !definition(type.name)) missing.push(`${from} -> ${type.name}`);
    };
    for (const name of definitionNames()) {
      for (const field of definition(name)?.fields.values() ?? []) visit(field.type, `${name}.${field.name}`);
    }
    expect(missing).toEqual([]);
  });
});

describe('an object held against its definition', () => {
  it('loses nulls and unknown fields, and the unknown are named', () => {
    const { object, unknown } = conform(
      { metadata: { name: 'x', labels: null }, spec: { containers: [{ name: 'c', imag: 'x' }], foo: 1 }, extra: {} },
      pod,
      'Pod',
      'v1',
    );
    expect(object).toEqual({ metadata: { name: 'x' }, spec: { containers: [{ name: 'c', resources: {} }] } });
    expect(unknown).toEqual(['spec.containers[0].imag', 'spec.foo', 'extra']);
  });

  it('loses what says no more than its absence, but for what may be zero or absent', () => {
    const spec = { hostNetwork: false, nodeName: '', tolerations: [], priority: 0, containers: [] };
    expect(conform({ spec }, pod, 'Pod', 'v1').object).toEqual({ spec: { priority: 0, containers: [] } });
    expect(conform({ spec }, pod, 'Pod', 'v1', { zeros: true }).object).toEqual({ spec });
  });

  it.each([
    [
      { spec: { containers: 'x' } },
      /cannot unmarshal string into Go struct field PodSpec.spec.containers of type \[\]v1.Container/,
    ],
    [
      { metadata: { labels: { a: 1 } } },
      /cannot unmarshal number into Go struct field ObjectMeta.metadata.labels.* of type string/,
    ],
    [{ spec: { terminationGracePeriodSeconds: 1.5 } }, /of type int64/],
    [{ metadata: { creationTimestamp: 'yesterday' } }, /parsing time "yesterday"/],
    [{ spec: { containers: [{ name: 'c', resources: { limits: { cpu: '1 core' } } }] } }, /quantities must match/],
  ])('is refused for %j', (object, message) => {
    expect(() => conform(object as never, pod, 'Pod', 'v1')).toThrowError(message);
  });

  it('keeps clear of prototypes', () => {
    const hostile = JSON.parse('{"metadata":{"name":"x","labels":{"__proto__":"p","a":"b"}}}');
    const { object } = conform(hostile, pod, 'Pod', 'v1');
    expect(object).toEqual({ metadata: { name: 'x', labels: { a: 'b' } } });
  });
});

describe('protobuf', () => {
  const field = (number: number, bytes: Uint8Array | string): Buffer => {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes);
    return Buffer.concat([Buffer.from([(number << 3) | 2, data.length]), data]);
  };
  const varint = (number: number, value: number): Buffer => Buffer.from([number << 3, value]);
  const envelope = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from('k8s\0'),
      field(1, Buffer.concat([field(1, apiVersion), field(2, kind)])),
      field(2, raw),
    ]);

  it('reads numbers, texts, lists, maps, embedded messages, and tells zero from absent', () => {
    const metadata = field(
      1,
      Buffer.concat([field(1, 'web'), field(3, ''), field(11, Buffer.concat([field(1, 'app'), field(2, 'web')]))]),
    );
    const port = Buffer.concat([field(1, ''), varint(3, 80), field(4, 'TCP')]);
    const volume = Buffer.concat([field(1, 'v'), field(2, field(2, ''))]);
    const container = Buffer.concat([
      field(1, 'c'),
      field(6, port),
      field(8, field(1, Buffer.concat([field(1, 'cpu'), field(2, field(1, '1'))]))),
    ]);
    const podSpec = Buffer.concat([field(1, volume), field(2, container), varint(11, 0)]);
    const template = field(3, field(2, podSpec));
    const spec = field(2, Buffer.concat([varint(1, 0), template, varint(5, 0)]));
    expect(decodeProtobuf(envelope('apps/v1', 'Deployment', Buffer.concat([metadata, spec])))).toEqual({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        replicas: 0,
        template: {
          spec: {
            volumes: [{ name: 'v', emptyDir: {} }],
            containers: [
              { name: 'c', ports: [{ containerPort: 80, protocol: 'TCP' }], resources: { limits: { cpu: '1' } } },
            ],
          },
        },
      },
    });
  });

  it.each([
    Buffer.from('{"kind":"Pod"}'),
    envelope('v1', 'Pod', Buffer.from([0x0a, 0x7f, 0x01])),
    envelope('v1', 'Nonsense', Buffer.alloc(0)),
    Buffer.concat([
      Buffer.from('k8s\0'),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    ]),
  ])('refuses what is none: %#', (bytes) => {
    expect(() => decodeProtobuf(bytes)).toThrowError(expect.objectContaining({ status: 400 }));
  });
});
