import type { Known } from './verdict.js';

const version = 'it says what it is: another program than the real one, made by another compiler';
const discovered = 'aggregated discovery of a real server leaves out what its layers have not told each other yet';
const go = "a text that prints a structure of Go's with types of the server's inside";
const definitions = 'a definition of custom resources is accepted and given its finalizer in the write that makes it';
const definitionRules =
  'definitions of custom resources are held against fewer rules of their schemas, told in another order';
const certificates = 'requests for certificates are managed by who makes them; the real one forgets that';
const deprecated = 'no warnings about old annotations, labels and forms of values, which are kept or refused';
const bookmark =
  'the empty object of a bookmark has what the stored form is filled in with, not what the internal one has';
const events = 'events of events.k8s.io keep the rules of those of the core group';
const tables = 'subresources are not shown as tables';
const prose = "Kubernetes' own documentation of fields is not repeated";

/** What the embedded server is known to answer otherwise than the real one. */
export const known: readonly Known[] = [
  { in: 'health', steps: [5], reason: version },
  { in: 'what everybody signed in may', steps: [1], reason: version },
  { in: 'aggregated discovery of the core', reason: discovered },
  { in: 'aggregated discovery of the groups', reason: discovered },
  { in: 'services take addresses', steps: [8], reason: 'no ports for health checks of load balancers are given' },
  { in: 'selectors that stay', steps: [9], reason: go },
  { in: 'a custom resource', reason: definitions },
  { in: 'a definition without versions', reason: go },
  { in: 'a definition with two stored versions', reason: go },
  { in: 'a definition with a schema that is none', reason: definitionRules },
  { in: 'a definition with a schema without types', reason: definitionRules },
  { in: 'a definition without names', reason: definitionRules },
  { in: 'ipaddresses come and go', steps: [1], reason: 'the real one has a cell for an age without a column for it' },
  { in: 'a request for a certificate is approved', steps: [0, 1, 2, 3, 4], reason: certificates },
  {
    in: 'managed fields of defaults',
    steps: [5],
    reason: 'an apply that changes nothing but its own fields leaves no time',
  },
  { in: 'managed fields of defaults', steps: [7], reason: "the texts of Go's parser of YAML" },
  { in: 'json patches', steps: [8], reason: 'the patched object is shown with its fields in another order' },
  {
    in: 'duplicates and cases of fields',
    steps: [1],
    reason: 'of objects that are named twice the last counts alone; the real one merges them',
  },
  { in: 'deprecated things are warned of', steps: [0, 1, 2, 5], reason: deprecated },
  { in: 'pods: a pull secret without a name', reason: deprecated },
  { in: 'persistentvolumes: no capacity', reason: 'an empty map is nothing here' },
  { in: 'endpoints: a loopback address', reason: 'on purpose: everything of a local cluster has loopback addresses' },
  {
    in: 'services is made in odd ways',
    steps: [6, 7],
    reason: 'a service without a good name is refused for its name; the real one first fails to give it an address',
  },
  {
    in: 'limitranges is made in odd ways',
    steps: [6],
    reason: 'a limit range without a name is refused; the real one names it by its uid',
  },
  { in: 'nodes has a status', steps: [7], reason: 'what nobody managed before an apply of the status has no manager' },
  { in: 'deployments.apps is watched', steps: [10], reason: bookmark },
  { in: 'replicasets.apps is watched', steps: [10], reason: bookmark },
  { in: 'statefulsets.apps is watched', steps: [10], reason: bookmark },
  { in: 'daemonsets.apps is watched', steps: [10], reason: bookmark },
  { in: 'horizontalpodautoscalers.autoscaling is watched', steps: [10], reason: bookmark },
  {
    in: 'jobs.batch is patched in each form',
    steps: [8],
    reason: 'labels that follow from a changed uid are not held against it',
  },
  { in: 'events.events.k8s.io is made in odd ways', steps: [7], reason: events },
  { in: 'events.events.k8s.io is patched in each form', steps: [8], reason: events },
  { in: 'events.events.k8s.io is watched', steps: [10], reason: bookmark },
  { in: 'events.events.k8s.io is updated with locks', steps: [14], reason: events },
  { in: 'events.events.k8s.io comes in bad bodies', steps: [13], reason: events },
  {
    in: 'a user in the place of another',
    steps: [6],
    reason: 'groups without a user are refused with a status; the real one writes a line of text',
  },
  { in: 'a stateful set, pod by pod', steps: [2, 7], reason: 'claims in use are not protected by a finalizer' },
  { in: 'kubectl apply -f - --validate=true', reason: go },
  { in: 'kubectl get deployment nginx --subresource=status', reason: tables },
  { in: 'kubectl get deployment many --subresource=scale', reason: tables },
  { in: 'kubectl explain pods', reason: prose },
  { in: 'kubectl explain pod.spec.containers.image', reason: prose },
  { in: 'kubectl explain deployment.spec.strategy --recursive', reason: prose },
  {
    in: 'kubectl describe node node-1',
    reason:
      'nodes get no annotation for how long their kubelets may keep secrets, no taint of being unschedulable and no event of being registered',
  },
];
