import { Link } from 'wouter-preact';
import { placeAt, places, type Place } from '../model/places.js';

/** All pages, by what they are about. */
export function Menu({ location, open }: { location: string; open: boolean }) {
  const here = placeAt(location);
  const list = (group: Place['group']) => (
    <ul>
      {places
        .filter((place) => place.group === group)
        .map((place) => (
          <li key={place.href}>
            <Link href={place.href} aria-current={place === here ? 'page' : undefined}>
              {place.title}
            </Link>
          </li>
        ))}
    </ul>
  );
  return (
    <nav id="menu" class={`menu ${open ? 'open' : ''}`} aria-label="Pages">
      {list(undefined)}
      {(['Kubernetes', 'Workloads', 'Mesos'] as const).map((group) => (
        <section key={group} aria-label={group}>
          <h2>{group}</h2>
          {list(group)}
        </section>
      ))}
    </nav>
  );
}
