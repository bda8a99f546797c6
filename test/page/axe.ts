/** What axe-core finds wrong on a page, by the rules of WCAG 2.2 A and AA and its own best practice. */
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const SOURCE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Results {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** A line for each element that breaks a rule. The page's policy forbids scripts of ours, so the context ignores it. */
export async function axeFinds(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: SOURCE });
  const options = JSON.stringify({
    runOnly: { type: 'tag', values: TAGS },
    resultTypes: ['violations'],
  });
  const { violations } = (await page.evaluate(`axe.run(document, ${options})`)) as Results;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => {
      return `${id}: ${html.slice(0, 160)} (${failureSummary.replaceAll(/\s+/g, ' ').slice(0, 160)})`;
    }),
  );
}
