import { deployments, pods } from '@kmd/kube-client';
import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, visit } from './browser.js';
import { goTo, PATIENCE, rows, setStage, web } from './stage.js';

if (chromiumPath === undefined)
  console.log('skipped: the web UI in a browser (no Chromium here: apt-get install chromium)');

describe.skipIf(chromiumPath === undefined)('the page, when something is wrong', { timeout: 90_000 }, () => {
  const stage = setStage({ name: 'faults', agents: 2 });

  describe('when the API', () => {
    const failing = async (page: Page, path: string, answer: (route: Route) => Promise<void>): Promise<() => void> => {
      let on = true;
      await page.route(`**/${path}**`, (route) => (on ? answer(route) : route.continue()));
      return () => (on = false);
    };
    const status = (code: number, reason: string, message: string) => (route: Route) =>
      route.fulfill({
        status: code,
        contentType: 'application/json',
        body: JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message }),
      });

    it.each([
      [401, 'Unauthorized', 'You are signed out'],
      [403, 'Forbidden', 'You may not see this'],
      [500, 'InternalError', 'The server could not answer'],
    ])('answers %d, says so, and recovers', async (code, reason, words) => {
      const { page, context } = await visit(stage.browser);
      const mend = await failing(page, 'api/v1/pods', status(code, reason, 'in its own words'));
      await goTo(stage, page, '/pods');
      await page.getByText(words).waitFor({ timeout: PATIENCE });
      await page.getByText('in its own words').waitFor();
      mend();
      await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
      await page.getByText(words).waitFor({ state: 'hidden', timeout: PATIENCE });
      await context.close();
    });

    /** The first watch of pods gets `body` for an answer, the next ones go through. Resolves when one of those has begun. */
    const answerFirstWatch = async (page: Page, body: string): Promise<() => Promise<void>> => {
      let watches = 0;
      await page.route('**/api/v1/pods?watch=true**', (route) =>
        watches++ > 0 ? route.continue() : route.fulfill({ status: 200, contentType: 'application/json', body }),
      );
      return () => expect.poll(() => watches, { timeout: PATIENCE }).toBeGreaterThan(1);
    };

    it('has forgotten the version (410), lists again', async () => {
      const { page, context } = await visit(stage.browser);
      const expired = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };
      const again = await answerFirstWatch(page, `${JSON.stringify({ type: 'ERROR', object: expired })}\n`);
      const lists: string[] = [];
      page.on('request', (request) => {
        if (/\/api\/v1\/pods\?limit=/.test(request.url())) lists.push(request.url());
      });
      await goTo(stage, page, '/pods');
      await again();
      expect(lists.length).toBeGreaterThan(1);
      await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
      await context.close();
    });

    it('breaks off in the middle of an event, goes on', async () => {
      const { page, context } = await visit(stage.browser);
      const again = await answerFirstWatch(page, '{"type":"MODIFIED","object":{"meta');
      await goTo(stage, page, '/pods');
      await again();
      const name = 'after-the-break';
      await stage.kube.create(pods, {
        metadata: { name, namespace: 'default' },
        spec: { containers: [{ name: 'main', image: 'nginx' }] },
      });
      await rows(page, 'Pods').filter({ hasText: name }).waitFor({ timeout: PATIENCE });
      await context.close();
    });
  });

  it('needs neither cookies nor storage', async () => {
    const { page, context, faults } = await visit(stage.browser);
    await page.addInitScript(() => {
      const refuse = (owner: object, name: string): void => {
        Object.defineProperty(owner, name, {
          get() {
            throw new DOMException(`${name} is off`, 'SecurityError');
          },
        });
      };
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) refuse(globalThis, name);
      refuse(Document.prototype, 'cookie');
    });
    await goTo(stage, page, '/pods');
    await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
    await goTo(stage, page, '/');
    await page.getByText('subscribed;').waitFor({ timeout: PATIENCE });
    expect(faults).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  it('asks a server that ends every watch at once ever less often', async () => {
    const { page, context } = await visit(stage.browser);
    // The whole of each wait, not a random part of it.
    await page.addInitScript(() => (Math.random = () => 1));
    const asked: number[] = [];
    await page.route('**/api/v1/pods?watch=true**', (route) => {
      asked.push(performance.now());
      return route.fulfill({ status: 200, contentType: 'application/json', body: '' });
    });
    await goTo(stage, page, '/pods');
    await expect.poll(() => asked.length, { timeout: PATIENCE }).toBeGreaterThanOrEqual(4);
    const gaps = asked.slice(1, 4).map((time, index) => time - (asked[index] ?? 0));
    // 250, 500 and 1000 milliseconds, told apart with room for clocks.
    for (const [index, least] of [200, 400, 800].entries()) expect(gaps[index]).toBeGreaterThan(least);
    await context.close();
  });

  it('says that Mesos cannot be reached, and shows the pods all the same', async () => {
    const { page, context } = await visit(stage.browser);
    let broken = true;
    await page.route('**/mesos', (route) =>
      broken
        ? route.fulfill({ status: 200, body: '{"type":"lost","error":"connect ECONNREFUSED"}\n' })
        : route.continue(),
    );
    await goTo(stage, page, '/mesos/tasks');
    await page.getByText('Mesos: Connection lost').waitFor({ timeout: PATIENCE });
    await goTo(stage, page, '/pods');
    await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
    await goTo(stage, page, '/');
    const master = page
      .getByRole('region', { name: 'Services' })
      .getByRole('listitem')
      .filter({ hasText: 'Mesos master' });
    await expect.poll(() => master.getAttribute('class'), { timeout: PATIENCE }).toBe('bad');
    broken = false;
    await expect.poll(() => master.getAttribute('class'), { timeout: 2 * PATIENCE }).toBe('good');
    await context.close();
  });

  it('says that the cluster has gone, and comes back with it', async () => {
    const { page, context } = await visit(stage.browser);
    await stage.kube.create(deployments, web('mover', 6));
    await goTo(stage, page, '/pods');
    await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
    await stage.cluster.stop();
    await page.getByText('Connection lost, trying again').first().waitFor({ timeout: PATIENCE });
    stage.kube.close();
    stage.cluster = await stage.cluster.start();
    stage.kube = stage.cluster.connect();
    await page
      .getByText('Connection lost, trying again')
      .first()
      .waitFor({ state: 'hidden', timeout: 2 * PATIENCE });
    await expect
      .poll(() => rows(page, 'Pods').filter({ hasText: 'mover' }).filter({ hasText: 'Running' }).count(), {
        timeout: 2 * PATIENCE,
      })
      .toBe(6);
    await context.close();
  });
});
