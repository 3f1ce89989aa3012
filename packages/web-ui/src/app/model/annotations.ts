/* What the framework writes on pods and nodes (packages/km, "How a pod becomes a task"). */
const prefix = 'k8s.mesosphere.io/';
export const TASK_ID = `${prefix}taskId`;
export const AGENT_ID = `${prefix}slaveId`;
export const OFFER_ID = `${prefix}offerId`;
export const EXECUTOR_ID = `${prefix}executorId`;
