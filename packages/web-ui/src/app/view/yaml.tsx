import { useEffect, useState } from 'preact/hooks';
import type { KubeObject } from '../data/collection.js';
import { replace } from '../data/kube.js';
import { differenceOf, hunksOf, type Line } from '../model/difference.js';
import { pathOf, type Kind } from '../model/kind.js';
import type * as manifestModule from '../model/manifest.js';
import { Take } from './take.js';

type Manifest = typeof manifestModule;

/** What the API server would make of an edit, before it is asked to. */
interface Review {
  object: object;
  lines: readonly (Line | undefined)[];
}

/** An object as YAML: to read, to take along, and to edit; what an edit would change is shown first, as the API server says it. */
export function YamlView({ kind, object }: { kind: Kind; object: KubeObject }) {
  const [open, setOpen] = useState(false);
  const [manifest, setManifest] = useState<Manifest>();
  const [edited, setEdited] = useState<string>();
  const [review, setReview] = useState<Review>();
  const [said, setSaid] = useState('');
  useEffect(() => {
    // Only who looks at YAML needs the code for it.
    if (open)
      import('../model/manifest.js').then(
        (module) => setManifest(module),
        () => setSaid('The code for it could not be loaded: close this, and open it again.'),
      );
  }, [open]);
  const text = open && manifest ? manifest.print(object) : '';
  const { name = '', namespace = '' } = object.metadata ?? {};
  const path = pathOf(kind, namespace, name);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setSaid('');
    try {
      await work();
    } catch (error) {
      setSaid(error instanceof Error ? error.message : String(error));
    }
  };
  const leave = (): void => {
    setEdited(undefined);
    setReview(undefined);
    setSaid('');
  };
  const look = (): Promise<void> =>
    attempt(async () => {
      if (!manifest || edited === undefined) return;
      const wanted = manifest.read(edited);
      const answer = await replace(`${path}?dryRun=All`, wanted);
      const result = (await answer.json()) as KubeObject;
      setReview({ object: wanted, lines: hunksOf(differenceOf(text, manifest.print(result))) });
    });
  const save = (): Promise<void> =>
    attempt(async () => {
      if (!review) return;
      await replace(path, review.object);
      leave();
      setSaid('Saved.');
    });

  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2>YAML</h2>
      </summary>
      <p class="line">
        {edited === undefined ? (
          <>
            <button type="button" disabled={text === ''} onClick={() => setEdited(text)}>
              Edit
            </button>
            <Take text={text} file={`${name}.yaml`} />
          </>
        ) : (
          <>
            {review ? (
              <button type="button" class="primary" onClick={() => void save()}>
                Save
              </button>
            ) : (
              <button type="button" class="primary" onClick={() => void look()}>
                Review changes
              </button>
            )}
            <button type="button" onClick={() => (review ? setReview(undefined) : leave())}>
              {review ? 'Back' : 'Cancel'}
            </button>
          </>
        )}
        <span role="status">{said}</span>
      </p>
      {review ? (
        <Difference lines={review.lines} />
      ) : edited === undefined ? (
        <pre role="region" tabIndex={0} aria-label="YAML">
          {text || 'Loading…'}
        </pre>
      ) : (
        <textarea
          aria-label="YAML, to be edited"
          spellcheck={false}
          rows={Math.min(40, edited.split('\n').length + 1)}
          value={edited}
          onInput={({ currentTarget }) => setEdited(currentTarget.value)}
        />
      )}
    </details>
  );
}

function Difference({ lines }: { lines: readonly (Line | undefined)[] }) {
  if (lines.length === 0) return <p>The API server would change nothing.</p>;
  return (
    <pre role="region" tabIndex={0} aria-label="What would change">
      {lines.map((line) =>
        line === undefined ? (
          <span class="quiet">{'…\n'}</span>
        ) : (
          <span class={line.change === '+' ? 'added' : line.change === '-' ? 'removed' : undefined}>
            {`${line.change} ${line.text}\n`}
          </span>
        ),
      )}
    </pre>
  );
}
