import type { KubeApi, KubeObject, List, ListOptions, Resource } from './api.js';
import { isExpired } from './errors.js';

/** Objects a page: what client-go's pager asks for. */
const PAGE = 500;

/**
 * A whole list, fetched in pages of `options.limit` (500). All pages show the same version; when the server no longer keeps it
 * (410 between two pages), the list is fetched again in one piece.
 */
export async function listAll<T extends KubeObject>(
  api: KubeApi,
  resource: Resource<T>,
  options: Omit<ListOptions, 'continue'> = {},
): Promise<List<T>> {
  const limit = options.limit ?? PAGE;
  const first = await api.list(resource, { ...options, limit });
  const items = [...first.items];
  for (let next = first.metadata.continue; next;) {
    try {
      // The token stands for the version too: giving one beside it is refused.
      const page = await api.list(resource, {
        ...options,
        limit,
        continue: next,
        resourceVersion: undefined,
        resourceVersionMatch: undefined,
      });
      items.push(...page.items);
      next = page.metadata.continue;
    } catch (error) {
      if (!isExpired(error)) throw error;
      return api.list(resource, { ...options, limit: undefined });
    }
  }
  const { resourceVersion } = first.metadata;
  return { ...first, metadata: resourceVersion === undefined ? {} : { resourceVersion }, items };
}
