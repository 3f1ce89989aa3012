/** Names of spec B2: the original framework's, kept so that tools which read them go on working. */
const prefix = 'k8s.mesosphere.io/';

/** Agent host name. Its presence on a pod says that the pod was launched: the scheduler leaves it alone. */
export const BINDING_HOST = `${prefix}bindingHost`;
export const TASK_ID = `${prefix}taskId`;
export const AGENT_ID = `${prefix}slaveId`;
export const OFFER_ID = `${prefix}offerId`;
export const EXECUTOR_ID = `${prefix}executorId`;
/** When the scheduler first saw the pod, got the offer, and accepted it: RFC 3339 to the millisecond, finer than Kubernetes' own times. */
export const QUEUED_AT = 'kmd.dev/queued-at';
export const OFFERED_AT = 'kmd.dev/offered-at';
export const LAUNCHED_AT = 'kmd.dev/launched-at';
/** On a node: the running executor's resources, as the JSON of Mesos' v1 API (the original wrote base64 protobuf). */
export const EXECUTOR_RESOURCES = `${prefix}executorResources`;
/** On a pod, by its user: the Mesos roles it may use, in order of preference. */
export const ROLES = `${prefix}roles`;
/** A pod **label**, by its user: `fixed` or `wildcard`. */
export const PORT_MAPPING = `${prefix}portMapping`;
/** Prefix of node labels made from agent attributes. */
export const ATTRIBUTE = `${prefix}attribute-`;

/** Annotation that tells which host port stands for a container's port. */
export const portAnnotation = (protocol: string, containerPort: number): string =>
  `${prefix}port_${protocol}_${containerPort}`;
/** The same for a port with a name. */
export const portNameAnnotation = (protocol: string, name: string): string => `${prefix}portName_${protocol}_${name}`;

/** Which runtime runs the pod: `hollow` (the default) or `process`. */
export const RUNTIME = 'kmd.dev/runtime';

/** Hollow pods: each container ends this long after its start (`5s`, `1m30s`, or seconds). With `.NAME` behind it, that container. */
export const HOLLOW_EXIT_AFTER = 'kmd.dev/hollow-exit-after';
/** Hollow pods: the exit code it ends with; 0 when absent. */
export const HOLLOW_EXIT_CODE = 'kmd.dev/hollow-exit-code';
/** Hollow pods: how long the pod stays in ContainerCreating. */
export const HOLLOW_START_AFTER = 'kmd.dev/hollow-start-after';
/** Hollow pods: text of the log; */
export const HOLLOW_LOG = 'kmd.dev/hollow-log';
/** … written again and again, once in this time. */
export const HOLLOW_LOG_EVERY = 'kmd.dev/hollow-log-every';
/** Hollow pods: startup and readiness probes pass from this time after the start on. */
export const HOLLOW_READY_AFTER = 'kmd.dev/hollow-ready-after';
/** Hollow pods: readiness and liveness probes fail from this time after the start on. */
export const HOLLOW_UNHEALTHY_AFTER = 'kmd.dev/hollow-unhealthy-after';

/** Kubernetes' own, on the mirror pod of a static pod. */
export const MIRROR = 'kubernetes.io/config.mirror';
export const STATIC_HASH = 'kubernetes.io/config.hash';
export const STATIC_SOURCE = 'kubernetes.io/config.source';
