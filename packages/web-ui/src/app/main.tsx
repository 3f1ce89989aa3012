import { render } from 'preact';
import './style.css';
import { Retry } from './data/retry.js';
import { cluster, Shell } from './shell.js';

const root = document.getElementById('app');
if (root) {
  root.replaceChildren();
  render(<Shell />, root);
}

/** The cluster's name is nice to have: without it the page is the same. */
async function readName(): Promise<void> {
  const retry = new Retry();
  const forever = new AbortController().signal;
  for (;;)
    try {
      const config = (await (await fetch('./config.json')).json()) as { cluster?: unknown };
      if (typeof config.cluster === 'string') cluster.value = config.cluster;
      return;
    } catch (error) {
      // What is no JSON does not become it.
      if (error instanceof SyntaxError) return;
      await retry.wait(forever);
    }
}
void readName();
