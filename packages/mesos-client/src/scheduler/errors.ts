import { MesosError } from '../errors.js';

/** A call that was refused before it was sent. */
export class InvalidCallError extends MesosError {
  override readonly name = 'InvalidCallError';
  /** Where in the call, for instance `accept.operations[0].launch`. */
  readonly path: string;

  constructor(type: string, path: string, reason: string) {
    super('MESOS_CALL_INVALID', `${type} call, key "${path}": ${reason}`);
    this.path = path;
  }
}

/** A call without a subscription: wait for SUBSCRIBED. */
export class NotSubscribedError extends MesosError {
  override readonly name = 'NotSubscribedError';

  constructor(type: string) {
    super(
      'MESOS_NOT_SUBSCRIBED',
      `${type} call: there is no subscription now; iterate subscribe() and wait for SUBSCRIBED`,
      {
        retryable: true,
        subscriptionLost: true,
      },
    );
  }
}

/** A newer instance of the framework has subscribed. This one must stop, or both would fight over the tasks. */
export class FencedError extends MesosError {
  override readonly name = 'FencedError';

  constructor(serverText: string) {
    super('MESOS_FENCED', `a newer instance of this framework has taken over (${serverText}); stop this one`, {
      subscriptionLost: true,
      serverText,
    });
  }
}

/** The framework is gone, its tasks too. The stored id has been cleared: the next `subscribe` registers a new framework. */
export class FrameworkRemovedError extends MesosError {
  override readonly name = 'FrameworkRemovedError';

  constructor(frameworkId: string, serverText: string) {
    super(
      'MESOS_FRAMEWORK_REMOVED',
      `framework ${frameworkId || '(without an id)'} is gone (${serverText}): torn down, or longer away than its failover_timeout; subscribe as a new one`,
      { subscriptionLost: true, serverText },
    );
  }
}

/** The master does not accept the framework as it describes itself. */
export class SubscriptionRefusedError extends MesosError {
  override readonly name = 'SubscriptionRefusedError';

  constructor(serverText: string, url: URL) {
    super(
      'MESOS_SUBSCRIPTION_REFUSED',
      `${url.origin} refuses the subscription: ${serverText}; correct the FrameworkInfo`,
      {
        subscriptionLost: true,
        serverText,
      },
    );
  }
}

/** The framework id could not be read or kept. */
export class FrameworkStoreError extends MesosError {
  override readonly name = 'FrameworkStoreError';

  constructor(path: string, action: 'read' | 'written' | 'removed', cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super('MESOS_STORE', `${path}: the framework id cannot be ${action} (${reason}); check the folder and its rights`, {
      cause,
    });
  }
}
