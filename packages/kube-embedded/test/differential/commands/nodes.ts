import { type Command, told } from './command.js';

/** Nodes: cordons, taints, drains. */
export const nodes: readonly Command[] = [
  told('create -f -', 'apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n'),
  { line: 'get node node-1 -o jsonpath={.metadata.annotations}', until: '"0"' },
  { line: 'get events --field-selector=reason=RegisteredNode', until: 'node-1' },
  told('get nodes -o wide'),
  told('patch node node-1 -p {"spec":{"unschedulable":true}}'),
  { line: 'get node node-1 -o jsonpath={.spec.taints}', until: 'unschedulable' },
  told('get nodes -o jsonpath={.items[*].status.addresses[?(@.type=="ExternalIP")].address}'),
  told(
    'get nodes -o jsonpath={range .items[*]}{@.metadata.name}:{range @.status.conditions[*]}{@.type}={@.status};{end}{end}',
  ),
  told('get node -o custom-columns=NODE_NAME:.metadata.name,STATUS:.status.conditions[?(@.type=="Ready")].status'),
  told(
    'get nodes -o custom-columns=NodeName:.metadata.name,TaintKey:.spec.taints[*].key,TaintValue:.spec.taints[*].value,TaintEffect:.spec.taints[*].effect',
  ),
  told('describe node node-1'),
  told('patch node node-1 -p {"spec":{"unschedulable":false}}'),
  { line: 'get node node-1 -o jsonpath={.spec}', until: '{}' },
  told('cordon node-1'),
  { line: 'get node node-1 -o jsonpath={.spec.taints}', until: 'unschedulable' },
  told('uncordon node-1'),
  { line: 'get node node-1 -o jsonpath={.spec}', until: '{}' },
  told('cordon nobody'),
  told('taint nodes node-1 dedicated=special-user:NoSchedule'),
  told('taint nodes node-1 dedicated=other:NoSchedule --overwrite'),
  told('taint nodes node-1 dedicated:NoSchedule-'),
  told('label node node-1 role=worker'),
  told('get node node-1 --show-labels'),
  told('drain node-1 --ignore-daemonsets'),
  told('delete node node-1'),
];
