import type { Field, Shape } from './shape.js';

/** Shapes of the messages that calls are made of (include/mesos/v1/*.proto): what is required, and what is not a string. */

const string: Field = { kind: 'string' };
const number: Field = { kind: 'number' };
const bool: Field = { kind: 'bool' };
const bytes: Field = { kind: 'bytes' };

function required(field: Field): Field {
  return { ...field, required: true };
}

function repeated(field: Field): Field {
  return { ...field, repeated: true };
}

function message(shape: Shape): Field {
  return { kind: shape };
}

function oneOf(...names: string[]): Field {
  return { kind: names };
}

const identifier: Shape = { value: required(string) };
const id = message(identifier);
const duration = message({ nanoseconds: required(number) });
const label = message({ key: required(string), value: string });
const labels = message({ labels: repeated(label) });
const range = message({ begin: required(number), end: required(number) });
const reservation = message({ type: oneOf('STATIC', 'DYNAMIC'), role: string, principal: string, labels });

export const resource: Shape = {
  name: required(string),
  type: required(oneOf('SCALAR', 'RANGES', 'SET', 'TEXT')),
  scalar: message({ value: required(number) }),
  ranges: message({ range: repeated(range) }),
  set: message({ item: repeated(string) }),
  role: string,
  allocation_info: message({ role: string }),
  reservation,
  reservations: repeated(reservation),
};

const resources = repeated(message(resource));

const environment = message({
  variables: repeated(
    message({ name: required(string), type: { ...oneOf('VALUE', 'SECRET'), default: 'VALUE' }, value: string }),
  ),
});

const command: Shape = {
  uris: repeated(
    message({ value: required(string), executable: bool, extract: bool, cache: bool, output_file: string }),
  ),
  environment,
  shell: { ...bool, default: true },
  value: string,
  arguments: repeated(string),
  user: string,
};

const discovery = message({
  visibility: required(oneOf('FRAMEWORK', 'CLUSTER', 'EXTERNAL')),
  name: string,
  environment: string,
  location: string,
  version: string,
  ports: message({
    ports: repeated(message({ number: required(number), name: string, protocol: string, labels })),
  }),
  labels,
});

const executor: Shape = {
  type: oneOf('DEFAULT', 'CUSTOM'),
  executor_id: required(id),
  framework_id: id,
  command: message(command),
  resources,
  name: string,
  source: string,
  data: bytes,
  discovery,
  shutdown_grace_period: duration,
  labels,
};

const killPolicy = message({ grace_period: duration });

const task: Shape = {
  name: required(string),
  task_id: required(id),
  agent_id: required(id),
  resources,
  executor: message(executor),
  command: message(command),
  kill_policy: killPolicy,
  data: bytes,
  labels,
  discovery,
  max_completion_time: duration,
};

const taskStates = [
  'TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED',
  'TASK_ERROR', 'TASK_LOST', 'TASK_DROPPED', 'TASK_UNREACHABLE', 'TASK_GONE', 'TASK_GONE_BY_OPERATOR', 'TASK_UNKNOWN',
]; // prettier-ignore

const taskStatus: Shape = {
  task_id: required(id),
  state: required({ kind: taskStates }),
  message: string,
  source: oneOf('SOURCE_MASTER', 'SOURCE_AGENT', 'SOURCE_EXECUTOR'),
  data: bytes,
  agent_id: id,
  executor_id: id,
  timestamp: number,
  uuid: bytes,
  healthy: bool,
  labels,
};

const framework: Shape = {
  user: required(string),
  name: required(string),
  id,
  failover_timeout: number,
  checkpoint: bool,
  role: string,
  roles: repeated(string),
  hostname: string,
  principal: string,
  webui_url: string,
  capabilities: repeated(
    message({
      type: oneOf(
        'REVOCABLE_RESOURCES',
        'TASK_KILLING_STATE',
        'GPU_RESOURCES',
        'SHARED_RESOURCES',
        'PARTITION_AWARE',
        'MULTI_ROLE',
        'RESERVATION_REFINEMENT',
        'REGION_AWARE',
      ),
    }),
  ),
  labels,
};

const subscription = {
  framework_info: required(message(framework)),
  suppressed_roles: repeated(string),
} satisfies Shape;

const filters = message({ refuse_seconds: number });

const operation = message({
  type: oneOf(
    'UNKNOWN', 'LAUNCH', 'LAUNCH_GROUP', 'RESERVE', 'UNRESERVE', 'CREATE', 'DESTROY', 'GROW_VOLUME', 'SHRINK_VOLUME',
    'CREATE_DISK', 'DESTROY_DISK',
  ), // prettier-ignore
  id,
  launch: message({ task_infos: repeated(message(task)) }),
  launch_group: message({
    executor: required(message(executor)),
    task_group: required(message({ tasks: repeated(message(task)) })),
  }),
  reserve: message({ source: resources, resources }),
  unreserve: message({ resources }),
  create: message({ volumes: resources }),
  destroy: message({ volumes: resources }),
  grow_volume: message({ volume: required(message(resource)), addition: required(message(resource)) }),
  shrink_volume: message({
    volume: required(message(resource)),
    subtract: required(message({ value: required(number) })),
  }),
});

const answer = message({ inverse_offer_ids: repeated(id), filters });

/** A call to `/api/v1/scheduler`. */
export const schedulerCall: Shape = {
  framework_id: id,
  type: oneOf(
    'UNKNOWN', 'SUBSCRIBE', 'TEARDOWN', 'ACCEPT', 'DECLINE', 'ACCEPT_INVERSE_OFFERS', 'DECLINE_INVERSE_OFFERS', 'REVIVE',
    'KILL', 'SHUTDOWN', 'ACKNOWLEDGE', 'ACKNOWLEDGE_OPERATION_STATUS', 'RECONCILE', 'RECONCILE_OPERATIONS', 'MESSAGE',
    'REQUEST', 'SUPPRESS', 'UPDATE_FRAMEWORK',
  ), // prettier-ignore
  subscribe: message(subscription),
  accept: message({ offer_ids: repeated(id), operations: repeated(operation), filters }),
  decline: message({ offer_ids: repeated(id), filters }),
  accept_inverse_offers: answer,
  decline_inverse_offers: answer,
  revive: message({ roles: repeated(string) }),
  kill: message({ task_id: required(id), agent_id: id, kill_policy: killPolicy }),
  shutdown: message({ executor_id: required(id), agent_id: required(id) }),
  acknowledge: message({ agent_id: required(id), task_id: required(id), uuid: required(bytes) }),
  acknowledge_operation_status: message({
    agent_id: id,
    resource_provider_id: id,
    uuid: required(bytes),
    operation_id: required(id),
  }),
  reconcile: message({ tasks: repeated(message({ task_id: required(id), agent_id: id })) }),
  reconcile_operations: message({
    operations: repeated(message({ operation_id: required(id), agent_id: id, resource_provider_id: id })),
  }),
  message: message({ agent_id: required(id), executor_id: required(id), data: required(bytes) }),
  request: message({ requests: repeated(message({ agent_id: id, resources })) }),
  suppress: message({ roles: repeated(string) }),
  update_framework: message(subscription),
};

/** A call to `/api/v1/executor`. */
export const executorCall: Shape = {
  executor_id: required(id),
  framework_id: required(id),
  type: oneOf('UNKNOWN', 'SUBSCRIBE', 'UPDATE', 'MESSAGE', 'HEARTBEAT'),
  subscribe: message({
    unacknowledged_tasks: repeated(message(task)),
    unacknowledged_updates: repeated(message({ status: required(message(taskStatus)) })),
  }),
  update: message({ status: required(message(taskStatus)) }),
  message: message({ data: required(bytes) }),
};

const machines = repeated(message({ hostname: string, ip: string }));
const amounts: Field = { kind: 'map' };

/** Calls to `/api/v1` of the master that carry a message of their own. */
export const masterCall: Shape = {
  type: oneOf(
    'UNKNOWN', 'GET_HEALTH', 'GET_FLAGS', 'GET_VERSION', 'GET_METRICS', 'GET_LOGGING_LEVEL', 'SET_LOGGING_LEVEL',
    'LIST_FILES', 'READ_FILE', 'GET_STATE', 'GET_AGENTS', 'GET_FRAMEWORKS', 'GET_EXECUTORS', 'GET_OPERATIONS', 'GET_TASKS',
    'GET_ROLES', 'GET_WEIGHTS', 'UPDATE_WEIGHTS', 'GET_MASTER', 'SUBSCRIBE', 'RESERVE_RESOURCES', 'UNRESERVE_RESOURCES',
    'CREATE_VOLUMES', 'DESTROY_VOLUMES', 'GROW_VOLUME', 'SHRINK_VOLUME', 'GET_MAINTENANCE_STATUS',
    'GET_MAINTENANCE_SCHEDULE', 'UPDATE_MAINTENANCE_SCHEDULE', 'START_MAINTENANCE', 'STOP_MAINTENANCE', 'DRAIN_AGENT',
    'DEACTIVATE_AGENT', 'REACTIVATE_AGENT', 'GET_QUOTA', 'UPDATE_QUOTA', 'SET_QUOTA', 'REMOVE_QUOTA', 'TEARDOWN',
    'MARK_AGENT_GONE',
  ), // prettier-ignore
  get_metrics: message({ timeout: duration }),
  set_logging_level: message({ level: required(number), duration: required(duration) }),
  list_files: message({ path: required(string) }),
  read_file: message({ path: required(string), offset: required(number), length: number }),
  update_weights: message({ weight_infos: repeated(message({ weight: required(number), role: string })) }),
  update_quota: message({
    force: bool,
    quota_configs: repeated(message({ role: required(string), guarantees: amounts, limits: amounts })),
  }),
  set_quota: message({ quota_request: required(message({ force: bool, role: string, guarantee: resources })) }),
  remove_quota: message({ role: required(string) }),
  reserve_resources: message({ agent_id: required(id), source: resources, resources }),
  unreserve_resources: message({ agent_id: required(id), resources }),
  create_volumes: message({ agent_id: required(id), volumes: resources }),
  destroy_volumes: message({ agent_id: required(id), volumes: resources }),
  grow_volume: message({ agent_id: id, volume: required(message(resource)), addition: required(message(resource)) }),
  shrink_volume: message({
    agent_id: id,
    volume: required(message(resource)),
    subtract: required(message({ value: required(number) })),
  }),
  update_maintenance_schedule: message({
    schedule: required(
      message({
        windows: repeated(
          message({
            machine_ids: machines,
            unavailability: required(message({ start: required(duration), duration })),
          }),
        ),
      }),
    ),
  }),
  start_maintenance: message({ machines }),
  stop_maintenance: message({ machines }),
  drain_agent: message({
    agent_id: required(id),
    max_grace_period: message({ seconds: number, nanos: number }),
    mark_gone: bool,
  }),
  teardown: message({ framework_id: required(id) }),
  mark_agent_gone: message({ agent_id: required(id) }),
  deactivate_agent: message({ agent_id: required(id) }),
  reactivate_agent: message({ agent_id: required(id) }),
};

const containerId: Field = { kind: () => ({ value: required(string), parent: containerId }) };
const container = message({
  container_id: required(containerId),
  command: message(command),
  resources,
  signal: number,
});

/** Calls to `/api/v1` of an agent that carry a message of their own. */
export const agentCall: Shape = {
  type: oneOf(
    'UNKNOWN', 'GET_HEALTH', 'GET_FLAGS', 'GET_VERSION', 'GET_METRICS', 'GET_LOGGING_LEVEL', 'SET_LOGGING_LEVEL',
    'LIST_FILES', 'READ_FILE', 'GET_STATE', 'GET_CONTAINERS', 'GET_FRAMEWORKS', 'GET_EXECUTORS', 'GET_OPERATIONS',
    'GET_TASKS', 'GET_AGENT', 'GET_RESOURCE_PROVIDERS', 'LAUNCH_NESTED_CONTAINER', 'WAIT_NESTED_CONTAINER',
    'KILL_NESTED_CONTAINER', 'REMOVE_NESTED_CONTAINER', 'LAUNCH_NESTED_CONTAINER_SESSION', 'ATTACH_CONTAINER_INPUT',
    'ATTACH_CONTAINER_OUTPUT', 'LAUNCH_CONTAINER', 'WAIT_CONTAINER', 'KILL_CONTAINER', 'REMOVE_CONTAINER',
    'ADD_RESOURCE_PROVIDER_CONFIG', 'UPDATE_RESOURCE_PROVIDER_CONFIG', 'REMOVE_RESOURCE_PROVIDER_CONFIG',
    'MARK_RESOURCE_PROVIDER_GONE', 'PRUNE_IMAGES',
  ), // prettier-ignore
  get_metrics: message({ timeout: duration }),
  get_containers: message({ show_nested: bool, show_standalone: bool }),
  set_logging_level: message({ level: required(number), duration: required(duration) }),
  list_files: message({ path: required(string) }),
  read_file: message({ path: required(string), offset: required(number), length: number }),
  launch_container: container,
  launch_nested_container: container,
  launch_nested_container_session: container,
  wait_container: container,
  wait_nested_container: container,
  kill_container: container,
  kill_nested_container: container,
  remove_container: container,
  remove_nested_container: container,
  attach_container_output: container,
};
