import { readFile } from 'node:fs/promises';
import { deployments, nodes, pods } from '@kmd/kube-client';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, visit } from './browser.js';
import { arrive, goTo, open, PATIENCE, rows, setStage, web } from './stage.js';

if (chromiumPath === undefined)
  console.log('skipped: the web UI in a browser (no Chromium here: apt-get install chromium)');

describe.skipIf(chromiumPath === undefined)('the page, in a browser', { timeout: 90_000 }, () => {
  const stage = setStage({ name: 'page', agents: 3 });

  it('lets in who signs in, and nobody else', async () => {
    const stranger = await visit(stage.browser, { signedIn: false });
    expect((await stranger.context.request.get(stage.ui)).status()).toBe(401);
    await stranger.context.close();

    const { page, context, faults } = await visit(stage.browser);
    await open(stage, page);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.getByText('subscribed; no pod waits').waitFor({ timeout: PATIENCE });
    await page.getByRole('link', { name: '3 agents' }).waitFor();
    expect(await page.title()).toBe('Overview · kmd page');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('shows every service of the cluster with its health, and who holds what of each agent', async () => {
    const { page, context } = await visit(stage.browser);
    await open(stage, page);
    const services = page.getByRole('region', { name: 'Services' }).getByRole('listitem');
    const healthy = services.and(page.locator('.good'));
    await expect.poll(() => healthy.count(), { timeout: PATIENCE }).toBe(8);
    for (const name of ['API server', 'Store', 'Controllers', 'Scheduler', 'Mesos master', 'Agents', 'coredns'])
      await healthy.filter({ hasText: name }).first().waitFor();
    const topology = page.getByRole('region', { name: 'Topology' });
    await topology.getByText('3 agents').waitFor();
    // The page's own pod is a task of some agent: it holds a port there.
    await page.getByRole('img', { name: /^Ports, [1-9].* held: .*kubernetes-dashboard-\S+ 1,/ }).waitFor();
    await page.getByRole('link', { name: 'mesosslave-1' }).first().click();
    await page.getByRole('heading', { name: 'Who holds what' }).waitFor();
    await context.close();
  });

  it('shows a workload come up, scales it, and follows a pod through offer and task', async () => {
    const { page, context, faults } = await visit(stage.browser);
    await goTo(stage, page, '/pods');
    await stage.kube.create(deployments, web('guestbook', 2));
    const mine = rows(page, 'Pods').filter({ hasText: 'guestbook' });
    await expect.poll(() => mine.filter({ hasText: 'Running' }).count(), { timeout: PATIENCE }).toBe(2);

    await goTo(stage, page, '/deployments/default/guestbook');
    await page.getByRole('button', { name: 'Scale…' }).click();
    await page.getByLabel('Replicas').fill('4');
    await page.getByRole('button', { name: 'Scale', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.evaluate(() => (location.hash = '/mesos/tasks'));
    const tasks = rows(page, 'Tasks').filter({ hasText: 'guestbook' }).filter({ hasText: 'TASK_RUNNING' });
    await expect.poll(() => tasks.count(), { timeout: PATIENCE }).toBe(4);

    // From a task to its pod is one click.
    await tasks.first().getByRole('link').first().click();
    await page.getByRole('link', { name: /^default\/guestbook-/ }).click();
    const way = page.getByRole('region', { name: 'The way of this pod' }).getByRole('listitem');
    for (const step of ['Created', 'Offer', 'Task', 'Executor', 'Bound', 'Running', 'Ready'])
      await way.filter({ hasText: new RegExp(`^${step}.*\\(done\\)`) }).waitFor({ timeout: PATIENCE });
    // Each step to the millisecond, and what it took.
    await way.filter({ hasText: /^Task.*\.\d{3} \+/ }).waitFor();
    await page.getByText(/^Running .* after the scheduler saw it/).waitFor();
    await page.getByRole('link', { name: /^pod\./ }).click();
    await page.getByRole('heading', { name: /^guestbook-.*\.default\.pod$/ }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('says why a pod waits', async () => {
    const { page, context } = await visit(stage.browser);
    await stage.kube.create(pods, {
      metadata: { name: 'huge', namespace: 'default' },
      spec: { containers: [{ name: 'main', image: 'nginx', resources: { limits: { cpu: '64' } } }] },
    });
    await goTo(stage, page, '/pods/default/huge');
    const waiting = page.getByRole('listitem').filter({ hasText: /^Waiting.*\(under way\)/ });
    await waiting.filter({ hasText: /cpu/i }).waitFor({ timeout: PATIENCE });
    await stage.kube.delete(pods, 'huge', { namespace: 'default' });
    await page.getByText('There is no Pod huge in default any more.').waitFor({ timeout: PATIENCE });
    await context.close();
  });

  /** A pod that says what its annotations tell, and its log. */
  const openLog = async (page: Page, name: string, annotations: Record<string, string>) => {
    const spec = { containers: [{ name: 'main', image: 'nginx' }] };
    await stage.kube.create(pods, { metadata: { name, namespace: 'default', annotations }, spec });
    await goTo(stage, page, `/pods/default/${name}`);
    await page.getByRole('heading', { name: 'Log' }).click();
    return page.getByLabel('Log of main');
  };

  it('follows the log of a container', async () => {
    const { page, context } = await visit(stage.browser);
    const log = await openLog(page, 'talker', {
      'kmd.dev/hollow-log': 'once more',
      'kmd.dev/hollow-log-every': '200ms',
    });
    const lines = async () => ((await log.textContent()) ?? '').split('once more').length - 1;
    await expect.poll(lines, { timeout: PATIENCE }).toBeGreaterThan(1);
    const before = await lines();
    await expect.poll(lines, { timeout: PATIENCE }).toBeGreaterThan(before + 3);
    await stage.kube.delete(pods, 'talker', { namespace: 'default' });
    await context.close();
  });

  it('shows what a container said before it was started anew', async () => {
    const { page, context } = await visit(stage.browser);
    const log = await openLog(page, 'quitter', {
      'kmd.dev/hollow-log': 'so long',
      'kmd.dev/hollow-exit-after': '1s',
    });
    const asked = page.waitForRequest(/previous=true/);
    await page.getByRole('checkbox', { name: 'previous run' }).check({ timeout: PATIENCE });
    await asked;
    await page.getByText('The log has ended').waitFor({ timeout: PATIENCE });
    await log.getByText('so long').first().waitFor({ timeout: PATIENCE });
    await stage.kube.delete(pods, 'quitter', { namespace: 'default' });
    await context.close();
  });

  it('keeps what is chosen over a reload, in an address that can be sent', async () => {
    const { page, context } = await visit(stage.browser);
    await goTo(stage, page, '/pods');
    await page.getByRole('combobox', { name: 'Namespace' }).selectOption('kube-system');
    await page.getByRole('searchbox').fill('dns');
    const age = page.getByRole('columnheader', { name: 'Age' });
    for (const order of ['ascending', 'descending']) {
      await age.getByRole('button').click();
      await expect.poll(() => age.getAttribute('aria-sort')).toBe(order);
    }
    const same = async (other: Page) => {
      await rows(other, 'Pods').first().waitFor({ timeout: PATIENCE });
      await expect.poll(() => rows(other, 'Pods').allTextContents()).toEqual([expect.stringMatching(/^coredns-/)]);
      const header = other.getByRole('columnheader', { name: 'Age' });
      expect(await header.getAttribute('aria-sort')).toBe('descending');
      expect(await other.getByRole('searchbox').inputValue()).toBe('dns');
      expect(await other.getByRole('combobox', { name: 'Namespace' }).inputValue()).toBe('kube-system');
    };
    await same(page);
    await arrive(page, () => page.reload());
    await same(page);
    // Each page of the history is as it was left.
    await page.getByRole('link', { name: 'Tasks' }).click();
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await page.getByRole('searchbox').fill('');
    await page.goBack();
    await same(page);
    const friend = await visit(stage.browser);
    await arrive(friend.page, () => friend.page.goto(page.url()));
    await same(friend.page);
    await friend.context.close();
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('Nothing matches “nobody” in namespace kube-system.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => rows(page, 'Pods').count(), { timeout: PATIENCE }).toBeGreaterThan(1);
    await context.close();
  });

  it('restarts and deletes only what is confirmed', async () => {
    const { page, context } = await visit(stage.browser);
    await stage.kube.create(deployments, web('once', 1));
    await goTo(stage, page, '/deployments/default/once');
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Restart…' }).click();
    await page.getByRole('dialog', { name: 'Restart once' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const before = await stage.kube.get(deployments, 'once', { namespace: 'default' });
    expect(before.spec?.template.metadata?.annotations).toBeUndefined();

    await page.getByRole('button', { name: 'Restart…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const after = await stage.kube.get(deployments, 'once', { namespace: 'default' });
    expect(after.spec?.template.metadata?.annotations).toHaveProperty(['kubectl.kubernetes.io/restartedAt']);

    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Deployments' }).waitFor();
    await expect
      .poll(() => stage.kube.get(deployments, 'once', { namespace: 'default' }).catch(({ status }) => status), {
        timeout: PATIENCE,
      })
      .toBe(404);
    await context.close();
  });

  it('cordons a node, and takes that back', async () => {
    const { page, context } = await visit(stage.browser);
    await goTo(stage, page, '/nodes/mesosslave-1');
    const cordoned = page.getByRole('main').getByText('Ready, cordoned');
    await page.getByRole('button', { name: 'Cordon…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cordon', exact: true }).click();
    await cordoned.waitFor({ timeout: PATIENCE });
    expect((await stage.kube.get(nodes, 'mesosslave-1')).spec?.unschedulable).toBe(true);
    await page.getByRole('button', { name: 'Uncordon…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Uncordon', exact: true }).click();
    await cordoned.waitFor({ state: 'hidden', timeout: PATIENCE });
    await context.close();
  });

  it('shows what an edit of the YAML would change, and refuses what the API server refuses', async () => {
    const { page, context } = await visit(stage.browser);
    await stage.kube.create(deployments, web('edited', 1));
    await goTo(stage, page, '/deployments/default/edited');
    await page.getByRole('heading', { name: 'YAML' }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    const field = page.getByRole('textbox', { name: 'YAML, to be edited' });
    const text = await field.inputValue();
    await field.fill(text.replace('image: nginx', 'image: 7'));
    await page.getByRole('button', { name: 'Review changes' }).click();
    await page.getByRole('status').filter({ hasText: /image/ }).waitFor({ timeout: PATIENCE });

    await field.fill(text.replace('image: nginx', 'image: nginx:2'));
    await page.getByRole('button', { name: 'Review changes' }).click();
    const shown = page.getByLabel('What would change');
    await shown.getByText('- image: nginx', { exact: false }).waitFor({ timeout: PATIENCE });
    await shown.getByText('image: nginx:2').waitFor();
    const image = async () =>
      (await stage.kube.get(deployments, 'edited', { namespace: 'default' })).spec?.template.spec?.containers[0]?.image;
    expect(await image()).toBe('nginx');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor({ timeout: PATIENCE });
    expect(await image()).toBe('nginx:2');
    await context.close();
  });

  it('copies YAML, and gives it as a file', async () => {
    const { page, context } = await visit(stage.browser);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await goTo(stage, page, '/services/kube-system/kubernetes-dashboard');
    await page.getByRole('heading', { name: 'YAML' }).click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor({ timeout: PATIENCE });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^apiVersion: v1\nkind: Service\n/);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    const file = await downloading;
    expect(file.suggestedFilename()).toBe('kubernetes-dashboard.yaml');
    expect(await readFile(await file.path(), 'utf8')).toMatch(/^apiVersion: v1\nkind: Service\n/);
    await context.close();
  });

  it('shows the pods of a lost agent move', async () => {
    const { page, context } = await visit(stage.browser);
    await stage.kube.create(deployments, web('mover', 6));
    await goTo(stage, page, '/pods');
    const running = rows(page, 'Pods').filter({ hasText: 'mover' }).filter({ hasText: 'Running' });
    await expect.poll(() => running.count(), { timeout: PATIENCE }).toBe(6);
    expect(await running.filter({ hasText: 'mesosslave-3' }).count()).toBeGreaterThan(0);
    await stage.cluster.scale({ agents: 2 });
    await expect
      .poll(async () => [await running.count(), await running.filter({ hasText: 'mesosslave-3' }).count()], {
        timeout: PATIENCE,
      })
      .toEqual([6, 0]);
    await page.evaluate(() => (location.hash = '/'));
    await page.getByRole('link', { name: '2 agents' }).waitFor({ timeout: PATIENCE });
    await context.close();
  });

  it('is found, searched, filtered and left by keys alone', async () => {
    const { page, context } = await visit(stage.browser);
    await open(stage, page);
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
});
