import { signal } from '@preact/signals';

/* What somebody has chosen stands in the query of the page's address: it outlives a reload, and goes with a link that is sent. */
const chosen = signal(new URLSearchParams(location.search));
addEventListener('popstate', () => {
  chosen.value = new URLSearchParams(location.search);
  // The router listens to nothing else, and where the query changes, too, browsers do not say it.
  dispatchEvent(new HashChangeEvent('hashchange'));
});

/** One choice, by its name in the address. Empty: the default. Whoever reads its value is drawn anew when it changes. */
export const choiceOf = (name: string): { value: string } => ({
  get value() {
    return chosen.value.get(name) ?? '';
  },
  set value(value) {
    const next = new URLSearchParams(chosen.value);
    if (value === '') next.delete(name);
    else next.set(name, value);
    chosen.value = next;
    const query = next.size === 0 ? '' : `?${next}`;
    history.replaceState(history.state, '', `${location.pathname}${query}${location.hash}`);
  },
});
