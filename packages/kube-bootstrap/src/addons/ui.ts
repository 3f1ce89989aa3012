import type { Deployment, Service } from '@kmd/kube-client';
import type { Addon } from './addon.js';

export interface UiOptions {
  /** How its pod starts: the program and its arguments. */
  command: readonly string[];
  environment?: Readonly<Record<string, string>> | undefined;
  /** Names it only, for a pod that runs as processes of its agent. */
  image?: string | undefined;
  /** On the pod, for instance the runtime that it wants. */
  annotations?: Readonly<Record<string, string>> | undefined;
}

const NAMESPACE = 'kube-system';
/** The service to which the API server's `/ui/` leads. */
const NAME = 'kubernetes-dashboard';
const LABELS = { 'k8s-app': NAME };
/** Where its server listens. */
const PORT = 8080;

/** The page of the cluster, behind the API server's `/ui/`, where the KubeUI of 2015 was. */
export function uiAddon({ command, environment = {}, image, annotations }: UiOptions): Addon {
  const metadata = {
    name: NAME,
    namespace: NAMESPACE,
    labels: { ...LABELS, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'KubeUI' },
  };
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: LABELS, ports: [{ port: 80, targetPort: PORT, protocol: 'TCP' }] },
  };
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS, ...(annotations === undefined ? {} : { annotations: { ...annotations } }) },
        spec: {
          // It asks nothing of the API server: the page does, as the person who looks at it.
          automountServiceAccountToken: false,
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
          containers: [
            {
              name: 'ui',
              image: image ?? 'kmd/web-ui',
              command: [...command],
              env: Object.entries(environment).map(([name, value]) => ({ name, value })),
              ports: [{ containerPort: PORT, protocol: 'TCP' }],
              resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
              readinessProbe: { httpGet: { path: '/healthz', port: PORT }, periodSeconds: 5 },
              livenessProbe: { httpGet: { path: '/healthz', port: PORT }, initialDelaySeconds: 30, periodSeconds: 30 },
            },
          ],
        },
      },
    },
  };
  return {
    name: 'ui',
    objects: [service, deployment],
    ready: { namespace: NAMESPACE, labelSelector: `k8s-app=${NAME}`, replicas: 1 },
  };
}
