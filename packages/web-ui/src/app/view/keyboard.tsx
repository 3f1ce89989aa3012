import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { places } from '../model/places.js';

/** After `g`, the letter of a page is waited for so many milliseconds. */
const PATIENCE = 1_500;

/** The keys of the whole page; those of a table are its own. */
export function useKeyboard(help: RefObject<HTMLDialogElement>): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (target instanceof HTMLElement && target.matches('input, select, textarea')) {
        if (key === 'Escape') target.blur();
        return;
      }
      if (waiting !== undefined) {
        clearTimeout(waiting);
        waiting = undefined;
        const place = places.find(({ letter }) => letter === key);
        if (!place) return;
        event.preventDefault();
        navigate(place.href);
      } else if (key === 'g') waiting = setTimeout(() => (waiting = undefined), PATIENCE);
      else if (key === '/') {
        event.preventDefault();
        document.getElementById('search')?.focus();
      } else if (key === '?') help.current?.showModal();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [navigate]);
}

const keys = (text: string) => (
  <>
    {text.split(' ').map((key) => (
      <kbd key={key}>{key}</kbd>
    ))}
  </>
);

/** What the keys do. */
export function KeyboardHelp({ dialog }: { dialog: RefObject<HTMLDialogElement> }) {
  return (
    <dialog ref={dialog} aria-labelledby="help-title">
      <h2 id="help-title">Keyboard</h2>
      <dl class="facts">
        {[
          ['/', 'searches: words of names, label=value'],
          ['↑ ↓ Home End', 'go from row to row; Enter opens one'],
          ['Esc', 'closes this, or leaves the search'],
          ['?', 'shows this'],
          ...places.flatMap(({ letter, title }) => (letter === undefined ? [] : [[`g ${letter}`, title]])),
        ].map(([pressed = '', told]) => (
          <div key={pressed}>
            <dt>{keys(pressed)}</dt>
            <dd>{told}</dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
