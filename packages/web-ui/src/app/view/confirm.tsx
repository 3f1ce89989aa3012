import { signal } from '@preact/signals';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Question {
  title: string;
  text: string;
  /** What the button says. */
  action: string;
  danger: boolean;
  /** Asks for a number too. */
  number?: { label: string; value: number };
  run: (number: number) => Promise<unknown>;
}

const question = signal<Question | undefined>(undefined);

/** Asks before something is done. What was refused stays on the screen with the server's words. */
export function confirmThen(asked: Question): void {
  question.value = asked;
}

export function Confirmation() {
  const asked = question.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const [number, setNumber] = useState(0);
  useLayoutEffect(() => {
    if (!asked) return;
    setFailure('');
    setNumber(asked.number?.value ?? 0);
    dialog.current?.showModal();
  }, [asked]);
  if (!asked) return null;
  const close = (): void => {
    dialog.current?.close();
    question.value = undefined;
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await asked.run(number);
      close();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="confirm-title">
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="confirm-title">{asked.title}</h2>
        <p>{asked.text}</p>
        {asked.number && (
          <label>
            {asked.number.label}{' '}
            <input
              type="number"
              min={0}
              max={100_000}
              step={1}
              required
              value={number}
              onInput={({ currentTarget }) => setNumber(Number(currentTarget.value))}
            />
          </label>
        )}
        {failure !== '' && (
          <p class="notice bad" role="alert">
            {failure}
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class={asked.danger ? 'danger' : 'primary'} disabled={busy}>
            {busy ? 'Working…' : asked.action}
          </button>
        </div>
      </form>
    </dialog>
  );
}
