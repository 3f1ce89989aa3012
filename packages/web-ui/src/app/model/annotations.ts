/* What the framework writes on pods and nodes (packages/km, "How a pod becomes a task"). */
const prefix = 'k8s.mesosphere.io/';
export const TASK_ID = `${prefix}taskId`;
export const AGENT_ID = `${prefix}slaveId`;
export const OFFER_ID = `${prefix}offerId`;
export const EXECUTOR_ID = `${prefix}executorId`;
export const HOST = `${prefix}bindingHost`;
export const QUEUED_AT = 'kmd.dev/queued-at';
export const OFFERED_AT = 'kmd.dev/offered-at';
export const LAUNCHED_AT = 'kmd.dev/launched-at';
/** Of host ports: `k8s.mesosphere.io/port_TCP_80` is the one that stands for the container's port 80. */
export const PORT = `${prefix}port_`;
