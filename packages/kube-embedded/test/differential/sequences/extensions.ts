import type { Sequence, Step } from '../sequence.js';
import { container } from './samples.js';
import { ns, patch, pod, post, table } from './steps.js';

const admission = '/apis/admissionregistration.k8s.io/v1';
const rules = [{ apiGroups: ['zz'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['zz'] }];
const webhook = {
  name: 'a.b.c',
  clientConfig: { service: { name: 'x', namespace: 'y' } },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  rules,
};

/** A request for the certificate of a user `me`: an RSA key of 2048 bits that nobody has. */
const request =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQ1VqQ0NBVG9DQVFBd0RURUxNQWtHQTFVRUF3d0NiV1V3Z2dFaU1BMEdDU3FHU0liM0RRRUJBUVVBQTRJQgpEd0F3Z2dFS0FvSUJBUUREMm9WdzdwMHRkeitOWjR5WWZ1RjhVTHE1d2ZEZmI5V05xQlZtUVlNblBVelRpdDRCCnV4VHE2REhRVFNkdmRzeC9LREJkeDBGYXdEM3RvZ1Q3c2c2TGNzWW1DbTN1K3Bra05HaWgrZWMwR2NaWUJrV3gKUFlpb2FSYUxiQ2Q2bW1lQXFTdUVNZDdQNVBVUzczQ1dLanltMytnazBIZ3VWeUNTb0xBOHVvK2duVE1SZ3JYQwpiTUkwelFSOEFtVXJmZ0oybk0xNFdqM2Z0Rmt0bmM4QVRJYnMzRUJOZEwyVGYxSXJiNGFlVThua292ZVd1NDF0CitwSVh4RWE0ZTZzSkROVEx6dDFycWJ4MFpIZ2E2K3UwMWk2ei9IRmE3Tk5QQkN0L29IZ0JGNTBUYWRza01mTmEKVE9jTlhwQjdndzl0cGhJVzBuL3VxSmZvUGgxVDZLYWpvb3pGQWdNQkFBR2dBREFOQmdrcWhraUc5dzBCQVFzRgpBQU9DQVFFQVljNm8yQU5rRC9mSk9EdUVYb2VUajdtcWh0QlZBakozUVFYQkJkSzN0QXQyS2ZPRlRNbDBFemRRCnd3cWJBUEVsQmJkWXM5YUk1UkVFUlRvTFpNMiswdjN5MmY4U0NnWEJreTFSZVZMNXpwbisvc1kwU1ZqTzVYQzMKRmlXU2VsbmVRbTI2VGlQMnFZYmVHMm41My9vY0J6eW1HKzN2ejdZNzNzWVk3TUxBRE5ZQXdGWUs2RjBjK1ptWAprdkZnSHZuRkxNcElVdjQxWGFHVGtIUENiU0ZGZnJEd0x1eEJtSnNaZjE0ZUNKSXRJSlNTYktyUnVEbFdPYjVECjY3TTBFRVJGcWEwMXArSGh6d3RxR2sxMXBJM2V4ckpBaXRxclEvTVpYOUE0YlljVVF1K1VpelR3WTBwTXVsVTAKVVVpc3RJRithM3l6c2x0ZEwvbXNIcTNHNHBWcS93PT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==';

const certificateRequests = '/apis/certificates.k8s.io/v1/certificatesigningrequests';

/** Kinds by which a cluster is extended, each with an object of it and a change. */
const kinds: Readonly<Record<string, { body: Readonly<Record<string, unknown>>; change: unknown; name?: string }>> = {
  '/apis/node.k8s.io/v1/runtimeclasses': {
    body: { handler: 'h', overhead: { podFixed: { cpu: '1m' } }, scheduling: { nodeSelector: { a: 'b' } } },
    change: { scheduling: { nodeSelector: { a: 'c' } } },
  },
  '/apis/networking.k8s.io/v1/servicecidrs': {
    body: { spec: { cidrs: ['10.77.0.0/24'] } },
    change: { metadata: { labels: { c: 'd' } } },
  },
  '/apis/networking.k8s.io/v1/ipaddresses': {
    name: '10.99.9.9',
    body: { spec: { parentRef: { resource: 'services', name: 'x', namespace: 'default' } } },
    change: { metadata: { labels: { c: 'd' } } },
  },
  [`${admission}/validatingwebhookconfigurations`]: {
    body: { webhooks: [webhook] },
    change: { webhooks: [{ ...webhook, failurePolicy: 'Ignore' }] },
  },
  [`${admission}/mutatingwebhookconfigurations`]: {
    body: { webhooks: [{ ...webhook, clientConfig: { url: 'https://x.example.com/' } }] },
    change: { metadata: { annotations: { c: 'd' } } },
  },
  [`${admission}/validatingadmissionpolicies`]: {
    body: { spec: { matchConstraints: { resourceRules: rules }, validations: [{ expression: 'true' }] } },
    change: { spec: { failurePolicy: 'Ignore' } },
  },
  [`${admission}/validatingadmissionpolicybindings`]: {
    body: { spec: { policyName: 'p', validationActions: ['Deny'] } },
    change: { spec: { validationActions: ['Audit'] } },
  },
  '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations': {
    body: { spec: { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } } },
    change: { spec: { limited: { nominalConcurrencyShares: 5 } } },
  },
};

const binding = (target: string) => ({ metadata: { name: 'a' }, target: { kind: 'Node', name: target } });

/** Bindings, requests for certificates, and the kinds by which a cluster is extended. */
export const extensions: readonly Sequence[] = [
  ...Object.entries(kinds).map(([path, { body, change, name = 'one-{ns}' }]): Sequence => ({
    name: `${path.split('/').at(-1) ?? ''} come and go`,
    steps: [
      post(path, { metadata: { name, labels: { a: '{ns}' } }, ...body }),
      { path: `${path}/${name}`, accept: table },
      patch(`${path}/${name}`, change),
      { path, query: { labelSelector: 'a={ns}' } },
      post(path, { metadata: { name }, ...body }),
      { method: 'DELETE', path: `${path}/${name}` },
      { path: `${path}/${name}` },
    ],
  })),
  {
    name: 'a request for a certificate is approved',
    steps: [
      post(certificateRequests, {
        metadata: { name: '{ns}' },
        spec: { request, signerName: 'example.com/nobody', usages: ['client auth'] },
      }),
      { path: `${certificateRequests}/{ns}`, accept: table },
      {
        method: 'PUT',
        path: `${certificateRequests}/{ns}/approval`,
        body: {
          metadata: { name: '{ns}' },
          spec: { request, signerName: 'example.com/nobody', usages: ['client auth'] },
          status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Fine', message: 'it is' }] },
        },
      },
      { path: `${certificateRequests}/{ns}`, accept: table },
      patch(`${certificateRequests}/{ns}`, {
        spec: { signerName: 'x.example.com/y' },
      }),
      { method: 'DELETE', path: `${certificateRequests}/{ns}` },
    ],
  },
  {
    name: 'requests for certificates that are refused',
    steps: [
      ...[
        { request: 'bm90aGluZw==' },
        { usages: [] },
        { usages: ['fun', 'any', 'any'] },
        { signerName: '' },
        { signerName: 'nobody' },
        { signerName: 'a/b/c' },
        { signerName: 'one/b' },
        { signerName: 'Big.example.com/b' },
        { expirationSeconds: 599 },
        { request: 'bm90aGluZw==', signerName: 'kubernetes.io/kube-apiserver-client' },
      ].map((spec) =>
        post(certificateRequests, {
          metadata: { name: '{ns}' },
          spec: { request, signerName: 'example.com/nobody', usages: ['client auth'], ...spec },
        }),
      ),
    ],
  },
  {
    name: 'conditions of a request for a certificate',
    steps: [
      post(certificateRequests, {
        metadata: { name: '{ns}' },
        spec: { request, signerName: 'example.com/nobody', usages: ['client auth'], expirationSeconds: 86400 },
      }),
      ...[
        ['status', { conditions: [{ type: 'Approved', status: 'True' }] }],
        ['approval', { conditions: [{ type: 'Approved', status: 'False' }] }],
        [
          'approval',
          {
            conditions: [
              { type: 'Approved', status: 'True' },
              { type: 'Denied', status: 'True' },
            ],
          },
        ],
        [
          'approval',
          {
            conditions: [
              { type: 'Odd', status: 'True' },
              { type: 'Odd', status: 'True' },
            ],
          },
        ],
        ['approval', { conditions: [{ status: 'True' }, { type: 'Odd' }] }],
        ['approval', { conditions: [{ type: 'Denied', status: 'True' }] }],
        ['approval', { conditions: [] }],
        ['status', { conditions: [] }],
      ].map(([subresource = '', status]): Step => ({
        method: 'PUT',
        path: `${certificateRequests}/{ns}/${String(subresource)}`,
        body: { metadata: { name: '{ns}' }, spec: { request, signerName: 'a', usages: ['client auth'] }, status },
      })),
      { path: `${certificateRequests}/{ns}`, accept: table },
    ],
  },
  {
    name: 'bindings by themselves',
    steps: [
      pod('a'),
      post(`${ns}/bindings`, binding('some-node')),
      { path: `${ns}/pods/a` },
      post(`${ns}/bindings`, binding('other-node')),
      post(`${ns}/bindings`, { ...binding('x'), metadata: { name: 'nobody' } }),
      { path: `${ns}/bindings` },
      { path: `${ns}/bindings/a` },
      post(`${ns}/pods`, { metadata: { name: 'b' }, spec: { containers: [container], runtimeClassName: 'nothing' } }),
    ],
  },
];
