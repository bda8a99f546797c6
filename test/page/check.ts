/** A check of the page, and what it is given. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { PageAsset } from '../../local/page/assets.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';
import { entriesUntil, type Moment, stateAt } from './story.ts';

export interface Check {
  /** The rule. */
  readonly name: string;
  run(lab: Lab): Promise<void>;
}

export interface Lab {
  readonly browser: Browser;
  readonly assets: ReadonlyMap<string, PageAsset>;
  /** A server that tells of this moment, and the page that shows it. */
  open(moment: Moment, options?: BrowserContextOptions): Promise<Opened>;
  /** Kept in a folder that is named at the end. */
  shoot(page: Page, name: string): Promise<void>;
  /** The page asked for something that did not come: it was meant to. */
  expectTrouble(pattern: RegExp): void;
}

export interface Opened {
  readonly page: Page;
  readonly server: FakeServer;
}

export function tellMoment(server: FakeServer, moment: Moment): void {
  const entries = entriesUntil(moment);
  server.tell(stateAt(moment, entries.length), entries);
}

export interface Closing extends Lab {
  /** What the browser complained of, and nobody expected. */
  trouble(): readonly string[];
  close(): Promise<void>;
}

export function createLab(
  browser: Browser,
  assets: ReadonlyMap<string, PageAsset>,
  shoot: Lab['shoot'],
): Closing {
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  const closing: (() => Promise<void>)[] = [];
  return {
    browser,
    assets,
    shoot,
    expectTrouble: (pattern) => expected.push(pattern),
    async open(moment, options = {}) {
      const server = await startFakeServer(assets);
      tellMoment(server, moment);
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        colorScheme: 'light',
        ...options,
      });
      closing.push(
        () => context.close(),
        () => server.stop(),
      );
      const page = await context.newPage();
      watch(page, (line) => complaints.push(line));
      await page.goto(server.url);
      await page.locator('.card').first().waitFor();
      return { page, server };
    },
    trouble: () => complaints.filter((line) => !expected.some((pattern) => pattern.test(line))),
    async close() {
      for (const each of closing) await each();
    },
  };
}

/** Errors, and violations of the policy, which are errors in the console, too. */
export function watch(page: Page, complain: (line: string) => void): void {
  page.on('pageerror', (error) => complain(`error: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      complain(`console: ${message.text()} ${message.location().url}`);
    }
  });
}

const LOOKS_MOST = 200;
const LOOK_EVERY_MS = 50;

/**
 * Waits until it is so. Asked again and again from here: Playwright's own waiting evaluates a text
 * in the page, which the page's policy forbids.
 */
export async function until(page: Page, what: string, expression: string): Promise<void> {
  for (let looks = 0; looks < LOOKS_MOST; looks++) {
    if ((await page.evaluate(expression)) === true) return;
    await page.waitForTimeout(LOOK_EVERY_MS);
  }
  throw new Error(`it never came that ${what}`);
}
