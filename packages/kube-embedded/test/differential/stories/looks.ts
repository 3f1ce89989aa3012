import type { Step } from '../sequence.js';
import { ns, patch } from '../sequences/steps.js';
import type { Body, Look } from './story.js';

/** A list, until it has so many items and each is as it should be. */
export const list = (
  path: string,
  count: number,
  each: (item: Body) => boolean = () => true,
  labelSelector?: string,
): Look => ({
  path,
  ...(labelSelector === undefined ? {} : { query: { labelSelector } }),
  until: ({ items = [] }) => items.length === count && items.every(each),
});

/** An object, until it is as it should be. */
export const one = (path: string, until: (body: Body) => boolean): Look => ({ path, until });

/** An object's status, until it has these values. */
export const status = (path: string, wanted: Readonly<Record<string, unknown>>): Look =>
  one(path, (body) => Object.entries(wanted).every(([key, value]) => body.status?.[key] === value));

/** An object that has gone. */
export const gone = (path: string): Look => one(path, ({ code }) => code === 404);

/** What was told of objects of a kind: each sort of event once, as a batch may be told in one or in many. */
export const events = (kind: string, ...reasons: readonly string[]): Look => ({
  path: `${ns}/events`,
  query: { fieldSelector: `involvedObject.kind=${kind}` },
  until: ({ items = [] }) => reasons.every((reason) => items.some((event) => event.reason === reason)),
  view: ({ items = [] }) =>
    [...new Set(items.map(({ type, reason, message }) => [type, reason, message].join(' ')))].map((told) => ({ told })),
});

/** What a kubelet does of a pod of an earlier list: the pod is on a node, and its status is this. */
export const pod = (at: string, status: Readonly<Record<string, unknown>>): Step =>
  patch(`${ns}/pods/{${at}.metadata.name}/status`, { status });

/** A pod of one container that runs, and answers its probes or not. */
export const running = (ip: string, ready = true): Readonly<Record<string, unknown>> => ({
  phase: 'Running',
  podIP: ip,
  podIPs: [{ ip }],
  conditions: [
    { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: '2026-01-01T00:00:00Z' },
    { type: 'ContainersReady', status: ready ? 'True' : 'False', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ],
});

export const ended = (phase: 'Succeeded' | 'Failed'): Readonly<Record<string, unknown>> => ({
  phase,
  containerStatuses: [
    {
      name: 'main',
      image: 'nginx',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: {
        terminated: {
          exitCode: phase === 'Failed' ? 1 : 0,
          startedAt: '2026-01-01T00:00:00Z',
          finishedAt: '2026-01-01T00:00:01Z',
        },
      },
    },
  ],
});
