import { namespaces, type KubeClient, type Resource } from '@kmd/kube-client';
import { isRecord } from './object.js';

/** A kind whatever its version: what an inventory names. */
export interface GroupKind {
  /** Empty for the core group. */
  group: string;
  kind: string;
}

/** Finds out how an API server serves kinds. */
export interface Kinds {
  /** A kind by the `apiVersion` and `kind` of an object; undefined where the server does not have it. */
  find(apiVersion: string, kind: string, signal?: AbortSignal): Promise<Resource | undefined>;
  /** A kind in the first version of its group that has it, the server's preferred one first; undefined where none has. */
  findPreferred(kind: GroupKind, signal?: AbortSignal): Promise<Resource | undefined>;
}

/** Asks the server's discovery, each group version once; one that was not there is asked for again. */
export function discoverKinds(api: Pick<KubeClient, 'request'>): Kinds {
  const known = new Map<string, Promise<readonly Resource[]>>();
  const list = (apiVersion: string, signal?: AbortSignal): Promise<readonly Resource[]> => {
    const asked =
      known.get(apiVersion) ??
      readKinds(api, apiVersion, signal).then(
        (kinds) => {
          if (kinds.length === 0) known.delete(apiVersion);
          return kinds;
        },
        (error: unknown) => {
          known.delete(apiVersion);
          throw error;
        },
      );
    known.set(apiVersion, asked);
    return asked;
  };
  const find: Kinds['find'] = async (apiVersion, kind, signal) => {
    const found = (await list(apiVersion, signal)).find((one) => one.kind === kind);
    // A custom kind may have come into a group that was known.
    if (found === undefined) known.delete(apiVersion);
    return found;
  };
  return {
    find,
    async findPreferred({ group, kind }, signal) {
      for (const apiVersion of group === '' ? ['v1'] : await readVersions(api, group, signal)) {
        const found = await find(apiVersion, kind, signal);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

async function readKinds(
  api: Pick<KubeClient, 'request'>,
  apiVersion: string,
  signal: AbortSignal | undefined,
): Promise<readonly Resource[]> {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  if (group === undefined || !version) return [];
  const answer = await ask(api, group === '' ? `/api/${version}` : `/apis/${group}/${version}`, signal);
  return listOf(answer, 'resources').flatMap((entry) => {
    const { name, kind, namespaced } = entry;
    // Names with a slash are subresources.
    return typeof name === 'string' && typeof kind === 'string' && !name.includes('/')
      ? [
          kind === 'Namespace' && group === ''
            ? namespaces
            : { group, version, plural: name, kind, namespaced: namespaced === true },
        ]
      : [];
  });
}

async function readVersions(
  api: Pick<KubeClient, 'request'>,
  group: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const answer = await ask(api, `/apis/${group}`, signal);
  return listOf(answer, 'versions').flatMap(({ groupVersion }) =>
    typeof groupVersion === 'string' ? [groupVersion] : [],
  );
}

/** Undefined where there is no such group or version. */
async function ask(api: Pick<KubeClient, 'request'>, path: string, signal: AbortSignal | undefined): Promise<unknown> {
  const { status, body } = await api.request('GET', path, { signal });
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`the API server does not tell its kinds: GET ${path} answered ${status}`);
  return JSON.parse(body) as unknown;
}

const listOf = (value: unknown, key: string): Record<string, unknown>[] => {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
};
