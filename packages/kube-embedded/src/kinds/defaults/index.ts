import type { JsonObject } from '../../json/tree.js';
import { defaultDefinition } from '../../crd/strategy.js';
import { applySchemaDefaults } from '../../crd/validate.js';
import type { Kind } from '../kind.js';
import { fillZeros } from '../zero.js';
import { clusterDefaults } from './cluster.js';
import { extensionDefaults } from './extension.js';
import { podDefaults } from './pod.js';
import { serviceDefaults } from './service.js';
import { workloadDefaults } from './workload.js';

const crdStoreName = 'customresourcedefinitions.apiextensions.k8s.io';

/** What the real API server fills in, kind by kind (rules: Kubernetes 1.33, `pkg/apis/…/defaults.go`). Each changes its object in place. */
const defaults: Readonly<Record<string, (object: JsonObject) => void>> = {
  ...podDefaults,
  ...serviceDefaults,
  ...workloadDefaults,
  ...clusterDefaults,
  ...extensionDefaults,
};

export function applyDefaults(kind: Kind, object: JsonObject): void {
  if (kind.custom) applySchemaDefaults(kind.custom.schema, object);
  if (kind.store === crdStoreName) defaultDefinition(object);
  defaults[kind.store]?.(object);
  fillZeros(kind, object);
}
