import { type Command, told } from './command.js';
import { sleepers, web } from './manifests.js';

/** Taking things away again. */
export const deleting: readonly Command[] = [
  told('delete pod busy --now'),
  told('delete pod busy --ignore-not-found'),
  told('delete pod busy'),
  told('delete -f -', web),
  told('delete -f -', sleepers),
  told('delete pods,services -l app=nobody'),
  told('delete pod,service pod plain'),
  told('delete cronjob monthly'),
  told('delete job hello'),
  told('delete svc -l app=nginx'),
  told('delete deployment nginx --dry-run=server'),
  told('delete deployment nginx many --wait=false'),
  told('delete hpa --all'),
  told('delete pods,services --all --namespace=test'),
  told('delete ns test --wait=false'),
  told('delete ns default'),
];
