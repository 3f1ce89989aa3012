// The web UI in headless Chromium on a cluster of 1,000 agents and 10,000 pods: how soon it can be used, and how smoothly it runs while pods change.
// npm run bench:ui [-- --runs 5 --agents 1000 --pods 10000 --change 100 --seconds 10]
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { summarise } from './figures.mjs';

const option = (value) => ({ type: 'string', default: value });
const { values } = parseArgs({
  options: {
    runs: option('5'),
    agents: option('1000'),
    pods: option('10000'),
    change: option('100'),
    seconds: option('10'),
  },
});
const [runs, agents, count, change, seconds] = ['runs', 'agents', 'pods', 'change', 'seconds'].map((name) =>
  Number(values[name]),
);

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
if (executablePath === undefined) {
  console.log('skipped: no Chromium here (apt-get install chromium)');
  process.exit();
}
const directory = mkdtempSync(join(tmpdir(), 'kmd-bench-ui-'));
const cluster = fork(join(import.meta.dirname, 'web-ui', 'cluster.mjs'), [
  JSON.stringify({ agents, count, directory }),
]);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
try {
  const { url } = await new Promise((resolve, reject) => {
    cluster.once('message', resolve);
    cluster.once('exit', (code) => reject(new Error(`the cluster ended with ${code}`)));
  });
  const open = async (place) => {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      httpCredentials: { username: 'admin', password: 'admin' },
      viewport: { width: 1280, height: 900 },
    });
    const page = await context.newPage();
    const begun = performance.now();
    await page.goto(`${url}/api/v1/namespaces/kube-system/services/kubernetes-dashboard/proxy/#${place}`);
    return { page, context, begun };
  };
  const paint = [];
  const rows = [];
  const interactive = [];
  for (let run = 0; run < runs; run++) {
    const { page, context, begun } = await open('/pods');
    await page.locator('[data-row]').first().waitFor();
    rows.push(performance.now() - begun);
    // All are there, and a search is answered.
    await page.getByText(`${count.toLocaleString('en')} pods`).waitFor();
    await page.getByRole('searchbox').fill('pod-00042');
    await page.getByText(/^1 pod of/).waitFor();
    interactive.push(performance.now() - begun);
    paint.push(
      await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
    );
    await context.close();
  }
  const smooth = {};
  for (const place of ['/', '/pods']) {
    const { page, context } = await open(place);
    await page
      .locator(place === '/' ? '.tile' : '[data-row]')
      .first()
      .waitFor();
    await page.waitForTimeout(2000);
    cluster.send({ change });
    await page.waitForTimeout(1000);
    smooth[place] = await page.evaluate(async (duration) => {
      const gaps = [];
      let last = performance.now();
      const end = last + duration;
      while (last < end) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const now = performance.now();
        gaps.push(now - last);
        last = now;
      }
      return gaps;
    }, seconds * 1000);
    cluster.send({ change: 0 });
    await context.close();
  }
  console.log(`${agents} agents, ${count} pods, median of ${runs} (least to most):`);
  console.log(`  first paint             ${summarise(paint, 'ms')}`);
  console.log(`  first rows              ${summarise(rows, 'ms')}`);
  console.log(`  all rows, and a search  ${summarise(interactive, 'ms')}`);
  for (const [place, gaps] of Object.entries(smooth)) {
    const sorted = [...gaps].sort((a, b) => a - b);
    const at = (share) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
    console.log(
      `  ${place === '/' ? 'overview' : 'pods'} while ${change} pods a second change: ${(gaps.length / seconds).toFixed(0)} frames a second; between frames p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`,
    );
  }
} finally {
  await browser.close();
  cluster.disconnect();
  rmSync(directory, { recursive: true, force: true });
}
