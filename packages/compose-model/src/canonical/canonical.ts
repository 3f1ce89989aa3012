import { maskedPlace } from '../diagnostics/mask.js';
import type { Findings } from '../diagnostics/compose-error.js';
import { pathRules, rewrite, type Rewrite } from '../tree/path-rules.js';
import { printPath, type Path } from '../tree/path.js';
import type { Place } from '../tree/place.js';
import {
  entry,
  isFraction,
  list,
  map,
  printScalar,
  sameTree,
  scalar,
  textOf,
  withEntries,
  withEntry,
  type MapTree,
  type Scalar,
  type Tree,
} from '../tree/tree.js';
import { parsePort } from './port.js';
import { parseVolume } from './volume.js';

/** A mapping of plain values, all of which stand where the short form stood. */
export function mapAt(at: Place, fields: Readonly<Record<string, Scalar | Tree | undefined>>): MapTree {
  const entries: [string, Tree][] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    entries.push([key, typeof value === 'object' && value !== null ? value : scalar(value, at)]);
  }
  return map(entries, at);
}

const toList: Rewrite = (tree) => (textOf(tree) === undefined ? tree : list([tree], tree.at));

const toNames: Rewrite = (tree) => {
  if (tree.kind !== 'list') return tree;
  const names = tree.items.filter((item) => item.kind === 'scalar');
  const entries = names.map((item): [string, Tree] => [printScalar(item), scalar(null, item.at)]);
  return map(entries, tree.at, new Map(names.map((item) => [printScalar(item), item.at])));
};

const toSource: Rewrite = (tree) => (textOf(tree) === undefined ? tree : mapAt(tree.at, { source: tree }));

const toText: Rewrite = (tree) =>
  tree.kind === 'scalar' && typeof tree.value !== 'string' ? scalar(printScalar(tree), tree.at) : tree;

const build: Rewrite = (tree) => (textOf(tree) === undefined ? tree : mapAt(tree.at, { context: tree }));

const extend: Rewrite = (tree) => (textOf(tree) === undefined ? tree : mapAt(tree.at, { service: tree }));

const gpus: Rewrite = (tree) => (textOf(tree) === undefined ? tree : list([mapAt(tree.at, { count: 'all' })], tree.at));

const dependencies: Rewrite = (tree) => {
  const started = (at: Place): Tree => mapAt(at, { condition: 'service_started', required: true });
  if (tree.kind === 'list') {
    const names = tree.items.filter((item) => item.kind === 'scalar');
    const entries = names.map((item): [string, Tree] => [printScalar(item), started(item.at)]);
    return map(entries, tree.at, new Map(names.map((item) => [printScalar(item), item.at])));
  }
  if (tree.kind !== 'map') return tree;
  const changes = Array.from(tree.entries, ([name, value]): [string, Tree] => {
    if (value.kind !== 'map') return [name, value];
    const condition = value.entries.get('condition') ?? scalar('service_started', value.at);
    const required = value.entries.get('required') ?? scalar(true, value.at);
    return [
      name,
      withEntries(value, [
        ['condition', condition],
        ['required', required],
      ]),
    ];
  });
  return withEntries(tree, changes);
};

const envFiles: Rewrite = (tree) => {
  const files = tree.kind === 'list' ? tree.items : textOf(tree) === undefined ? undefined : [tree];
  if (files === undefined) return tree;
  const entries = files.map((file) => {
    if (file.kind === 'map') {
      return file.entries.has('required') ? file : withEntry(file, 'required', scalar(true, file.at));
    }
    return mapAt(file.at, { path: file, required: true });
  });
  return list(entries, tree.at);
};

/** How short forms are read. */
export interface CanonicalOptions {
  /** Leave what cannot be read as it is: it may hold variables that are not replaced yet. */
  readonly lenient?: boolean;
}

function rules(findings: Findings, lenient: boolean): ReturnType<typeof pathRules<Rewrite>> {
  const wrong = (tree: Tree, path: Path, text: string): Tree => {
    if (!lenient) findings.error({ code: 'convert', text, path, at: maskedPlace(tree) });
    return tree;
  };

  const missTarget = (what: string, target: string, tree: Tree, path: Path): void => {
    const where = path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join('.');
    const text = `service ${what} ${where} is missing a ${target}`;
    findings.error({ code: 'convert', text, path, sentence: true, at: tree.at });
  };

  const ports: Rewrite = (tree, path) => {
    if (tree.kind !== 'list') return tree;
    const items = tree.items.flatMap((item, index): readonly Tree[] => {
      if (item.kind === 'map' && !item.entries.has('target'))
        missTarget('ports', 'target port', item, [...path, index]);
      if (item.kind !== 'scalar') return [item];
      if (isFraction(item)) return [wrong(item, path, 'invalid type float64 for port')];
      const parsed = parsePort(printScalar(item));
      if (typeof parsed === 'string') return [wrong(item, [...path, index], parsed)];
      if (parsed.some(({ target }) => target === 0)) missTarget('ports', 'target port', item, [...path, index]);
      return parsed.map((port) =>
        mapAt(item.at, {
          mode: 'ingress',
          host_ip: port.hostIp,
          target: port.target === 0 ? undefined : port.target,
          published: port.published,
          protocol: port.protocol,
        }),
      );
    });
    return list(items, tree.at);
  };

  const mount: Rewrite = (tree, path) => {
    const spec = textOf(tree);
    if (spec === undefined) {
      if (tree.kind === 'map' && textOf(tree.entries.get('target')) === undefined) {
        missTarget('volume', 'mount target', tree, path);
      }
      return tree;
    }
    const volume = parseVolume(spec);
    if (typeof volume === 'string') return wrong(tree, path, volume);
    const { type, nocopy, propagation, selinux } = volume;
    const bind =
      type === 'bind'
        ? mapAt(tree.at, { selinux, propagation, create_host_path: true })
        : propagation !== undefined || selinux !== undefined
          ? mapAt(tree.at, { selinux, propagation })
          : undefined;
    // One or two letters are a target alone, and get no options in docker compose.
    const options = type === 'bind' ? undefined : spec.length > 2 ? mapAt(tree.at, { nocopy }) : undefined;
    return mapAt(tree.at, {
      type,
      source: volume.source,
      target: volume.target,
      read_only: volume.readOnly,
      bind,
      volume: type === 'bind' && nocopy === true ? mapAt(tree.at, { nocopy }) : options,
    });
  };

  const device: Rewrite = (tree, path) => {
    const spec = textOf(tree);
    if (spec === undefined) {
      if (tree.kind === 'map' && !tree.entries.has('target')) missTarget('device', 'mount target', tree, path);
      return tree;
    }
    const [source = '', target, permissions = 'rwm', ...more] = spec.split(':');
    if (more.length > 0) return wrong(tree, path, `confusing device mapping, please use long syntax: ${spec}`);
    return mapAt(tree.at, { source, target: target === undefined || target === '' ? source : target, permissions });
  };

  const exposed: Rewrite = (tree, path) => {
    if (tree.kind !== 'scalar' || !isFraction(tree)) return tree;
    return wrong(tree, path, `unsupported expose value ${printScalar(tree)}`);
  };

  /** A list of `key=value` as a map; `bare` may stand there alone. */
  const keyed =
    (complaint: (text: string) => string, bare?: string): Rewrite =>
    (tree, path) => {
      if (tree.kind !== 'list') return tree;
      const entries: [string, Tree][] = [];
      for (const [index, item] of tree.items.entries()) {
        const text = item.kind === 'scalar' ? printScalar(item) : '';
        const cut = text.indexOf('=');
        if (cut < 0 && text !== bare) return wrong(tree, [...path, index], complaint(text));
        entries.push(
          cut < 0 ? [text, scalar(null, item.at)] : [text.slice(0, cut), scalar(text.slice(cut + 1), item.at)],
        );
      }
      return map(entries, tree.at);
    };
  const pairs = keyed((text) => `invalid value ${text}, expected key=value`);
  const ssh = keyed((text) => `invalid ssh key ${JSON.stringify(text)}`, 'default');

  const ulimit: Rewrite = (tree, path) => {
    if (tree.kind !== 'scalar' || (typeof tree.value === 'number' && Number.isInteger(tree.value))) return tree;
    const type = typeof tree.value === 'number' ? 'float64' : 'string';
    const text = `${printPath(path)}: invalid type ${type} for external`;
    findings.error({ code: 'convert', text, path, sentence: true, at: tree.at });
    return tree;
  };

  const resource: Rewrite = (tree, path) => {
    if (tree.kind !== 'map') return tree;
    const external = tree.entries.get('external');
    if (external?.kind !== 'map') return tree;
    const made = withEntry(tree, 'external', scalar(true, external.at));
    const old = entry(external, 'name');
    if (old === undefined) return made;
    const text = `${printPath(path)}: external.name is deprecated. Please set name and external: true`;
    findings.warn({ code: 'schema', text, path, sentence: true, at: old.at });
    const name = tree.entries.get('name');
    if (name === undefined) return withEntry(made, 'name', old);
    return sameTree(name, old) ? made : wrong(made, path, 'name and external.name conflict; only use name');
  };

  return pathRules<Rewrite>({
    'services.*.build': build,
    'services.*.build.additional_contexts': pairs,
    'services.*.build.provenance': toText,
    'services.*.build.sbom': toText,
    'services.*.build.secrets.*': toSource,
    'services.*.build.ssh': ssh,
    'services.*.build.ulimits.*': ulimit,
    'services.*.configs.*': toSource,
    'services.*.depends_on': dependencies,
    'services.*.develop.watch.*.ignore': toList,
    'services.*.develop.watch.*.include': toList,
    'services.*.devices.*': device,
    'services.*.dns': (tree) => {
      const servers = toList(tree, []);
      if (servers?.kind !== 'list') return servers;
      return list(
        servers.items.filter((item) => !(item.kind === 'scalar' && (item.value ?? '') === '')),
        servers.at,
      );
    },
    'services.*.env_file': envFiles,
    'services.*.expose.*': exposed,
    'services.*.extends': extend,
    'services.*.gpus': gpus,
    'services.*.label_file': toList,
    'services.*.models': toNames,
    'services.*.networks': toNames,
    'services.*.ports': ports,
    'services.*.secrets.*': toSource,
    'services.*.ulimits.*': ulimit,
    'services.*.volumes.*': mount,
    'volumes.*': resource,
    'networks.*': resource,
    'secrets.*': resource,
    'configs.*': resource,
  });
}

/** Puts every short form into its long one (specification notes, A7). What cannot be read is a finding and stays as it is. */
export function toCanonical(tree: Tree, findings: Findings, { lenient = false }: CanonicalOptions = {}): Tree {
  return rewrite(tree, rules(findings, lenient)) ?? tree;
}
