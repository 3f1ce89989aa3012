import type { Findings } from '../diagnostics/compose-error.js';
import { findCycle } from '../graph/graph.js';
import type { Project } from '../model/project.js';
import type { Size } from '../model/size.js';
import type { Service } from '../model/service.js';
import { similar } from '../schema/similar.js';
import { nearestPlace } from '../source-map.js';
import type { Path } from '../tree/path.js';
import type { Tree } from '../tree/tree.js';

interface Checking {
  readonly project: Project;
  readonly tree: Tree;
  readonly findings: Findings;
}

/** How many containers of a service shall run. */
export function scaleOf(service: Service): number {
  return service.scale ?? service.deploy?.replicas ?? 1;
}

const invalid = ': invalid compose project';

/** Rules between the parts of a project (specification notes, A10); disabled services are not checked. */
export function checkConsistency(project: Project, tree: Tree, findings: Findings): void {
  const checking = { project, tree, findings };
  for (const service of Object.values(project.services)) {
    const report: Report = (text, ...path) => reportHinted(undefined, text, ...path);
    const reportHinted: HintedReport = (hint, text, ...path) => {
      const full = ['services', service.name, ...path];
      findings.error({ code: 'consistency', text, path: full, sentence: true, at: nearestPlace(tree, full), hint });
    };
    checkBuild(service, project, report);
    checkReferences(service, project, report, reportHinted);
    checkScale(service, report);
    checkLimits(service, report);
    checkMounts(service, report);
  }
  checkContainerNames(project, tree, findings);
  for (const [name, secret] of Object.entries(project.secrets)) {
    if (secret.external === true || secret.file !== undefined || secret.environment !== undefined) continue;
    const text = `secret ${JSON.stringify(name)} must declare either \`file\` or \`environment\`${invalid}`;
    findings.error({
      code: 'consistency',
      text,
      path: ['secrets', name],
      sentence: true,
      at: nearestPlace(tree, ['secrets', name]),
    });
  }
  checkCycle(checking);
}

type Report = (text: string, ...path: Path) => void;
type HintedReport = (hint: string | undefined, ...args: Parameters<Report>) => void;

function meant(name: string, known: Readonly<Record<string, unknown>>): string | undefined {
  const near = similar(name, Object.keys(known));
  return near === undefined ? undefined : `did you mean ${near}?`;
}

function checkBuild(service: Service, project: Project, report: Report): void {
  const name = JSON.stringify(service.name);
  const { build } = service;
  if (build === undefined) {
    if (service.image !== undefined || service.provider !== undefined) return;
    report(`service ${name} has neither an image nor a build context specified${invalid}`);
    return;
  }
  if (build.dockerfile_inline !== undefined && build.dockerfile !== undefined) {
    report(
      `service ${name} declares mutualy exclusive dockerfile and dockerfile_inline${invalid}`,
      'build',
      'dockerfile',
    );
  }
  for (const [key, context] of Object.entries(build.additional_contexts ?? {})) {
    if (!context.startsWith('service:')) continue;
    const target = context.slice('service:'.length);
    const other = project.services[target];
    const path = ['build', 'additional_contexts', key];
    if (other === undefined) {
      report(
        `service ${name} declares unknown service ${JSON.stringify(target)} as additional contexts ${key}`,
        ...path,
      );
    } else if (other.build === undefined) {
      report(
        `service ${name} declares non-buildable service ${JSON.stringify(target)} as additional contexts ${key}`,
        ...path,
      );
    }
  }
  const { platform } = service;
  if (build.platforms !== undefined && platform !== undefined && !build.platforms.includes(platform)) {
    report(`service.build.platforms MUST include service.platform ${JSON.stringify(platform)}${invalid}`, 'platform');
  }
}

function checkReferences(service: Service, project: Project, report: Report, reportHinted: HintedReport): void {
  const name = JSON.stringify(service.name);
  const undefinedReference = (
    kind: 'network' | 'volume' | 'config' | 'secret' | 'model',
    target: string,
    ...path: Path
  ): void =>
    reportHinted(
      meant(target, project[`${kind}s`]),
      `service ${name} refers to undefined ${path[0] === 'build' ? 'build ' : ''}${kind} ${target}${invalid}`,
      ...path,
    );

  if (service.network_mode !== undefined && service.networks !== undefined) {
    report(
      `service ${service.name} declares mutually exclusive \`network_mode\` and \`networks\`${invalid}`,
      'network_mode',
    );
  }
  for (const network of Object.keys(service.networks ?? {})) {
    if (!Object.hasOwn(project.networks, network)) undefinedReference('network', network, 'networks', network);
  }
  const first = service.healthcheck?.test?.[0];
  if (first !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(first)) {
    report('healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"', 'healthcheck', 'test');
  }
  for (const [target, dependency] of Object.entries(service.depends_on ?? {})) {
    if (Object.hasOwn(project.services, target)) continue;
    if (Object.hasOwn(project.disabledServices, target) && dependency.required === false) continue;
    const hint = Object.hasOwn(project.disabledServices, target)
      ? 'no active profile takes it in'
      : meant(target, project.services);
    reportHinted(
      hint,
      `service ${name} depends on undefined service ${JSON.stringify(target)}${invalid}`,
      'depends_on',
      target,
    );
  }
  service.volumes?.forEach((mount, index) => {
    const { type, source } = mount;
    if (type === 'volume' && source !== undefined && !Object.hasOwn(project.volumes, source)) {
      undefinedReference('volume', source, 'volumes', index);
    }
  });
  service.build?.secrets?.forEach(({ source = '' }, index) => {
    if (!Object.hasOwn(project.secrets, source)) undefinedReference('secret', source, 'build', 'secrets', index);
  });
  service.configs?.forEach(({ source = '' }, index) => {
    if (!Object.hasOwn(project.configs, source)) undefinedReference('config', source, 'configs', index);
  });
  for (const model of Object.keys(service.models ?? {})) {
    if (!Object.hasOwn(project.models, model)) undefinedReference('model', model, 'models', model);
  }
  service.secrets?.forEach(({ source = '' }, index) => {
    if (!Object.hasOwn(project.secrets, source)) undefinedReference('secret', source, 'secrets', index);
  });
}

function checkScale(service: Service, report: Report): void {
  const { scale, deploy, name } = service;
  const replicas = deploy?.replicas;
  if (scale !== undefined && replicas !== undefined && scale !== replicas) {
    report(`services.${name}: can't set distinct values on 'scale' and 'deploy.replicas'${invalid}`, 'scale');
  }
  if (scale !== undefined && scale < 0) report(`services.${name}.scale: must be greater than or equal to 0`, 'scale');
  if (replicas !== undefined && replicas < 0) {
    report(`services.${name}.deploy.replicas: must be greater than or equal to 0`, 'deploy', 'replicas');
  }
  if (scaleOf(service) > 1 && service.container_name !== undefined) {
    const attribute = scale === undefined ? 'deploy.replicas' : 'scale';
    const text = `services.${attribute}: can't set container_name and ${name} as container name must be unique${invalid}`;
    report(text, 'container_name');
  }
}

function checkLimits(service: Service, report: Report): void {
  const { deploy, name } = service;
  if (deploy === undefined) return;
  const { limits, reservations } = deploy.resources ?? {};
  const compare = (key: string, own: Size | undefined, other: string, value: Size | undefined): void => {
    if (own === undefined || own === (value ?? 0)) return;
    report(`services.${name}: can't set distinct values on '${key}' and 'deploy.resources.${other}'${invalid}`, key);
  };
  if (limits !== undefined) {
    compare('cpus', service.cpus, 'limits.cpus', limits.cpus);
    compare('mem_limit', service.mem_limit, 'limits.memory', limits.memory);
    compare('pids_limit', service.pids_limit, 'limits.pids', limits.pids);
  }
  if (reservations !== undefined) {
    compare('mem_reservation', service.mem_reservation, 'reservations.memory', reservations.memory);
  }
}

function checkMounts(service: Service, report: Report): void {
  service.develop?.watch?.forEach((trigger, index) => {
    if (trigger.target !== undefined || ['rebuild', 'restart'].includes(trigger.action ?? '')) return;
    const text = `services.${service.name}.develop.watch: target is required for non-rebuild actions${invalid}`;
    report(text, 'develop', 'watch', index);
  });
  const mounts = new Map<string, string>();
  const mount = (target: string, key: string, index: number): void => {
    const where = `services.${service.name}.${key}[${index}]`;
    const other = mounts.get(target);
    if (other !== undefined) report(`${where}: target ${target} already mounted as ${other}`, key, index);
    mounts.set(target, where);
  };
  service.tmpfs?.forEach((entry, index) => mount(entry.split(':')[0] ?? '', 'tmpfs', index));
  service.volumes?.forEach((entry, index) => mount(entry.target ?? '', 'volumes', index));
}

function checkCycle({ project, tree, findings }: Checking): void {
  const cycle = findCycle(project);
  if (cycle === undefined) return;
  const [from = '', to = ''] = cycle;
  const path = ['services', from, 'depends_on', to];
  const text = `dependency cycle detected: ${cycle.join(' -> ')}`;
  findings.error({ code: 'cycle', text, path, sentence: true, at: nearestPlace(tree, path) });
}

function checkContainerNames(project: Project, tree: Tree, findings: Findings): void {
  const taken = new Map<string, string>();
  for (const { name, container_name: container } of Object.values(project.services)) {
    if (container === undefined) continue;
    const other = taken.get(container);
    if (other !== undefined) {
      const path = ['services', name, 'container_name'];
      const text = `services.${name}: container name ${JSON.stringify(container)} is already in use by service ${other}`;
      findings.error({ code: 'consistency', text, path, sentence: true, at: nearestPlace(tree, path) });
    }
    taken.set(container, name);
  }
}
