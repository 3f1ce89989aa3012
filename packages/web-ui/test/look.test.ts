import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { pods, type Resource } from '@kmd/kube-client';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { chromiumPath, visit } from './browser.js';
import { arrive, goTo, PATIENCE, rows, setStage, web } from './stage.js';

/** Its pods have the same names every time: the pictures do not change without need. */
const statefulSets: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'statefulsets',
  kind: 'StatefulSet',
  namespaced: true,
};
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const docs = fileURLToPath(new URL('../docs/', import.meta.url));
/** With KMD_SCREENSHOTS set, the pictures of the README are taken anew. */
const takesPictures = process.env['KMD_SCREENSHOTS'] !== undefined;

if (chromiumPath === undefined)
  console.log('skipped: the web UI in a browser (no Chromium here: apt-get install chromium)');

describe.skipIf(chromiumPath === undefined)('the looks of the page', { timeout: 120_000 }, () => {
  const stage = setStage({ name: 'look', agents: 3 });
  let agent = '';

  beforeAll(async () => {
    if (chromiumPath === undefined) return;
    const { spec } = web('guestbook', 5);
    const guestbook = {
      metadata: { name: 'guestbook', namespace: 'default' },
      spec: { ...spec, serviceName: 'guestbook', podManagementPolicy: 'Parallel' },
    };
    await stage.kube.create(statefulSets, guestbook);
    await stage.kube.create(pods, {
      metadata: { name: 'huge', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'nginx', resources: { limits: { cpu: '64' } } }] },
    });
    await vi.waitFor(
      async () => {
        const { items } = await stage.kube.list(pods, { namespace: 'default' });
        expect(items.filter(({ status }) => status?.phase === 'Running')).toHaveLength(5);
      },
      { timeout: PATIENCE },
    );
    const pod = await stage.kube.get(pods, 'guestbook-0', { namespace: 'default' });
    agent = pod.metadata?.annotations?.['k8s.mesosphere.io/slaveId'] ?? '';
  });

  const places = (): string[] => [
    '/',
    '/pods',
    '/pods/default/guestbook-0',
    '/pods/default/huge',
    '/statefulsets/default/guestbook',
    '/services',
    '/nodes/mesosslave-1',
    '/events',
    '/mesos/agents',
    `/mesos/agents/${agent}`,
    '/mesos/tasks',
    '/mesos/frameworks',
    '/mesos/offers',
    '/mesos/roles',
    '/nothing/here',
  ];
  const settle = async (page: Page, place: string): Promise<void> => {
    await goTo(stage, page, place);
    await page.locator('main h1').waitFor({ timeout: PATIENCE });
    const loading = page.getByText('Loading…').filter({ visible: true });
    await expect.poll(() => loading.count(), { timeout: PATIENCE }).toBe(0);
  };

  it.each(['light', 'dark'])('has nothing that axe objects to (%s)', async (scheme) => {
    const { page, context } = await visit(stage.browser, { dark: scheme === 'dark' });
    const source = await readFile(axe, 'utf8');
    for (const place of places()) {
      await settle(page, place);
      if (place.endsWith('guestbook-0'))
        for (const name of ['YAML', 'Log']) await page.getByRole('heading', { name }).click();
      await page.evaluate(source);
      const found = await page.evaluate(async () => {
        const { axe: checker } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> };
        };
        const { violations } = await checker.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`);
      });
      expect(found, place).toEqual([]);
    }
    await context.close();
  });

  it.each([640, 360])('fits a screen %d pixels wide, as half of one at twice the size', async (width) => {
    const { page, context } = await visit(stage.browser, { width });
    for (const place of places()) {
      await settle(page, place);
      const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth <= innerWidth
          ? []
          : [...document.querySelectorAll('main *')]
              .filter(
                (element) =>
                  element.getBoundingClientRect().right > innerWidth && !element.closest('.table, .scroll, pre'),
              )
              .map((element) => element.outerHTML.slice(0, 120)),
      );
      expect(wide, place).toEqual([]);
    }
    await context.close();
  });

  it('hides its menu on a narrow screen until it is asked for', async () => {
    const { page, context } = await visit(stage.browser, { width: 400 });
    await settle(page, '/');
    const menu = page.getByRole('navigation', { name: 'Pages' });
    expect(await menu.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Menu' }).click();
    await menu.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await menu.waitFor({ state: 'hidden' });
    await context.close();
  });

  it('shows where the keyboard is', async () => {
    const { page, context } = await visit(stage.browser);
    await settle(page, '/pods');
    // From the top: going to a page puts the focus on what it shows.
    await arrive(page, () => page.reload());
    await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
    const seen = new Set<string>();
    for (let press = 0; press < 45; press++) {
      await page.keyboard.press('Tab');
      const { name, outline } = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return { name: '', outline: 'none' };
        return {
          name: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim(),
          outline: getComputedStyle(element).outlineStyle,
        };
      });
      if (name === '') continue;
      seen.add(name);
      expect(outline, name).not.toBe('none');
    }
    for (const name of ['Skip to the content', 'Overview', 'Roles', 'Name ↑', 'guestbook-0'])
      expect(seen).toContain(name);
    await context.close();
  });

  it.each([
    ['overview', '/', ['7 tasks', 'pods without a node', '1 pod waits for an offer']],
    ['pod', '/pods/default/guestbook-0', ['after the scheduler saw it', 'finds all probes pass']],
    ['waiting', '/pods/default/huge', ['has looked in vain', '64 wanted']],
  ])('has the picture %s of its README taken', async (name, place, texts) => {
    const { page, context } = await visit(stage.browser, { width: 1180, height: 720 });
    await settle(page, place);
    for (const text of texts) await page.getByText(text).first().waitFor({ timeout: PATIENCE });
    if (place === '/')
      await expect.poll(() => page.locator('.services > .good').count(), { timeout: PATIENCE }).toBe(8);
    await page.screenshot(takesPictures ? { path: `${docs}${name}.png` } : {});
    // Each of the pictures that the README shows is there.
    expect((await readFile(`${docs}${name}.png`)).subarray(1, 4).toString()).toBe('PNG');
    await context.close();
  });

  it('lists all that is there, and only what is looked for', async () => {
    const { page, context } = await visit(stage.browser);
    await settle(page, '/pods');
    await page.getByRole('combobox', { name: 'Namespace' }).selectOption('default');
    await expect.poll(() => rows(page, 'Pods').count(), { timeout: PATIENCE }).toBe(6);
    await page.getByRole('searchbox').fill('app=guestbook');
    await expect.poll(() => rows(page, 'Pods').count(), { timeout: PATIENCE }).toBe(5);
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('Nothing matches “nobody” in namespace default.').waitFor();
    await context.close();
  });
});
