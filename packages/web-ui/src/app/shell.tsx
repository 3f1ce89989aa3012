import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link, Route, Router, Switch, useLocation } from 'wouter-preact';
import { useHashLocation } from 'wouter-preact/use-hash-location';
import type { Kind } from './model/kind.js';
import { kindOf } from './model/kinds.js';
import { decode, titleOf } from './model/places.js';
import { AgentPage, AgentsPage } from './page/agents.js';
import { FrameworkPage, FrameworksPage } from './page/frameworks.js';
import { ListPage } from './page/list.js';
import { ObjectPage } from './page/object.js';
import { OffersPage } from './page/offers.js';
import { OverviewPage } from './page/overview.js';
import { RolesPage } from './page/roles.js';
import { TaskPage, TasksPage } from './page/tasks.js';
import { Confirmation } from './view/confirm.js';
import { KeyboardHelp, useKeyboard } from './view/keyboard.js';
import { Menu } from './view/menu.js';
import { Search } from './view/search.js';

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
  useEffect(() => void (document.title = titleOf(location, cluster.value)), [location, cluster.value]);
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
        <Search />
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
      <KeyboardHelp dialog={help} />
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
