import { isIpAddress } from '../canonical/port.js';
import type { Findings } from '../diagnostics/compose-error.js';
import { pathRules, visit } from '../tree/path-rules.js';
import { printPath, printPattern, type Path } from '../tree/path.js';
import { keyPlace, textOf, type Tree } from '../tree/tree.js';

type Check = (tree: Tree, path: Path, findings: Findings) => void;

const volume: Check = (tree, path, findings) => {
  const external = tree.kind === 'map' ? tree.entries.get('external') : undefined;
  if (tree.kind !== 'map' || external?.kind !== 'scalar' || external.value !== true) return;
  for (const key of tree.entries.keys()) {
    if (key === 'name' || key === 'external' || key.startsWith('x-')) continue;
    const text = `conflicting parameters "external" and ${JSON.stringify(key)} specified`;
    findings.error({ code: 'consistency', text, path, at: keyPlace(tree, key) });
  }
};

function oneSource(...keys: string[]): Check {
  return (tree, path, findings) => {
    if (tree.kind !== 'map') return;
    const given = keys.filter((key) => tree.entries.has(key));
    const choice = keys.join('|');
    if (given.length > 1) {
      const text = `${choice} attributes are mutually exclusive`;
      findings.error({ code: 'consistency', text, path, at: keyPlace(tree, given[1] ?? '') });
    }
    if (given.length === 0 && !tree.entries.has('driver') && !tree.entries.has('external')) {
      findings.error({ code: 'consistency', text: `one of ${choice} must be set`, path, at: tree.at });
    }
  };
}

/** Messages about items of lists name them `[]`, as docker compose does; the place says which one is meant. */
function inList(path: Path, text: string): { text: string; sentence: true } {
  return { text: `${printPattern(path)}: ${text}`, sentence: true };
}

const address: Check = (tree, path, findings) => {
  const ip = tree.kind === 'map' ? tree.entries.get('host_ip') : undefined;
  const text = textOf(ip);
  if (ip === undefined || text === undefined || isIpAddress(text)) return;
  findings.error({ code: 'consistency', ...inList(path, `invalid ip address: ${text}`), path, at: ip.at });
};

const watchPath: Check = (tree, path, findings) => {
  if (textOf(tree) === '') {
    findings.error({ code: 'consistency', ...inList(path, "value can't be blank"), path, at: tree.at });
  }
};

const device: Check = (tree, path, findings) => {
  if (tree.kind !== 'map' || !tree.entries.has('count') || !tree.entries.has('device_ids')) return;
  const text = '"count" and "device_ids" attributes are exclusive';
  findings.error({ code: 'consistency', ...inList(path, text), path, at: keyPlace(tree, 'device_ids') });
};

const checks = pathRules<Check>({
  'volumes.*': volume,
  'configs.*': oneSource('file', 'environment', 'content'),
  'secrets.*': oneSource('file', 'environment'),
  'services.*.ports.*': address,
  'services.*.develop.watch.*.path': watchPath,
  'services.*.deploy.resources.reservations.devices.*': device,
  'services.*.gpus.*': device,
});

/** Rules within one value that the schema cannot say (specification notes, A10). */
export function checkValues(tree: Tree, findings: Findings): void {
  visit(tree, checks, (check, value, path) => check(value, path, findings));
}

/** Shapes that later passes take for granted. */
export function checkSections(tree: Tree, findings: Findings): void {
  if (tree.kind !== 'map') return;
  const services = tree.entries.get('services');
  if (services === undefined) return;
  if (services.kind !== 'map') {
    findings.error({
      code: 'shape',
      text: 'services must be a mapping',
      path: ['services'],
      sentence: true,
      at: services.at,
    });
    return;
  }
  for (const [name, service] of services.entries) {
    if (service.kind === 'map' || (service.kind === 'scalar' && service.value === null)) continue;
    const path = ['services', name];
    findings.error({
      code: 'shape',
      text: `${printPath(path)} must be a mapping`,
      path,
      sentence: true,
      at: service.at,
    });
  }
}
