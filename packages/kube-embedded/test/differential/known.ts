import type { Known } from './verdict.js';

const version = 'it says what it is: another program than the real one, made by another compiler';
const discovered = 'aggregated discovery of a real server leaves out what its layers have not told each other yet';
const go = "a text that prints a structure of Go's with types of the server's inside";
const definitionRules =
  'definitions of custom resources are held against fewer rules of their schemas, told in another order';

/** What the embedded server is known to answer otherwise than the real one. */
export const known: readonly Known[] = [
  { in: 'health', steps: [5], reason: version },
  { in: 'what everybody signed in may', steps: [1], reason: version },
  { in: 'aggregated discovery of the core', reason: discovered },
  { in: 'aggregated discovery of the groups', reason: discovered },
  { in: 'selectors that stay', steps: [9], reason: go },
  { in: 'a definition without versions', reason: go },
  { in: 'a definition with two stored versions', reason: go },
  { in: 'a definition with a schema that is none', reason: definitionRules },
  { in: 'a definition with a schema without types', reason: definitionRules },
  { in: 'a definition without names', reason: definitionRules },
  { in: 'managed fields of defaults', steps: [7], reason: "the texts of Go's parser of YAML" },
  { in: 'json patches', steps: [8], reason: 'the patched object is shown with its fields in another order' },
  {
    in: 'duplicates and cases of fields',
    steps: [1],
    reason: 'of objects that are named twice the last counts alone; the real one merges them',
  },
  { in: 'a hook of helm, and tests', steps: [2, 3], reason: 'the status of a job is taken as it is told' },
  {
    in: 'leaders are elected by leases',
    steps: [6],
    reason: 'the patched object is shown with its fields in another order',
  },
  { in: 'a pod with a mistake: privileges', reason: go },
  { in: 'persistentvolumes: no capacity', reason: 'an empty map is nothing here' },
  { in: 'endpoints: a loopback address', reason: 'on purpose: everything of a local cluster has loopback addresses' },
  {
    in: 'jobs.batch is patched in each form',
    steps: [8],
    reason: 'labels that follow from a changed uid are not held against it',
  },
  {
    in: 'a user in the place of another',
    steps: [6],
    reason: 'groups without a user are refused with a status; the real one writes a line of text',
  },
  {
    in: 'kubectl describe endpoints applied',
    reason: 'endpoints have no annotation for when what they follow from changed, by which the network is measured',
  },
];
