import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configMaps, events, pods } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { chromiumPath, visit } from './browser.js';
import { goTo, open, PATIENCE, setStage } from './stage.js';

if (chromiumPath === undefined)
  console.log('skipped: the web UI in a browser (no Chromium here: apt-get install chromium)');

describe.skipIf(chromiumPath === undefined)('the page, in a hostile world', { timeout: 90_000 }, () => {
  const stage = setStage({ name: 'safety', agents: 1 });

  it('never takes what the cluster holds for markup', async () => {
    const evil = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
    await stage.kube.create(pods, {
      metadata: {
        name: 'hostile',
        namespace: 'default',
        annotations: { 'kmd.dev/hollow-log': evil, note: evil },
        labels: { app: 'hostile' },
      },
      spec: { containers: [{ name: 'main', image: evil, env: [{ name: 'X', value: evil }] }] },
    });
    const { page, context, faults } = await visit(stage.browser);
    await goTo(stage, page, '/pods/default/hostile');
    await page.getByRole('heading', { name: 'YAML' }).click();
    await page.getByLabel('YAML').getByText('onerror=').first().waitFor({ timeout: PATIENCE });
    await page.getByText('Running', { exact: true }).first().waitFor({ timeout: PATIENCE });
    await page.getByRole('heading', { name: 'Log' }).click();
    await page.getByLabel('Log of main').getByText('onerror=').waitFor({ timeout: PATIENCE });
    await stage.kube.create(events, {
      metadata: { name: 'hostile.1', namespace: 'default' },
      involvedObject: { kind: 'Pod', name: 'hostile', namespace: 'default' },
      reason: evil,
      message: evil,
      type: evil,
      lastTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
    });
    for (const place of ['/', '/events', '/mesos/tasks']) {
      await goTo(stage, page, place);
      await page
        .getByText(place === '/mesos/tasks' ? 'hostile' : 'onerror=')
        .first()
        .waitFor({ timeout: PATIENCE });
    }
    expect(await page.title()).not.toContain('owned');
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('asks nobody but its own server, and runs nothing inline', async () => {
    const { page, context } = await visit(stage.browser);
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    const response = await open(stage, page);
    await page.getByText('subscribed;').waitFor({ timeout: PATIENCE });
    expect([...hosts]).toEqual([stage.cluster.record.apiServer]);
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

  it('cannot be written to by a page of another site', async () => {
    const other = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<p>another site</p>');
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { page, context } = await visit(stage.browser);
    // The browser has the password by now, and would send it.
    await open(stage, page);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const foreign = await context.newPage();
    await foreign.goto(`http://localhost:${(other.address() as AddressInfo).port}/`);
    const objects = `${stage.cluster.record.apiServer}/api/v1/namespaces/default/configmaps`;
    const answered = context.waitForEvent('response', (response) => response.url().startsWith(objects));
    await foreign.evaluate(async (address) => {
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'foreign' } });
      // A body without a type, which the API would take for JSON, needs no leave of the other server.
      await fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new Blob([body]) });
    }, objects);
    // Refused as a stranger's where the browser keeps the password from it, else for where it comes from.
    expect([401, 403]).toContain((await answered).status());
    const { items } = await stage.kube.list(configMaps, { namespace: 'default' });
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain('foreign');
    other.close();
    await context.close();
  });

  it('takes whatever stands in its address for a place, and no more', async () => {
    const { page, context, faults } = await visit(stage.browser);
    for (const place of [
      '/mesos/tasks/%E0%A4%A',
      '/pods/%/%',
      '/<img src=x onerror=alert(1)>',
      '/mesos/agents/..%2f..',
    ])
      await goTo(stage, page, place).then(() =>
        page
          .getByText(/There is no|knows no such/)
          .first()
          .waitFor({ timeout: PATIENCE }),
      );
    expect(await page.locator('main img').count()).toBe(0);
    expect(faults).toEqual([]);
    await context.close();
  });
});
