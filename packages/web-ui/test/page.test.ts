import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCluster, type Cluster } from '@kmd/cluster';
import { deployments, pods, type KubeClient } from '@kmd/kube-client';
import type { Browser, Page, Response, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launch, visit } from './browser.js';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Long, for machines that do much else. */
const PATIENCE = 20_000;

if (chromiumPath === undefined)
  console.log('skipped: the web UI in a browser (no Chromium here: apt-get install chromium)');

describe.skipIf(chromiumPath === undefined)('the page, in a browser', { timeout: 90_000 }, () => {
  let home: string;
  let cluster: Cluster;
  let kube: KubeClient;
  let browser: Browser;
  let ui: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'kmd-ui-'));
    cluster = await createCluster({
      name: 'page',
      agents: 3,
      apiPort: 0,
      mesosPort: 0,
      kubeconfig: false,
      environment: { ...process.env, KMD_HOME: home },
    });
    kube = cluster.connect();
    ui = `${cluster.record.apiServer}/ui/`;
    browser = await launch();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    kube?.close();
    await cluster?.down();
    await rm(home, { recursive: true, force: true });
  }, 60_000);

  const web = (name: string, replicas: number, extra: object = {}) => ({
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, ...extra },
        spec: { containers: [{ name: 'main', image: 'nginx' }] },
      },
    },
  });
  const open = (page: Page): Promise<Response | null> =>
    page.goto(ui).catch((error: unknown) => {
      // Whatever makes or removes a network on this machine breaks a browser's requests off.
      if (String(error).includes('ERR_NETWORK_CHANGED')) return page.goto(ui);
      throw error;
    });
  const goTo = async (page: Page, place: string): Promise<void> => {
    if (!page.url().startsWith(cluster.record.apiServer)) await open(page);
    await page.evaluate((hash) => (location.hash = hash), place);
  };
  const rows = (page: Page, label: string) => page.getByRole('table', { name: label }).locator('[data-row]');

  it('lets in who signs in, and nobody else', async () => {
    const stranger = await visit(browser, { signedIn: false });
    expect((await stranger.context.request.get(ui)).status()).toBe(401);
    await stranger.context.close();

    const { page, context, faults } = await visit(browser);
    await open(page);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByText('subscribed; no pod waits').waitFor({ timeout: PATIENCE });
    await page.getByRole('heading', { name: '3 agents' }).waitFor();
    expect(await page.title()).toBe('Overview · kmd page');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('shows a workload come up, scales it, and follows a pod through offer and task', async () => {
    const { page, context, faults } = await visit(browser);
    await goTo(page, '/pods');
    await kube.create(deployments, web('guestbook', 2));
    const mine = rows(page, 'Pods').filter({ hasText: 'guestbook' });
    await expect.poll(() => mine.filter({ hasText: 'Running' }).count(), { timeout: PATIENCE }).toBe(2);

    await goTo(page, '/deployments/default/guestbook');
    await page.getByRole('button', { name: 'Scale…' }).click();
    await page.getByLabel('Replicas').fill('4');
    await page.getByRole('button', { name: 'Scale', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.evaluate(() => (location.hash = '/mesos/tasks'));
    const tasks = rows(page, 'Tasks').filter({ hasText: 'guestbook' }).filter({ hasText: 'TASK_RUNNING' });
    await expect.poll(() => tasks.count(), { timeout: PATIENCE }).toBe(4);

    // From a task to its pod is one click.
    await tasks.first().getByRole('link').click();
    await page.getByRole('link', { name: /^default\/guestbook-/ }).click();
    const way = page.getByRole('region', { name: 'The way of this pod' }).getByRole('listitem');
    for (const step of ['Created', 'Offer', 'Task', 'Executor', 'Bound', 'Running', 'Ready'])
      await way.filter({ hasText: new RegExp(`^${step}.*\\(done\\)`) }).waitFor({ timeout: PATIENCE });
    await page.getByRole('link', { name: /^pod\./ }).click();
    await page.getByRole('heading', { name: /^guestbook-.*\.default\.pod$/ }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says why a pod waits', async () => {
    const { page, context } = await visit(browser);
    await kube.create(pods, {
      metadata: { name: 'huge', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'nginx', resources: { limits: { cpu: '64' } } }] },
    });
    await goTo(page, '/pods/default/huge');
    const waiting = page.getByRole('listitem').filter({ hasText: /^Waiting.*\(under way\)/ });
    await waiting.filter({ hasText: /cpu/i }).waitFor({ timeout: PATIENCE });
    await kube.delete(pods, 'huge', { namespace: 'default' });
    await page.getByText('There is no Pod huge in default any more.').waitFor({ timeout: PATIENCE });
    await context.close();
  });

  it('shows the pods of a lost agent move', async () => {
    const { page, context } = await visit(browser);
    await kube.create(deployments, web('mover', 6));
    await goTo(page, '/pods');
    const running = rows(page, 'Pods').filter({ hasText: 'mover' }).filter({ hasText: 'Running' });
    await expect.poll(() => running.count(), { timeout: PATIENCE }).toBe(6);
    expect(await running.filter({ hasText: 'mesosslave-3' }).count()).toBeGreaterThan(0);
    await cluster.scale({ agents: 2 });
    await expect
      .poll(async () => [await running.count(), await running.filter({ hasText: 'mesosslave-3' }).count()], {
        timeout: PATIENCE,
      })
      .toEqual([6, 0]);
    await page.evaluate(() => (location.hash = '/'));
    await page.getByRole('heading', { name: '2 agents' }).waitFor({ timeout: PATIENCE });
    await context.close();
  });

  it('never takes what the cluster holds for markup', async () => {
    const evil = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
    await kube.create(pods, {
      metadata: {
        name: 'hostile',
        namespace: 'default',
        annotations: { 'kmd.dev/hollow-log': evil, note: evil },
        labels: { app: 'hostile' },
      },
      spec: { containers: [{ name: 'main', image: evil, env: [{ name: 'X', value: evil }] }] },
    });
    const { page, context, faults } = await visit(browser);
    await goTo(page, '/pods/default/hostile');
    await page.getByRole('heading', { name: 'YAML' }).click();
    await page.getByLabel('YAML').getByText('onerror=').first().waitFor({ timeout: PATIENCE });
    await page.getByText('Running', { exact: true }).first().waitFor({ timeout: PATIENCE });
    await page.getByRole('heading', { name: 'Log' }).click();
    await page.getByLabel('Log of main').getByText('onerror=').waitFor({ timeout: PATIENCE });
    expect(await page.title()).not.toContain('owned');
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('asks nobody but its own server, and runs nothing inline', async () => {
    const { page, context } = await visit(browser);
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    const response = await open(page);
    await page.getByText('subscribed;').waitFor({ timeout: PATIENCE });
    expect([...hosts]).toEqual([cluster.record.apiServer]);
    const policy = response?.headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    // The policy is obeyed: a script that is put into the page does not run.
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "owned"';
      document.body.append(script);
    });
    expect(await page.title()).not.toContain('owned');
    await context.close();
  });

  it('is found, searched, filtered and left by keys alone', async () => {
    const { page, context } = await visit(browser);
    await open(page);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Pods' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('app=mover');
    await expect.poll(() => rows(page, 'Pods').count(), { timeout: PATIENCE }).toBe(6);
    await page.keyboard.press('Escape');
    await rows(page, 'Pods').first().getByRole('link').first().focus();
    await page.keyboard.press('ArrowDown');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row')))
      .toBe('1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^mover-/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await context.close();
  });

  it.each(['light', 'dark'])('has nothing that axe objects to (%s)', async (scheme) => {
    const { page, context } = await visit(browser, { dark: scheme === 'dark' });
    const { items } = await kube.list(pods, { namespace: 'default', labelSelector: 'app=mover' });
    const places = [
      '/',
      '/pods',
      `/pods/default/${items[0]?.metadata?.name ?? ''}`,
      '/mesos/tasks',
      '/mesos/agents',
      '/events',
    ];
    const source = await readFile(axe, 'utf8');
    for (const place of places) {
      await goTo(page, place);
      await page.locator('main h1').waitFor();
      const loading = page.getByText('Loading…').filter({ visible: true });
      await expect.poll(() => loading.count(), { timeout: PATIENCE }).toBe(0);
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

  it('stays readable on a narrow screen and at twice the size', async () => {
    const { page, context } = await visit(browser, { width: 640 });
    for (const place of ['/', '/pods', '/mesos/agents']) {
      await goTo(page, place);
      await page.locator('main h1').waitFor();
      const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(content, place).toBeLessThanOrEqual(width ?? 0);
    }
    await context.close();
  });

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
      const { page, context } = await visit(browser);
      const mend = await failing(page, 'api/v1/pods', status(code, reason, 'in its own words'));
      await goTo(page, '/pods');
      await page.getByText(words).waitFor({ timeout: PATIENCE });
      await page.getByText('in its own words').waitFor();
      mend();
      await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
      await page.getByText(words).waitFor({ state: 'hidden', timeout: PATIENCE });
      await context.close();
    });

    it('has forgotten the version (410), lists again', async () => {
      const { page, context } = await visit(browser);
      let gone = 0;
      await page.route('**/api/v1/pods?watch=true**', async (route) => {
        if (gone++ > 0) return route.continue();
        await route.fulfill({
          status: 200,
          contentType: 'application/json',
          body: `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' } })}\n`,
        });
      });
      await goTo(page, '/pods');
      await expect.poll(() => gone, { timeout: PATIENCE }).toBeGreaterThan(1);
      await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
      await context.close();
    });

    it('breaks off in the middle of an event, goes on', async () => {
      const { page, context } = await visit(browser);
      let broken = 0;
      await page.route('**/api/v1/pods?watch=true**', async (route) => {
        if (broken++ > 0) return route.continue();
        await route.fulfill({
          status: 200,
          contentType: 'application/json',
          body: '{"type":"MODIFIED","object":{"meta',
        });
      });
      await goTo(page, '/pods');
      await expect.poll(() => broken, { timeout: PATIENCE }).toBeGreaterThan(1);
      const name = 'after-the-break';
      await kube.create(pods, {
        metadata: { name, namespace: 'default' },
        spec: { containers: [{ name: 'main', image: 'nginx' }] },
      });
      await rows(page, 'Pods').filter({ hasText: name }).waitFor({ timeout: PATIENCE });
      await context.close();
    });
  });

  it('has its picture in the README taken', async () => {
    const folder = fileURLToPath(new URL('../docs/', import.meta.url));
    const { page, context } = await visit(browser);
    await goTo(page, '/');
    await page.getByText('2 agents').waitFor({ timeout: PATIENCE });
    await page.getByText('on offer').first().waitFor();
    const shot = await page.screenshot(process.env['KMD_SCREENSHOTS'] ? { path: `${folder}overview.png` } : {});
    expect(shot.length).toBeGreaterThan(20_000);
    const { items } = await kube.list(pods, { namespace: 'default', labelSelector: 'app=mover' });
    await goTo(page, `/pods/default/${items[0]?.metadata?.name ?? ''}`);
    await page.getByText('its probes pass').waitFor({ timeout: PATIENCE });
    await page.screenshot(process.env['KMD_SCREENSHOTS'] ? { path: `${folder}pod.png` } : {});
    await context.close();
  });

  it('says that the cluster has gone, and comes back with it', async () => {
    const { page, context } = await visit(browser);
    await goTo(page, '/pods');
    await rows(page, 'Pods').first().waitFor({ timeout: PATIENCE });
    await cluster.stop();
    await page.getByText('Connection lost, trying again').first().waitFor({ timeout: PATIENCE });
    kube.close();
    cluster = await cluster.start();
    kube = cluster.connect();
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
