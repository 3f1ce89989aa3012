import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Where Debian, Fedora and macOS put it. */
export const chromiumPath: string | undefined = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => existsSync(path));

export const launch = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    // In a container there is neither a sandbox for it nor much shared memory.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** What went wrong in the page's own code, or against its policy. */
  faults: string[];
}

/** A new person with a new browser profile. */
export async function visit(
  browser: Browser,
  options: { signedIn?: boolean; dark?: boolean; width?: number; height?: number } = {},
): Promise<Visit> {
  const { signedIn = true, dark = false, width = 1280, height = 900 } = options;
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width, height },
    ...(signedIn ? { httpCredentials: { username: 'admin', password: 'admin' } } : {}),
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // A refused or lost request is told on the page; the console names it too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  return { context, page, faults };
}
