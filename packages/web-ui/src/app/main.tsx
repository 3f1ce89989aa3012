import { render } from 'preact';
import './style.css';
import { cluster, Shell } from './shell.js';

const root = document.getElementById('app');
if (root) {
  root.replaceChildren();
  render(<Shell />, root);
}

// A name is nice to have: without it the page is the same.
fetch('./config.json')
  .then(async (response) => {
    const config = (await response.json()) as { cluster?: unknown };
    if (typeof config.cluster === 'string') cluster.value = config.cluster;
  })
  .catch(() => undefined);
