import {
  isAlreadyExists,
  isConflict,
  isNotFound,
  leases,
  silentLogger,
  systemClock,
  type Clock,
  type KubeApi,
  type Lease,
  type Logger,
} from '@kmd/kube-client';
import { microTime } from '../micro-time.js';

export interface ElectionOptions {
  readonly kube: KubeApi;
  readonly name: string;
  /** Default `kube-system`. */
  readonly namespace?: string | undefined;
  /** Who stands: different for each instance. */
  readonly identity: string;
  /**
   * Milliseconds: a leader that has not been heard of for so long has lost (10 s; Leases count whole seconds); how often it renews (2 s) and others
   * look (2 s); when it gives up if it cannot renew (7 s, before others may take over).
   */
  readonly leaseDuration?: number | undefined;
  readonly renewDeadline?: number | undefined;
  readonly retryPeriod?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}

/** Of the epoch, but never set: a jump of the machine's clock must not end a lead, nor give it away. */
const steadyClock: Clock = { ...systemClock, now: () => performance.timeOrigin + performance.now() };

/** The lead, until it is lost. */
export interface Leadership {
  /** Aborted as soon as somebody else may lead: whoever leads must stop at once. */
  readonly signal: AbortSignal;
  /** Gives the lead to the next without making it wait. */
  resign(): Promise<void>;
}

/**
 * Election by a Lease, by the rules of Kubernetes' own components: whoever has written the Lease last leads while he renews it. Only changes
 * seen are trusted, never the clock of another machine.
 */
export class LeaderElection {
  readonly #options: {
    readonly kube: KubeApi;
    readonly name: string;
    readonly namespace: string;
    readonly identity: string;
    readonly leaseDuration: number;
    readonly renewDeadline: number;
    readonly retryPeriod: number;
  };
  readonly #clock: Clock;
  readonly #logger: Logger;
  #seen: { readonly record: string; readonly at: number; readonly lease: Lease } | undefined;

  constructor({
    namespace = 'kube-system',
    leaseDuration = 10_000,
    renewDeadline = 7_000,
    retryPeriod = 2_000,
    clock = steadyClock,
    logger = silentLogger,
    ...rest
  }: ElectionOptions) {
    this.#options = { ...rest, namespace, leaseDuration, renewDeadline, retryPeriod };
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Who leads, as far as is known. */
  get holder(): string | undefined {
    return this.#seen?.lease.spec?.holderIdentity || undefined;
  }

  /** Stands until it is elected. Rejects with the signal's reason when that aborts. */
  async campaign(signal: AbortSignal): Promise<Leadership> {
    for (;;) {
      signal.throwIfAborted();
      try {
        if (await this.#tryToLead(signal)) break;
      } catch (error) {
        signal.throwIfAborted();
        this.#logger.warn({ err: error, lease: this.#options.name }, 'the lead could not be sought, trying again');
      }
      await this.#clock.sleep(this.#options.retryPeriod, signal);
    }
    this.#logger.info({ identity: this.#options.identity }, 'leading');
    const lost = new AbortController();
    const stop = new AbortController();
    const renewing = this.#renew(stop.signal, lost);
    return {
      signal: lost.signal,
      resign: async () => {
        stop.abort();
        await renewing;
        if (!lost.signal.aborted) await this.#release();
      },
    };
  }

  async #renew(stop: AbortSignal, lost: AbortController): Promise<void> {
    const { renewDeadline, retryPeriod, identity } = this.#options;
    let renewed = this.#clock.now();
    while (!stop.aborted) {
      await this.#clock.sleep(retryPeriod, stop);
      if (stop.aborted) return;
      const attempt = AbortSignal.timeout(Math.max(1, Math.ceil(renewDeadline - (this.#clock.now() - renewed))));
      try {
        if (await this.#tryToLead(attempt)) {
          renewed = this.#clock.now();
          continue;
        }
        this.#logger.warn({ identity, holder: this.holder }, 'somebody else leads');
        return lost.abort();
      } catch (error) {
        this.#logger.warn({ err: error, identity }, 'the lead could not be renewed');
      }
      if (this.#clock.now() - renewed >= renewDeadline) return lost.abort();
    }
  }

  /** Takes or renews the lead if nobody else has it. */
  async #tryToLead(signal: AbortSignal): Promise<boolean> {
    const { kube, name, namespace, identity, leaseDuration } = this.#options;
    const asked = this.#clock.now();
    const time = microTime(asked);
    const current = await this.#read(signal);
    const spec = { holderIdentity: identity, leaseDurationSeconds: Math.ceil(leaseDuration / 1_000), renewTime: time };
    try {
      if (!current) {
        const lease: Lease = {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name, namespace },
          spec: { ...spec, acquireTime: time, leaseTransitions: 0 },
        };
        this.#note(await kube.create(leases, lease, { namespace, signal }));
        return true;
      }
      const { holderIdentity: holder, acquireTime, leaseTransitions = 0 } = current.spec ?? {};
      const mine = holder === identity;
      const lived = this.#seen ? asked - this.#seen.at : 0;
      if (holder && !mine && lived < leaseDuration) return false;
      const taken = mine
        ? { ...spec, acquireTime: acquireTime ?? time, leaseTransitions }
        : { ...spec, acquireTime: time, leaseTransitions: leaseTransitions + 1 };
      // The version in its metadata makes it a race that only one can win.
      this.#note(await kube.update(leases, { ...current, spec: taken }, { namespace, signal }));
      return true;
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) {
        // Somebody was faster; whether that was another instance, the next look tells.
        await this.#read(signal);
        return false;
      }
      throw error;
    }
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const { kube, name, namespace } = this.#options;
    try {
      const lease = await kube.get(leases, name, { namespace, signal });
      this.#note(lease);
      return lease;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#seen = undefined;
      return undefined;
    }
  }

  #note(lease: Lease): void {
    const record = JSON.stringify(lease.spec);
    if (this.#seen?.record !== record) this.#seen = { record, at: this.#clock.now(), lease };
  }

  async #release(): Promise<void> {
    const { kube, namespace, identity, name } = this.#options;
    try {
      const current = await kube.get(leases, name, { namespace });
      if (current.spec?.holderIdentity !== identity) return;
      const spec = { ...current.spec, holderIdentity: '', leaseDurationSeconds: 1 };
      await kube.update(leases, { ...current, spec }, { namespace });
    } catch (error) {
      this.#logger.warn({ err: error, lease: name }, 'the lead could not be given back: it runs out by itself');
    }
  }
}
