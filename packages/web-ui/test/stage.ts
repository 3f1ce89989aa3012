import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCluster, type Cluster } from '@kmd/cluster';
import type { Deployment, KubeClient } from '@kmd/kube-client';
import type { Browser, Locator, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { launch } from './browser.js';

/** How long to wait for what comes by itself, in milliseconds: for machines that do much else. */
export const PATIENCE = 20_000;

/** A cluster of its own, and a browser that looks at it. */
export interface Stage {
  cluster: Cluster;
  kube: KubeClient;
  browser: Browser;
  /** Address of the page. */
  readonly ui: string;
}

/** Brings a cluster and a browser up before the tests of a file, and takes both down after them. */
export function setStage({ name, agents }: { name: string; agents: number }): Stage {
  let home = '';
  const stage = {
    get ui() {
      return `${this.cluster.record.apiServer}/ui/`;
    },
  } as Stage;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'kmd-ui-'));
    stage.cluster = await createCluster({
      name,
      agents,
      apiPort: 0,
      mesosPort: 0,
      kubeconfig: false,
      environment: { ...process.env, KMD_HOME: home },
    });
    stage.kube = stage.cluster.connect();
    stage.browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await stage.browser?.close();
    stage.kube?.close();
    await stage.cluster?.down();
    await rm(home, { recursive: true, force: true });
  }, 60_000);
  return stage;
}

/**
 * Has the page loaded and waits until its script has run. Whatever makes or removes a network on this machine breaks a browser's requests off,
 * and Chromium has no flag against that: requests of the page are made again by itself, those that load it are here.
 */
export const arrive = (page: Page, load: () => Promise<Response | null>): Promise<Response | null> =>
  vi.waitFor(
    async () => {
      const response = await load();
      // A page is loaded when its scripts have run, or could not be had.
      expect(await page.locator('header.top').count(), 'the page is drawn').toBe(1);
      return response;
    },
    { timeout: PATIENCE, interval: 250 },
  );

export const open = ({ ui }: Stage, page: Page): Promise<Response | null> => arrive(page, () => page.goto(ui));

/** Goes to a place of the page: `/pods`. */
export async function goTo(stage: Stage, page: Page, place: string): Promise<void> {
  if (!page.url().startsWith(stage.cluster.record.apiServer)) await open(stage, page);
  await page.evaluate((hash) => (location.hash = hash), place);
}

export const rows = (page: Page, label: string): Locator =>
  page.getByRole('table', { name: label }).locator('[data-row]');

export const web = (name: string, replicas: number): Deployment => ({
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'nginx', ports: [{ containerPort: 80 }] }] },
    },
  },
});
