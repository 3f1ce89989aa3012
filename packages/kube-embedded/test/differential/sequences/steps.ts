import type { Step } from '../sequence.js';
import { container } from './samples.js';

export const merge = 'application/merge-patch+json';
export const strategic = 'application/strategic-merge-patch+json';
export const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
export const ns = '/api/v1/namespaces/{ns}';
export const apps = '/apis/apps/v1/namespaces/{ns}';
export const pod = (
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Readonly<Record<string, unknown>> = {},
): Step => ({
  method: 'POST',
  path: `${ns}/pods`,
  body: { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { containers: [container], ...spec } },
});
export const post = (path: string, body: unknown, more: Partial<Step> = {}): Step => ({
  method: 'POST',
  path,
  body,
  ...more,
});
export const patch = (path: string, body: unknown, type = merge): Step => ({ method: 'PATCH', path, body, type });
