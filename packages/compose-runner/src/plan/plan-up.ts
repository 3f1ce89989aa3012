import { scaleOf, serviceOrder, type Project, type Service } from '@kmd/compose-model';
import { containerName } from '../container-name.js';
import { parentsOf } from '../create/container-spec.js';
import { networksOf } from '../create/networking.js';
import { label } from '../labels.js';
import type { Observed, ObservedContainer } from '../observe/observed.js';
import type { Awaited, Plan } from './action.js';
import { restartsWith } from './restarts.js';
import { acceptedHashes, divergence } from './divergence.js';
import { planNetworks, planVolumes } from './plan-resources.js';
import { Steps } from './steps.js';

export interface UpPlanOptions {
  /** Only these services and what they need; all by default. */
  readonly services?: readonly string[];
  /** Makes every container anew, `diverged` ones only (the default), or none. */
  readonly recreate?: 'always' | 'diverged' | 'never';
  readonly removeOrphans?: boolean;
  /** Makes a volume anew whose configuration changed; its data is lost. Without it such a volume is kept, with a warning. */
  readonly recreateVolumes?: boolean;
  /** False leaves what is created unstarted. */
  readonly start?: boolean;
  /** Networks and volumes alone, for a one-off container that needs them. */
  readonly onlyResources?: boolean;
}

/** The names of projects are those of folders, as a rule: two folders of one name are one project by mistake. */
function warnOfOtherFolder(project: Project, observed: Observed, warnings: string[]): void {
  const folders = observed.containers.flatMap((one) => (one.oneOff ? [] : (one.labels[label.workingDir] ?? [])));
  const other = folders.find((folder) => folder !== project.workingDir);
  if (other === undefined) return;
  warnings.push(
    `project ${project.name} was brought up from ${other}: its containers become those of ${project.workingDir}; another project name keeps the two apart`,
  );
}

interface ServicePlan {
  /** Names of the containers that it has in the end. */
  readonly names: readonly string[];
  /** Names of those that must be started. */
  readonly toStart: readonly string[];
  /** Whether one of them is made anew, so that what is tied to it is too. */
  readonly renewed: boolean;
}

/**
 * What brings an engine from what it holds to what a project asks for. Pure: the same input gives the same plan.
 * Images are there already (`planImages` comes before).
 * @throws RunnerError
 */
export function planUp(project: Project, observed: Observed, options: UpPlanOptions = {}): Plan {
  const steps = new Steps();
  const warnings: string[] = [];
  const order = serviceOrder(project, options.services === undefined ? {} : { only: options.services });
  const services = order.flatMap((name) => project.services[name] ?? []).filter((one) => one.provider === undefined);

  const usedNetworks = new Set(services.flatMap((service) => networksOf(project, service).map(({ key }) => key)));
  const usedVolumes = new Set(
    services.flatMap((service) => (service.volumes ?? []).flatMap(({ source }) => source ?? [])),
  );
  const renewedNetworks = planNetworks(project, observed, usedNetworks, steps, warnings);
  const goneForVolumes = planVolumes(project, observed, { used: usedVolumes, options, steps, warnings });

  if (options.onlyResources === true) return { steps: steps.list, warnings };
  planOrphans(project, observed, { options, steps, warnings });
  warnOfOtherFolder(project, observed, warnings);

  const plans = new Map<string, ServicePlan>();
  const stopped = new Set<string>();
  const planned = new Set(order);
  for (const service of services) {
    const present = observed.containers.filter(
      (one) => one.service === service.name && !one.oneOff && !goneForVolumes.has(one.id),
    );
    plans.set(
      service.name,
      planService({ project, service, observed, options, steps, plans, renewedNetworks, stopped, planned, present }),
    );
  }
  if (options.start !== false) for (const service of services) planStart(service, plans, steps, warnings);
  return { steps: steps.list, warnings };
}

function planOrphans(
  project: Project,
  observed: Observed,
  { options, steps, warnings }: { options: UpPlanOptions; steps: Steps; warnings: string[] },
): void {
  const known = new Set([...Object.keys(project.services), ...Object.keys(project.disabledServices)]);
  const orphans = observed.containers.filter((one) => (one.oneOff ? one.state === 'exited' : !known.has(one.service)));
  if (orphans.length === 0) return;
  if (options.removeOrphans !== true) {
    const stray = orphans.filter(({ oneOff }) => !oneOff).map(({ name }) => name);
    if (stray.length > 0) {
      warnings.push(
        `${stray.join(', ')}: of this project, and of none of its services; removing orphans takes them away`,
      );
    }
    return;
  }
  for (const container of orphans) {
    steps.add(`stop ${container.name}`, { type: 'stop', container });
    steps.add(`remove ${container.name}`, { type: 'remove', container, volumes: false }, [`stop ${container.name}`]);
  }
}

interface ServiceInput {
  readonly project: Project;
  readonly service: Service;
  readonly observed: Observed;
  readonly options: UpPlanOptions;
  readonly steps: Steps;
  readonly plans: ReadonlyMap<string, ServicePlan>;
  readonly renewedNetworks: ReadonlySet<string>;
  /** Containers that are stopped while what they depend on is made anew, and started after it. */
  readonly stopped: Set<string>;
  /** The services that this plan is about. */
  readonly planned: ReadonlySet<string>;
  readonly present: readonly ObservedContainer[];
}

/** Stops the containers that depend on a service with `restart: true`. @returns the steps that do it */
function stopTied({ observed, service, steps, stopped, planned }: ServiceInput): string[] {
  const tied = observed.containers.filter(
    (one) =>
      planned.has(one.service) && !one.oneOff && one.state === 'running' && restartsWith(one, new Set([service.name])),
  );
  return tied.map((container) => {
    stopped.add(container.id);
    return steps.add(`stop ${container.name}`, { type: 'stop', container });
  });
}

function reasonToRecreate(input: ServiceInput, container: ObservedContainer): string | undefined {
  const { project, service, observed, options, plans, renewedNetworks } = input;
  if (options.recreate === 'never') return undefined;
  if (options.recreate === 'always') return 'it was asked for';
  const parent = parentsOf(service).find((name) => plans.get(name)?.renewed === true);
  if (parent !== undefined) return `it is tied to ${parent}, which is made anew`;
  const containerOf = (name: string): string =>
    observed.containers.find((one) => one.service === name && !one.oneOff)?.id ?? '';
  const reason = divergence(container, { project, service, observed, hashes: acceptedHashes(service, containerOf) });
  if (reason !== undefined) return reason;
  const network = networksOf(project, service).find(({ name }) => renewedNetworks.has(name));
  return network === undefined ? undefined : `network ${network.name} is made anew`;
}

function planService(input: ServiceInput): ServicePlan {
  const { project, service, steps, plans, present } = input;
  const scale = scaleOf(service);
  const reasons = new Map(present.map((one) => [one.id, reasonToRecreate(input, one)]));
  // Those that differ go first, then the highest numbers: docker compose's order, which the other tool expects.
  const ranked = [...present].sort((a, b) => {
    const order = Number(reasons.get(a.id) !== undefined) - Number(reasons.get(b.id) !== undefined);
    return order !== 0 ? order : a.number - b.number;
  });
  const kept = ranked.slice(0, scale).sort((a, b) => a.number - b.number);
  const removed = ranked.slice(scale).map((container) => {
    steps.add(`stop ${container.name}`, { type: 'stop', container });
    return steps.add(`remove ${container.name}`, { type: 'remove', container, volumes: false }, [
      `stop ${container.name}`,
    ]);
  });

  // A container is made when its networks and volumes are there, and the containers that it is tied to.
  const needs = [
    ...networksOf(project, service).map(({ name }) => `create network ${name}`),
    ...(service.volumes ?? []).flatMap(({ source }) =>
      source === undefined ? [] : [`create volume ${project.volumes[source]?.name ?? source}`],
    ),
    ...parentsOf(service).flatMap((name) =>
      (plans.get(name)?.names ?? []).flatMap((parent) => [`create ${parent}`, `recreate ${parent}`]),
    ),
    // A fixed name, port or address is free when who had it is gone.
    ...removed,
  ];
  const names: string[] = [];
  const toStart: string[] = [];
  let renewed = false;
  for (const old of kept) {
    const name = containerName(project, service, old.number);
    names.push(name);
    const reason = reasons.get(old.id);
    if (reason !== undefined) {
      steps.add(
        `recreate ${name}`,
        { type: 'recreate', service: service.name, number: old.number, name, old, reason },
        [...needs, ...stopTied(input)],
      );
      renewed = true;
    } else if (old.name !== name) {
      steps.add(`rename ${name}`, { type: 'rename', container: old, name }, needs);
    }
    if (reason !== undefined || old.state !== 'running' || input.stopped.has(old.id)) toStart.push(name);
  }
  let number = Math.max(0, ...present.map((one) => one.number));
  for (let missing = scale - kept.length; missing > 0; missing -= 1) {
    number += 1;
    const name = containerName(project, service, number);
    names.push(name);
    toStart.push(name);
    steps.add(`create ${name}`, { type: 'create', service: service.name, number, name }, needs);
    renewed = true;
  }
  return { names, toStart, renewed };
}

function planStart(service: Service, plans: ReadonlyMap<string, ServicePlan>, steps: Steps, warnings: string[]): void {
  const { toStart = [] } = plans.get(service.name) ?? {};
  if (toStart.length === 0) return;
  const waits: string[] = [];
  for (const [name, { condition = 'service_started', required = true }] of Object.entries(
    service.depends_on ?? {},
  ).sort()) {
    const dependency = plans.get(name);
    if (dependency === undefined || dependency.names.length === 0) {
      if (!required) warnings.push(`${service.name}: ${name}, which it may do without, does not run`);
      continue;
    }
    const started = dependency.names.map((one) => `start ${one}`);
    if (condition !== 'service_healthy' && condition !== 'service_completed_successfully') {
      waits.push(...started);
      continue;
    }
    const awaited: Awaited = { service: name, condition, required, containers: dependency.names };
    // Several services that wait for the same share one step.
    const id = `wait ${name} ${condition}${required ? '' : ' optional'}`;
    if (!steps.list.some((step) => step.id === id)) {
      steps.add(id, { type: 'wait', service: service.name, for: awaited }, started);
    }
    waits.push(id);
  }
  // One after another within a service: two that ask for a port of the same range at once may be given the same.
  let before: string[] = [];
  for (const name of toStart) {
    const made = [`create ${name}`, `recreate ${name}`, `rename ${name}`, `stop ${name}`];
    before = [
      steps.add(`start ${name}`, { type: 'start', service: service.name, name }, [...made, ...waits, ...before]),
    ];
  }
}
