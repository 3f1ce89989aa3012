import type { FrameworkID } from '@kmd/mesos-client';

import type { Timer } from '../clock.js';
import { Refusal } from '../http/negotiation.js';
import type { Agent } from './agent.js';
import { removeAgent } from './agent-removal.js';
import type { Framework } from './framework.js';
import type { Master } from './master.js';

export interface MachineID {
  readonly hostname?: string | undefined;
  readonly ip?: string | undefined;
}

export interface Unavailability {
  readonly start: { readonly nanoseconds: number };
  readonly duration?: { readonly nanoseconds: number } | undefined;
}

interface Window {
  readonly machine_ids?: readonly MachineID[] | undefined;
  readonly unavailability: Unavailability;
}

export interface Schedule {
  readonly windows?: readonly Window[] | undefined;
}

/** A machine that an operator will take away, or has. */
interface Machine {
  readonly id: MachineID;
  unavailability: Unavailability;
  down: boolean;
}

/** A request to a framework to free an agent. */
interface InverseOffer {
  readonly id: string;
  readonly framework: Framework;
  readonly agent: Agent;
}

interface Answer {
  readonly framework_id: FrameworkID;
  readonly status: 'ACCEPT' | 'DECLINE';
  readonly timestamp: { readonly nanoseconds: number };
}

/** Schedules of maintenance, and the inverse offers that announce them (docs/maintenance.md; trace 17). */
export class Maintenance {
  readonly #master: Master;
  readonly #machines = new Map<string, Machine>();
  readonly #offers = new Map<string, InverseOffer>();
  /** Frameworks that answered and are not asked again for a while, by `agent\0framework`. */
  readonly #filters = new Map<string, Timer>();
  readonly #answers = new Map<string, Answer>();
  #schedule: Schedule = {};

  constructor(master: Master) {
    this.#master = master;
  }

  close(): void {
    for (const timer of this.#filters.values()) timer.cancel();
    this.#filters.clear();
  }

  get schedule(): Schedule {
    return this.#schedule;
  }

  get status(): object {
    const machines = [...this.#machines.values()];
    const draining = machines
      .filter(({ down }) => !down)
      .map(({ id }) => {
        const statuses = this.#agentsOf(id).flatMap((agent) =>
          [...this.#answers].filter(([key]) => key.startsWith(`${agent.id}\0`)).map(([, answer]) => answer),
        );
        return { id, ...(statuses.length === 0 ? {} : { statuses }) };
      });
    const { down } = this;
    return {
      ...(draining.length === 0 ? {} : { draining_machines: draining }),
      ...(down.length === 0 ? {} : { down_machines: down }),
    };
  }

  get down(): MachineID[] {
    return [...this.#machines.values()].filter((machine) => machine.down).map(({ id }) => id);
  }

  /** What the master before this one knew. */
  restore(schedule: Schedule, down: readonly MachineID[]): void {
    this.update(schedule);
    for (const id of down) {
      const machine = this.#machines.get(keyOf(normal(id)));
      if (machine !== undefined) machine.down = true;
    }
  }

  /** When an agent will be gone; undefined for one that nobody wants to take away. */
  unavailabilityOf(agent: Agent): Unavailability | undefined {
    if (this.#machines.size === 0) return undefined;
    return this.#machines.get(keyOf({ hostname: agent.info.hostname, ip: agent.address.ip }))?.unavailability;
  }

  isDown(hostname: string, ip: string): boolean {
    return this.#machines.get(keyOf({ hostname, ip }))?.down === true;
  }

  /** Replaces the schedule. @throws {Refusal} */
  update(schedule: Schedule): void {
    this.#validate(schedule);
    const next = new Map<string, Machine>();
    for (const { machine_ids = [], unavailability } of schedule.windows ?? []) {
      for (const id of machine_ids) {
        const machine = normal(id);
        const down = this.#machines.get(keyOf(machine))?.down ?? false;
        next.set(keyOf(machine), { id: machine, unavailability, down });
      }
    }
    const touched = next.size > 0 || this.#machines.size > 0;
    this.#machines.clear();
    for (const [key, machine] of next) this.#machines.set(key, machine);
    this.#schedule = schedule.windows === undefined || schedule.windows.length === 0 ? {} : schedule;
    this.#answers.clear();
    if (!touched) return;
    // Agent by agent, each divided anew at once: those that stay first, the youngest first (master.cpp, updateUnavailability; trace 04).
    const agents = [...this.#master.agents.values()].reverse();
    const leaving = (agent: Agent): number => (this.unavailabilityOf(agent) === undefined ? 0 : 1);
    for (const agent of agents.sort((a, b) => leaving(a) - leaving(b))) {
      this.#master.offers.rescindAll(agent.offers);
      this.#rescind((offer) => offer.agent === agent);
      this.#master.allocator.divideNow(agent);
    }
  }

  #validate(schedule: Schedule): void {
    const seen = new Set<string>();
    for (const { machine_ids = [], unavailability } of schedule.windows ?? []) {
      if (machine_ids.length === 0) throw new Refusal(400, 'List of machines in the maintenance window is empty');
      if ((unavailability.duration?.nanoseconds ?? 0) < 0) throw new Refusal(400, 'Unavailability \'duration\' is negative'); // prettier-ignore
      for (const id of machine_ids) {
        validateMachine(id);
        const key = keyOf(normal(id));
        if (seen.has(key)) throw new Refusal(400, `Machine '${JSON.stringify(id)}' appears more than once in the schedule`); // prettier-ignore
        seen.add(key);
      }
    }
    for (const [key, { id, down }] of this.#machines) {
      if (down && !seen.has(key)) {
        throw new Refusal(
          400,
          `Machine '${JSON.stringify(id)}' is deactivated and cannot be removed from the schedule`,
        );
      }
    }
  }

  /** Takes machines down: their agents are removed and told to end. @throws {Refusal} */
  start(ids: readonly MachineID[]): void {
    for (const machine of this.#check(ids, 'brought down', 'DRAINING', (one) => !one.down)) {
      machine.down = true;
      for (const agent of this.#agentsOf(machine.id))
        removeAgent(this.#master, agent, `Agent ${agent.info.hostname} removed: Operator initiated 'Machine DOWN'`);
    }
  }

  /** Machines are back: they leave the schedule. @throws {Refusal} */
  stop(ids: readonly MachineID[]): void {
    for (const { id } of this.#check(ids, 'brought up', 'DOWN', (one) => one.down)) {
      this.#machines.delete(keyOf(id));
      const windows = (this.#schedule.windows ?? [])
        .map((window) => ({
          ...window,
          machine_ids: (window.machine_ids ?? []).filter((one) => keyOf(normal(one)) !== keyOf(id)),
        }))
        .filter(({ machine_ids }) => machine_ids.length > 0);
      this.#schedule = windows.length === 0 ? {} : { windows };
    }
  }

  #check(ids: readonly MachineID[], verb: string, mode: string, fits: (machine: Machine) => boolean): Machine[] {
    if (ids.length === 0) throw new Refusal(400, 'List of machines is empty');
    for (const id of ids) validateMachine(id);
    return ids.map((id) => {
      const machine = this.#machines.get(keyOf(normal(id)));
      if (machine === undefined) {
        throw new Refusal(400, `Machine '${JSON.stringify(id)}' is not part of a maintenance schedule`);
      }
      if (!fits(machine)) {
        throw new Refusal(400, `Machine '${JSON.stringify(id)}' is not in ${mode} mode and cannot be ${verb}`);
      }
      return machine;
    });
  }

  #agentsOf(id: MachineID): Agent[] {
    const key = keyOf(normal(id));
    return [...this.#master.agents.values()].filter(
      ({ info, address }) => keyOf({ hostname: info.hostname, ip: address.ip }) === key,
    );
  }

  // Inverse offers

  /** Asks every framework that holds something of an agent to be taken away for it. Part of each round, for its agents. */
  announce(agents: readonly Agent[]): void {
    if (this.#machines.size === 0) return;
    for (const agent of agents) {
      const unavailability = this.unavailabilityOf(agent);
      if (unavailability === undefined || !agent.active) continue;
      for (const framework of this.#master.frameworks.values()) {
        if (!framework.connected || !holds(framework, agent)) continue;
        if (this.#filters.has(`${agent.id}\0${framework.id}`)) continue;
        if ([...this.#offers.values()].some((one) => one.agent === agent && one.framework === framework)) continue;
        this.#ask(framework, agent, unavailability);
      }
    }
  }

  #ask(framework: Framework, agent: Agent, unavailability: Unavailability): void {
    const id = this.#master.ids.offer();
    this.#offers.set(id, { id, framework, agent });
    framework.send({
      type: 'INVERSE_OFFERS',
      inverse_offers: {
        inverse_offers: [
          {
            id: { value: id },
            url: {
              scheme: 'http',
              address: { hostname: agent.info.hostname, ip: agent.address.ip, port: agent.address.port },
              path: '/slave(1)',
            },
            framework_id: { value: framework.id },
            agent_id: { value: agent.id },
            unavailability,
          },
        ],
      },
    });
  }

  /** A framework says yes or no. */
  answer(framework: Framework, ids: readonly { value: string }[], status: Answer['status'], seconds: number): void {
    for (const { value } of ids) {
      const offer = this.#offers.get(value);
      if (offer?.framework !== framework) continue;
      this.#offers.delete(value);
      const key = `${offer.agent.id}\0${framework.id}`;
      this.#answers.set(key, {
        status,
        framework_id: { value: framework.id },
        timestamp: { nanoseconds: Math.round(this.#master.clock.now() * 1e6) },
      });
      this.#filters.get(key)?.cancel();
      if (seconds > 0) {
        this.#filters.set(
          key,
          this.#master.clock.after(seconds * 1000, () => this.#filters.delete(key)),
        );
      }
    }
  }

  forget(framework: Framework): void {
    this.#rescind((offer) => offer.framework === framework);
  }

  #rescind(concerned: (offer: InverseOffer) => boolean): void {
    for (const offer of [...this.#offers.values()]) {
      if (!concerned(offer)) continue;
      this.#offers.delete(offer.id);
      offer.framework.send({
        type: 'RESCIND_INVERSE_OFFER',
        rescind_inverse_offer: { inverse_offer_id: { value: offer.id } },
      });
    }
  }
}

function holds(framework: Framework, agent: Agent): boolean {
  const offered = [...framework.offers].some((offer) => offer.agent === agent);
  return offered || agent.tasks.has(framework.id) || framework.executors.has(agent.id);
}

function validateMachine({ hostname, ip }: MachineID): void {
  if ((hostname ?? '') === '' && (ip ?? '') === '') {
    throw new Refusal(400, "Both 'hostname' and 'ip' for a machine are empty");
  }
}

function normal({ hostname, ip }: MachineID): MachineID {
  return {
    ...(hostname === undefined ? {} : { hostname: hostname.toLowerCase() }),
    ...(ip === undefined ? {} : { ip }),
  };
}

function keyOf({ hostname = '', ip = '' }: MachineID): string {
  return `${hostname.toLowerCase()}\0${ip}`;
}
