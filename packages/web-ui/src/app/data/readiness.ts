import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { readParts } from '../model/parts.js';
import { kube } from './kube.js';
import { mesos } from './mesos.js';
import { RequestError } from './problem.js';

/** What the API server says of its own parts, by their names (`etcd`, `storage`, …); empty until it has. */
const parts = signal<ReadonlyMap<string, boolean>>(new Map());

/** The API server's word on its parts. It sends no events of them: it is asked whenever the Mesos master is heard of, every 15 seconds. */
export function useReadiness(): ReadonlyMap<string, boolean> {
  const beat = mesos.beat.value;
  useEffect(() => {
    const stop = new AbortController();
    kube('readyz?verbose', { signal: stop.signal })
      .then((response) => response.text())
      .catch((error: unknown) => (error instanceof RequestError ? error.message : ''))
      .then(
        (text) => {
          if (!stop.signal.aborted) parts.value = readParts(text);
        },
        () => undefined,
      );
    return () => stop.abort();
  }, [beat]);
  return parts.value;
}
