import { kinds } from './kinds.js';
import type { Kind } from './kind.js';

/** A page that the menu leads to. */
export interface Place {
  href: string;
  title: string;
  group: Kind['group'] | 'Mesos' | undefined;
  /** The key that goes there, after `g`. */
  letter: string | undefined;
}

const letters: Readonly<Record<string, string>> = {
  '/': 'o',
  '/pods': 'p',
  '/deployments': 'd',
  '/services': 's',
  '/nodes': 'n',
  '/namespaces': 'm',
  '/events': 'e',
  '/mesos/agents': 'a',
  '/mesos/tasks': 't',
  '/mesos/offers': 'f',
  '/mesos/frameworks': 'w',
  '/mesos/roles': 'r',
};

const place = (href: string, title: string, group: Place['group']): Place => ({
  href,
  title,
  group,
  letter: letters[href],
});

/** In the order of the menu. */
export const places: readonly Place[] = [
  place('/', 'Overview', undefined),
  ...kinds.map(({ id, title, group }) => place(`/${id}`, title, group)),
  ...['Agents', 'Tasks', 'Offers', 'Frameworks', 'Roles'].map((title) =>
    place(`/mesos/${title.toLowerCase()}`, title, 'Mesos'),
  ),
];

/** The page of the menu that an address is of, or of something in its list. */
export const placeAt = (address: string): Place | undefined =>
  places.find(({ href }) => address === href || (href !== '/' && address.startsWith(`${href}/`)));

/** A piece of an address as it was before it was encoded. Whatever somebody types into the address line is taken as it is, if it cannot be. */
export function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

/** What stands in the title of the window: `web-1 · Pods · kmd demo`. */
export function titleOf(address: string, cluster: string): string {
  const place = placeAt(address);
  const name = place && address !== place.href ? decode(address.slice(address.lastIndexOf('/') + 1)) : '';
  return [name, place?.title ?? 'No such page', `kmd ${cluster}`.trim()].filter(Boolean).join(' · ');
}
