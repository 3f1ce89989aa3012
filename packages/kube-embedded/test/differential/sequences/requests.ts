import type { Sequence } from '../sequence.js';
import { container, selector, template } from './samples.js';
import { apps, ns, patch, pod, post } from './steps.js';

/** The forms of requests: selectors, versions, watches, patches, fields, warnings. */
export const requests: readonly Sequence[] = [
  {
    name: 'fields of pods that select',
    steps: [
      pod('a', { restartPolicy: 'Never' }),
      { path: `${ns}/pods`, query: { fieldSelector: 'spec.restartPolicy=Never,status.phase=Pending' } },
      {
        path: `${ns}/pods`,
        query: {
          fieldSelector:
            'spec.schedulerName=default-scheduler,spec.serviceAccountName=default,status.podIP=,spec.hostNetwork=false',
        },
      },
      { path: `${ns}/pods`, query: { fieldSelector: 'spec.containers=x' } },
      { path: `${ns}/pods`, query: { fieldSelector: 'metadata.name' } },
      { path: `${ns}/pods`, query: { fieldSelector: 'a=b,,c' } },
      { path: `${ns}/secrets`, query: { fieldSelector: 'type=Opaque' } },
      { path: `${ns}/events`, query: { fieldSelector: 'involvedObject.name=x,reason=y' } },
      { path: '/api/v1/nodes', query: { fieldSelector: 'spec.unschedulable=true' } },
      { path: `${ns}/services`, query: { fieldSelector: 'spec.type=ClusterIP' } },
      { path: '/apis/batch/v1/namespaces/{ns}/jobs', query: { fieldSelector: 'status.successful=1' } },
      { path: `${apps}/replicasets`, query: { fieldSelector: 'status.replicas=0' } },
    ],
  },
  ...[
    'a==',
    '=b',
    'a=b,',
    'a in ()',
    'a notin (x',
    '!',
    'a>1',
    'a<x',
    'not a key=v',
    'a=not!ok',
    'a in (b,c),!d',
    ',',
  ].map((text) => ({
    name: `the label selector ${text}`,
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'c', labels: { a: '5' } } }),
      { path: `${ns}/configmaps`, query: { labelSelector: text } },
    ],
  })),
  {
    name: 'versions of lists',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'a' } }),
      post(`${ns}/configmaps`, { metadata: { name: 'b' } }),
      {
        path: `${ns}/configmaps`,
        query: { resourceVersion: '{0.metadata.resourceVersion}', resourceVersionMatch: 'Exact' },
      },
      {
        path: `${ns}/configmaps`,
        query: { resourceVersion: '{0.metadata.resourceVersion}', resourceVersionMatch: 'NotOlderThan' },
      },
      { path: `${ns}/configmaps`, query: { resourceVersion: '0', resourceVersionMatch: 'Exact' } },
      { path: `${ns}/configmaps`, query: { resourceVersion: '1', resourceVersionMatch: 'Nope' } },
      { path: `${ns}/configmaps`, query: { resourceVersion: 'x' } },
      { path: `${ns}/configmaps`, query: { limit: '-1' } },
      { path: `${ns}/configmaps/a`, query: { resourceVersion: '0' } },
      {
        path: `${ns}/configmaps`,
        query: { limit: '1', resourceVersion: '{0.metadata.resourceVersion}', resourceVersionMatch: 'Exact' },
      },
      { path: `${ns}/configmaps`, query: { sendInitialEvents: 'true' } },
    ],
  },
  {
    name: 'old watches',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'a' } }),
      {
        path: '/api/v1/watch/namespaces/{ns}/configmaps',
        query: { resourceVersion: '0', timeoutSeconds: '5' },
        events: 1,
      },
      { path: '/api/v1/watch/namespaces/{ns}/configmaps/a', query: { timeoutSeconds: '5' }, events: 1 },
      { path: `${ns}/configmaps/a`, query: { watch: 'true', timeoutSeconds: '5' }, events: 1 },
      {
        path: `${ns}/configmaps`,
        query: { watch: '1', fieldSelector: 'metadata.name=a', timeoutSeconds: '5' },
        events: 1,
      },
    ],
  },
  {
    name: 'managed fields of defaults',
    steps: [
      post(
        `${apps}/deployments`,
        { metadata: { name: 'd' }, spec: { selector, template } },
        { query: { fieldManager: 'me' } },
      ),
      patch(`${apps}/deployments/d`, { spec: { replicas: 2 } }),
      patch(`${apps}/deployments/d`, { metadata: { managedFields: [{}] } }),
      patch(`${apps}/deployments/d`, {
        metadata: {
          managedFields: [
            { manager: 'x', operation: 'Nope', apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1: {} },
          ],
        },
      }),
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'you' },
        body: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'd' },
          spec: { replicas: 3, template: { spec: { containers: [{ name: 'main', image: 'other' }] } } },
        },
      },
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'you', force: 'true' },
        body: 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  replicas: 3\n',
      },
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'x'.repeat(129) },
        body: { apiVersion: 'apps/v1', kind: 'Deployment' },
      },
      {
        method: 'PATCH',
        path: `${apps}/deployments/d`,
        type: 'application/apply-patch+yaml',
        query: { fieldManager: 'you' },
        body: '{not: [yaml',
      },
    ],
  },
  {
    name: 'json patches',
    steps: [
      post(`${ns}/configmaps`, { metadata: { name: 'c' }, data: { a: '1', b: '2' } }),
      ...[
        [{ op: 'replace', path: '/data/a', value: '3' }],
        [{ op: 'move', from: '/data/a', path: '/data/z' }],
        [{ op: 'copy', from: '/data/z', path: '/data/y' }],
        [{ op: 'add', path: '/data/x/y', value: '1' }],
        [{ op: 'replace', path: '/data/none', value: '1' }],
        [{ op: 'fly', path: '/data' }],
        [{ path: '/data' }],
        [{ op: 'add', path: '/data/n', value: 5 }],
        [{ op: 'remove', path: '/metadata/name' }],
        [{ op: 'add', path: '/metadata/finalizers/-', value: 'example.com/x' }],
        [],
      ].map((body) => patch(`${ns}/configmaps/c`, body, 'application/json-patch+json')),
      { path: `${ns}/configmaps/c` },
    ],
  },
  {
    name: 'duplicates and cases of fields',
    steps: [
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        query: { fieldValidation: 'Strict' },
        body: '{"metadata":{"name":"x"},"data":{"a":"1","a":"2"}}',
      },
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        query: { fieldValidation: 'Warn' },
        body: '{"metadata":{"name":"x"},"data":{"a":"1"},"data":{"b":"2"}}',
      },
      {
        method: 'POST',
        path: `${ns}/configmaps`,
        query: { fieldValidation: 'Strict' },
        body: { Metadata: { name: 'y' }, Data: { a: 'b' } },
      },
      post(
        `${ns}/pods`,
        {
          metadata: { name: 'z' },
          spec: {
            containers: [{ ...container, imag: 'x', ports: [{ contianerPort: 80, containerPort: 80 }] }],
            foo: {},
          },
        },
        { query: { fieldValidation: 'Strict' } },
      ),
    ],
  },
  {
    name: 'deprecated things are warned of',
    steps: [
      pod('a', {}, { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '' } }),
      pod('b', { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }),
      pod('c', {
        containers: [
          {
            ...container,
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          },
        ],
      }),
      { path: `${ns}/endpoints` },
      { path: '/api/v1/componentstatuses/x' },
      post(`${ns}/services`, {
        metadata: { name: 'x' },
        spec: { ports: [{ port: 80 }], externalIPs: ['010.001.002.003'] },
      }),
    ],
  },
  {
    name: 'logs and doors',
    steps: [
      pod('a'),
      { path: `${ns}/pods/a/log` },
      { path: `${ns}/pods/nobody/log` },
      { path: `${ns}/pods/a/log`, query: { container: 'nope' } },
      { path: `${ns}/pods/a/log`, query: { tailLines: '-1' } },
      { path: `${ns}/pods/nobody/exec` },
      { path: `${ns}/services/nobody/proxy/` },
      { path: `${ns}/pods/nobody/proxy/` },
    ],
  },
  {
    name: 'updates of everything',
    steps: [
      pod('a'),
      {
        method: 'PUT',
        path: `${ns}/pods/a`,
        body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [container] } },
      },
      { method: 'PUT', path: `${ns}/pods/a`, body: { metadata: { name: 'b' } } },
      { method: 'PUT', path: `${ns}/pods/a`, body: {} },
      post(`${ns}/services`, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } }),
      { method: 'PUT', path: `${ns}/services/s`, body: { metadata: { name: 's' }, spec: { ports: [{ port: 81 }] } } },
      {
        method: 'PUT',
        path: `${ns}/services/s`,
        body: {
          metadata: { name: 's', resourceVersion: '{4.metadata.resourceVersion}' },
          spec: { ports: [{ port: 82 }] },
        },
      },
      { method: 'PUT', path: `${ns}/services/t`, body: { metadata: { name: 't' }, spec: { ports: [{ port: 82 }] } } },
      {
        method: 'PUT',
        path: '/apis/coordination.k8s.io/v1/namespaces/{ns}/leases/new',
        body: { metadata: { name: 'new' }, spec: {} },
      },
    ],
  },
];
