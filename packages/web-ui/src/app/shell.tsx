import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link, Route, Router, Switch, useLocation } from 'wouter-preact';
import { useHashLocation } from 'wouter-preact/use-hash-location';
import { useCollection, type KubeObject } from './data/collection.js';
import type { Kind } from './model/kind.js';
import { kindOf, kinds } from './model/kinds.js';
import { decode } from './model/place.js';
import { AgentPage, AgentsPage } from './page/agents.js';
import { FrameworkPage, FrameworksPage } from './page/frameworks.js';
import { ListPage } from './page/list.js';
import { ObjectPage } from './page/object.js';
import { OffersPage } from './page/offers.js';
import { OverviewPage } from './page/overview.js';
import { RolesPage } from './page/roles.js';
import { TaskPage, TasksPage } from './page/tasks.js';
import { Confirmation } from './view/confirm.js';
import { namespace, search } from './view/filter.js';

const mesosPages = [
  ['agents', 'Agents'],
  ['tasks', 'Tasks'],
  ['offers', 'Offers'],
  ['frameworks', 'Frameworks'],
  ['roles', 'Roles'],
] as const;

/** After `g`, one letter goes to a page. */
const letters: Readonly<Record<string, { place: string; name: string }>> = {
  o: { place: '/', name: 'overview' },
  p: { place: '/pods', name: 'pods' },
  d: { place: '/deployments', name: 'deployments' },
  s: { place: '/services', name: 'services' },
  n: { place: '/nodes', name: 'nodes' },
  m: { place: '/namespaces', name: 'namespaces' },
  e: { place: '/events', name: 'events' },
  a: { place: '/mesos/agents', name: 'agents' },
  t: { place: '/mesos/tasks', name: 'tasks' },
  f: { place: '/mesos/offers', name: 'offers' },
  w: { place: '/mesos/frameworks', name: 'frameworks' },
  r: { place: '/mesos/roles', name: 'roles' },
};

export const cluster = signal('');

export function Shell() {
  return (
    <Router hook={useHashLocation}>
      <Frame />
    </Router>
  );
}

function Frame() {
  const [location] = useLocation();
  const main = useRef<HTMLElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  /** On a narrow screen the menu is shown only when it is asked for. */
  const [menu, setMenu] = useState(false);
  useKeyboard(help);
  useTitle(location);
  const first = useRef(true);
  useEffect(() => {
    // Whoever cannot see the page hears that it is another.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
    setMenu(false);
    scrollTo(0, 0);
  }, [location]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header class="top">
        <button type="button" class="narrow" aria-expanded={menu} aria-controls="menu" onClick={() => setMenu(!menu)}>
          Menu
        </button>
        <Link href="/" class="brand">
          kmd{cluster.value === '' ? '' : ` · ${cluster.value}`}
        </Link>
        <Filters />
        <button
          type="button"
          onClick={() => help.current?.showModal()}
          aria-label="Keyboard help"
          title="Keyboard help"
        >
          ?
        </button>
      </header>
      <div class="columns">
        <Menu location={location} open={menu} />
        <main id="main" ref={main} tabIndex={-1}>
          <Pages />
        </main>
      </div>
      <Confirmation />
      <dialog ref={help} aria-labelledby="help-title">
        <h2 id="help-title">Keyboard</h2>
        <dl class="facts">
          <div>
            <dt>/</dt>
            <dd>search: words of names, label=value</dd>
          </div>
          <div>
            <dt>↑ ↓ Home End</dt>
            <dd>from row to row; Enter opens one</dd>
          </div>
          <div>
            <dt>g, then a letter</dt>
            <dd>
              {Object.entries(letters)
                .map(([letter, { name }]) => `${letter} ${name}`)
                .join(', ')}
            </dd>
          </div>
          <div>
            <dt>Esc</dt>
            <dd>closes this, or leaves the search</dd>
          </div>
        </dl>
        <div class="actions">
          <button type="button" onClick={() => help.current?.close()}>
            Close
          </button>
        </div>
      </dialog>
    </>
  );
}

function Pages() {
  return (
    <Switch>
      <Route path="/" component={OverviewPage} />
      <Route path="/mesos/tasks" component={TasksPage} />
      <Route path="/mesos/tasks/:id">{({ id }) => <TaskPage id={decode(id)} />}</Route>
      <Route path="/mesos/agents" component={AgentsPage} />
      <Route path="/mesos/agents/:id">{({ id }) => <AgentPage id={decode(id)} />}</Route>
      <Route path="/mesos/offers" component={OffersPage} />
      <Route path="/mesos/frameworks" component={FrameworksPage} />
      <Route path="/mesos/frameworks/:id">{({ id }) => <FrameworkPage id={decode(id)} />}</Route>
      <Route path="/mesos/roles" component={RolesPage} />
      <Route path="/:kind">{({ kind }) => withKind(kind, (found) => <ListPage key={found.id} kind={found} />)}</Route>
      <Route path="/:kind/:name">
        {({ kind, name }) => withKind(kind, (found) => <ObjectPage kind={found} space="" name={decode(name)} />)}
      </Route>
      <Route path="/:kind/:space/:name">
        {({ kind, space, name }) =>
          withKind(kind, (found) => <ObjectPage kind={found} space={decode(space)} name={decode(name)} />)
        }
      </Route>
      <Route>
        <Nowhere />
      </Route>
    </Switch>
  );
}

const withKind = (id: string, draw: (kind: Kind) => preact.JSX.Element): preact.JSX.Element => {
  const kind = kindOf(id);
  return kind ? draw(kind) : <Nowhere />;
};

function Nowhere() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        Go to the <Link href="/">overview</Link>.
      </p>
    </>
  );
}

function Menu({ location, open }: { location: string; open: boolean }) {
  const item = (href: string, title: string) => {
    const here = href === '/' ? location === '/' : location === href || location.startsWith(`${href}/`);
    return (
      <li key={href}>
        <Link href={href} aria-current={here ? 'page' : undefined}>
          {title}
        </Link>
      </li>
    );
  };
  const group = (title: string, wanted: Kind['group']) => (
    <>
      <h2>{title}</h2>
      <ul>{kinds.filter((kind) => kind.group === wanted).map(({ id, title: name }) => item(`/${id}`, name))}</ul>
    </>
  );
  return (
    <nav id="menu" class={`menu ${open ? 'open' : ''}`} aria-label="Pages">
      <ul>{item('/', 'Overview')}</ul>
      {group('Kubernetes', 'Kubernetes')}
      {group('Workloads', 'Workloads')}
      <h2>Mesos</h2>
      <ul>{mesosPages.map(([id, title]) => item(`/mesos/${id}`, title))}</ul>
    </nav>
  );
}

function Filters() {
  const spaces = useCollection(namespaces);
  return (
    <div class="filters" role="search">
      <input
        type="search"
        id="search"
        aria-label="Search names, or labels as key=value"
        placeholder="Search names, label=value"
        value={search.value}
        onInput={({ currentTarget }) => (search.value = currentTarget.value)}
      />
      <select
        aria-label="Namespace"
        value={namespace.value}
        onChange={({ currentTarget }) => (namespace.value = currentTarget.value)}
      >
        <option value="">All namespaces</option>
        {spaces.all
          .map(({ metadata }) => metadata?.name ?? '')
          .sort()
          .map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
      </select>
    </div>
  );
}
const namespaces = (kindOf('namespaces') as Kind<KubeObject>).collection;

function useKeyboard(help: { current: HTMLDialogElement | null }): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    let gone = false;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      const typing = target instanceof Element && target.matches('input, select, textarea');
      if (typing) {
        if (key === 'Escape' && target instanceof HTMLElement) target.blur();
        return;
      }
      if (gone) {
        gone = false;
        clearTimeout(waiting);
        const found = letters[key];
        if (found) {
          event.preventDefault();
          navigate(found.place);
        }
        return;
      }
      if (key === 'g') {
        gone = true;
        waiting = setTimeout(() => (gone = false), 1500);
      } else if (key === '/') {
        event.preventDefault();
        document.getElementById('search')?.focus();
      } else if (key === '?') help.current?.showModal();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate]);
}

function useTitle(location: string): void {
  useEffect(() => {
    const [, first = '', ...rest] = location.split('/').map(decode);
    const page =
      first === '' ? 'Overview' : (kindOf(first)?.title ?? mesosPages.find(([id]) => id === rest[0])?.[1] ?? first);
    const name = kindOf(first) ? rest.at(-1) : rest[1];
    document.title = [name, page, cluster.value === '' ? 'kmd' : `kmd ${cluster.value}`].filter(Boolean).join(' · ');
  }, [location, cluster.value]);
}
