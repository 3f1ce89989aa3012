import {
  endpoints as endpointsResource,
  endpointSlices as sliceResource,
  isAlreadyExists,
  ignoreNotFound,
  pods as podResource,
  services as serviceResource,
  type EndpointSlice,
  type Pod,
  type Service,
} from '@kmd/kube-client';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import { expectationPatience, Expectations } from '../expectations.js';
import { Index } from '../informers.js';
import { isDeleting, keyOf, nameOf, namespaceOf, splitKey, uidOf } from '../ownership.js';
import { isReady } from '../pod-state.js';
import { matchesMap } from '../selector.js';
import { findBackends, hasSelector } from './addresses.js';
import { managedBy as endpointsManager, managedByLabel as endpointsManagerLabel, planEndpoints } from './plan.js';
import {
  managedBy as sliceManager,
  managedByLabel as sliceManagerLabel,
  planSlices,
  serviceNameLabel,
} from './slices.js';

/**
 * Milliseconds between two writes of one service's endpoints: each write holds every address, so that writing at every pod change would cost
 * the square of their number.
 */
const pace = 100;

/** What of a pod its services' endpoints show. */
const facetOf = (pod: Pod) => [
  pod.status?.podIP,
  isReady(pod),
  isDeleting(pod),
  pod.status?.phase,
  pod.spec?.nodeName,
  pod.spec?.hostname,
  pod.spec?.subdomain,
];

const sliceServiceKey = (slice: EndpointSlice): string =>
  `${namespaceOf(slice)}/${slice.metadata?.labels?.[serviceNameLabel] ?? ''}`;

/** Tells which pods are behind each service that selects pods: in its Endpoints and in its EndpointSlices. */
export function createEndpointsControllers(context: ControllerContext): Controller[] {
  const { api, informers } = context;
  const services = informers.of(serviceResource);
  const pods = informers.of(podResource);
  const endpoints = informers.of(endpointsResource);
  const slices = informers.of(sliceResource);
  const podsByNamespace = new Index(pods, (pod) => [namespaceOf(pod)]);
  const servicesByNamespace = new Index(services, (service) => [namespaceOf(service)]);
  const slicesByService = new Index(slices, (slice) => [sliceServiceKey(slice)]);
  // Slices have made-up names: one that is not seen yet would be made a second time.
  const expectations = new Expectations(context.clock);

  const add = (key: string) => {
    endpointsQueue.add(key);
    sliceQueue.add(key);
  };
  const addServicesOf = (pod: Pod) => {
    for (const service of servicesByNamespace.get(namespaceOf(pod))) {
      if (matchesMap(service.spec?.selector, pod.metadata?.labels)) add(keyOf(service));
    }
  };
  services.subscribe({
    added: (service) => add(keyOf(service)),
    updated: (service) => add(keyOf(service)),
    deleted: (service) => add(keyOf(service)),
  });
  pods.subscribe({
    added: addServicesOf,
    updated(pod, old) {
      const sameLabels = isEquivalent(pod.metadata?.labels, old.metadata?.labels);
      if (sameLabels && isEquivalent(facetOf(pod), facetOf(old))) return;
      addServicesOf(pod);
      if (!sameLabels) addServicesOf(old);
    },
    deleted: addServicesOf,
  });
  endpoints.subscribe({
    // At the start this finds those whose service went away while nobody watched.
    added(object) {
      if (object.metadata?.labels?.[endpointsManagerLabel] === endpointsManager) endpointsQueue.add(keyOf(object));
    },
    deleted: (object) => endpointsQueue.add(keyOf(object)),
  });
  slices.subscribe({
    added(slice) {
      const key = sliceServiceKey(slice);
      expectations.observeCreation(key);
      // At the start this also finds those whose service went away while nobody watched.
      sliceQueue.add(key);
    },
    deleted: (slice) => sliceQueue.add(sliceServiceKey(slice)),
  });

  const backendsOf = (service: Service) =>
    findBackends(
      service,
      podsByNamespace
        .get(namespaceOf(service))
        .filter((pod) => matchesMap(service.spec?.selector, pod.metadata?.labels)),
    );

  async function reconcileEndpoints(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const service = services.get(namespace, name);
    const current = endpoints.get(namespace, name);
    if (service === undefined) {
      if (current?.metadata?.labels?.[endpointsManagerLabel] !== endpointsManager) return;
      await api
        .delete(endpointsResource, name, { namespace, preconditions: { uid: uidOf(current) } })
        .catch(ignoreNotFound);
      return;
    }
    if (!hasSelector(service) || isDeleting(service)) return;
    const next = planEndpoints(service, backendsOf(service), current);
    if (next === undefined) return;
    if (current !== undefined) {
      await api.update(endpointsResource, next, { namespace });
      return;
    }
    try {
      await api.create(endpointsResource, next, { namespace });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const existing = await api.get(endpointsResource, name, { namespace });
      const merged = planEndpoints(service, backendsOf(service), existing);
      if (merged !== undefined) await api.update(endpointsResource, merged, { namespace });
    }
  }

  async function reconcileSlices(key: string): Promise<void> {
    const { namespace, name } = splitKey(key);
    const service = services.get(namespace, name);
    const current = slicesByService
      .get(key)
      .filter(({ metadata }) => metadata?.labels?.[sliceManagerLabel] === sliceManager);
    const remove = (slice: EndpointSlice) =>
      api
        .delete(sliceResource, nameOf(slice), { namespace, preconditions: { uid: uidOf(slice) } })
        .catch(ignoreNotFound);
    if (service === undefined) {
      await runAll(current, remove);
      return;
    }
    if (!hasSelector(service) || isDeleting(service)) return;
    if (!expectations.areMet(key)) {
      sliceQueue.addAfter(key, expectationPatience);
      return;
    }
    const plan = planSlices(service, backendsOf(service), current);
    expectations.expectCreations(key, plan.create.length);
    await runAll(plan.create, (slice) =>
      api.create(sliceResource, slice, { namespace }).catch((error: unknown) => {
        expectations.observeCreation(key);
        throw error;
      }),
    );
    await runAll(plan.update, (slice) => api.update(sliceResource, slice, { namespace }));
    await runAll(plan.remove, remove);
  }

  const endpointsQueue = createQueue(context, 'endpoint-controller', { reconcile: reconcileEndpoints, pace });
  const sliceQueue = createQueue(context, 'endpointslice-controller', { reconcile: reconcileSlices, pace });
  return [
    { name: 'endpoint-controller', queue: endpointsQueue, needs: [services, pods, endpoints] },
    { name: 'endpointslice-controller', queue: sliceQueue, needs: [services, pods, slices] },
  ];
}
