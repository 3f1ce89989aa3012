import { useEffect, useRef, useState } from 'preact/hooks';
import { followLog } from '../data/log.js';
import type { Pod } from '../model/pod.js';
import { Take } from './take.js';

/** The log of one container, followed. Lines are text, whatever they hold. */
export function LogView({ pod }: { pod: Pod }) {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].map(({ name }) => name);
  const [container, setContainer] = useState(containers[0] ?? '');
  const [open, setOpen] = useState(false);
  const [previous, setPrevious] = useState(false);
  const [lines, setLines] = useState<readonly string[]>([]);
  const [state, setState] = useState('');
  const view = useRef<HTMLPreElement>(null);
  const { name = '', namespace = '', uid } = pod.metadata ?? {};
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const restarts =
    [...containerStatuses, ...initContainerStatuses].find((one) => one.name === container)?.restartCount ?? 0;
  const before = previous && restarts > 0;

  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    const source = { namespace, pod: name, container, previous: before };
    void followLog(source, { onLines: setLines, onState: setState }, stop.signal);
    return () => stop.abort();
    // A container that starts anew has a log that starts anew.
  }, [open, container, before, uid, restarts]);

  const atEnd = useRef(true);
  useEffect(() => {
    if (atEnd.current && view.current) view.current.scrollTop = view.current.scrollHeight;
  }, [lines]);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <h2>Log</h2>
      </summary>
      <p class="line">
        <label>
          Container{' '}
          <select value={container} onChange={({ currentTarget }) => setContainer(currentTarget.value)}>
            {containers.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        {restarts > 0 && (
          <label>
            <input
              type="checkbox"
              checked={previous}
              onChange={({ currentTarget }) => setPrevious(currentTarget.checked)}
            />{' '}
            previous run
          </label>
        )}
        <Take text={lines.join('\n')} file={`${name}-${container}.log`} />
        <span class="quiet" role="status">
          {state}
        </span>
      </p>
      <pre
        ref={view}
        class="log"
        role="region"
        tabIndex={0}
        aria-label={`Log of ${container}`}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          (atEnd.current = scrollHeight - scrollTop - clientHeight < 8)
        }
      >
        {lines.join('\n')}
      </pre>
    </details>
  );
}
