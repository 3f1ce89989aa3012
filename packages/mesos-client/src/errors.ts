/** What an error tells besides its message. */
export interface MesosErrorOptions {
  cause?: unknown;
  /** The same call may succeed later. */
  retryable?: boolean;
  /** The subscription is gone: held offers are void, subscribe anew. */
  subscriptionLost?: boolean;
  /** HTTP status code of the refusal. */
  status?: number | undefined;
  /** What the server wrote, unchanged. */
  serverText?: string | undefined;
}

/**
 * Every error of this package. `code` is stable: compare it, never the message.
 *
 * | code | class | meaning |
 * | --- | --- | --- |
 * | `MESOS_SYNTAX` | `MesosSyntaxError` | a text (resources, attributes, quantities, duration) cannot be parsed |
 * | `MESOS_RESOURCES` | `ResourcesError` | an operation does not fit the resources it is applied to |
 * | `MESOS_RECORDIO` | `RecordIoError` | a stream is not RecordIO, has too large a record, or ended inside one |
 * | `MESOS_CALL_INVALID` | `InvalidCallError` | a call was refused before it was sent: a misspelt or missing key |
 * | `MESOS_NOT_SUBSCRIBED` | `NotSubscribedError` | a call was made without a subscription |
 * | `MESOS_HTTP` | `MesosHttpError` | the server refused a call |
 * | `MESOS_UNREACHABLE` | `UnreachableError` | no answer: connection refused, reset, timed out |
 * | `MESOS_CREDENTIALS` | `CredentialsError` | the source of tokens failed |
 * | `MESOS_PROTOCOL` | `ProtocolError` | an answer that no Mesos sends |
 * | `MESOS_FENCED` | `FencedError` | a newer instance of this framework has subscribed |
 * | `MESOS_FRAMEWORK_REMOVED` | `FrameworkRemovedError` | the framework id is dead: torn down, or its failover timeout passed |
 * | `MESOS_SUBSCRIPTION_REFUSED` | `SubscriptionRefusedError` | the master does not accept this FrameworkInfo |
 * | `MESOS_AGENT_LOST` | `AgentLostError` | an executor's agent is gone for good |
 * | `MESOS_ENVIRONMENT` | `EnvironmentError` | the executor environment lacks a variable or holds an unreadable one |
 * | `MESOS_ZOOKEEPER` | `ZooKeeperError` | ZooKeeper cannot be reached, or refuses (`@kmd/mesos-client/zookeeper`) |
 * | `MESOS_STORE` | `FrameworkStoreError`, `TaskStoreError` | the framework id, or the tasks, could not be read or kept |
 */
export class MesosError extends Error {
  override readonly name: string = 'MesosError';
  readonly code: string;
  readonly retryable: boolean;
  readonly subscriptionLost: boolean;
  readonly status: number | undefined;
  readonly serverText: string | undefined;

  constructor(code: string, message: string, options: MesosErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.subscriptionLost = options.subscriptionLost ?? false;
    this.status = options.status;
    this.serverText = options.serverText;
  }
}

/** A text that does not follow its grammar. `position` counts characters from 0. */
export class MesosSyntaxError extends MesosError {
  override readonly name = 'MesosSyntaxError';
  readonly text: string;
  readonly position: number;

  constructor(what: string, text: string, position: number, reason: string, advice: string, cause?: unknown) {
    super('MESOS_SYNTAX', `${what} ${JSON.stringify(text)}, character ${position + 1}: ${reason}; ${advice}`, {
      cause,
    });
    this.text = text;
    this.position = position;
  }
}

/** An operation on resources that do not allow it. */
export class ResourcesError extends MesosError {
  override readonly name = 'ResourcesError';

  constructor(message: string) {
    super('MESOS_RESOURCES', message);
  }
}

/** A broken RecordIO stream. After it the stream cannot be resumed: close it. */
export class RecordIoError extends MesosError {
  override readonly name = 'RecordIoError';
  /** `header`: not a length; `oversized`: longer than allowed; `truncated`: the stream ended inside a record. */
  readonly reason: 'header' | 'oversized' | 'truncated';
  /** Whole records that preceded the broken place in the same chunk. */
  readonly records: readonly Uint8Array[];

  constructor(reason: RecordIoError['reason'], message: string, records: readonly Uint8Array[] = []) {
    super('MESOS_RECORDIO', message, { retryable: true, subscriptionLost: true });
    this.reason = reason;
    this.records = records;
  }
}
