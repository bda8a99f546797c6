/**
 * `npm run test:page`: the page in a real Chromium, with a scripted feed and with the local AWS. It needs
 * a Chromium (in CHROMIUM, or on the path) and says so and skips without one. Exit code 1 if a check failed.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../../bench/arguments.ts';
import { pageAssets } from '../../local/page/assets.ts';
import { type Check, createLab } from './check.ts';
import { APPROVING } from './checks-approving.ts';
import { AXE } from './checks-axe.ts';
import { DOING } from './checks-doing.ts';
import { FLEET } from './checks-fleet.ts';
import { realChecks } from './checks-real.ts';
import { SEEING } from './checks-seeing.ts';
import { TREE } from './checks-tree.ts';
import { findChromium, startChromium } from './chromium.ts';
import { takeIncidents } from './incident-pictures.ts';

const HELP = `npm run test:page -- [--only TEXT] [--screenshot FILE | --incidents FOLDER]

  --only TEXT         checks whose name has this text
  --screenshot FILE   also writes a PNG of 1280 by 920: the page in the middle of a rollback
  --incidents FOLDER  takes the pictures of docs/incidents.md instead`;

const values = readArguments(HELP, {
  only: { type: 'string', default: '' },
  screenshot: { type: 'string' },
  incidents: { type: 'string' },
});
const executable = findChromium();
if (executable === undefined) {
  console.log(
    'skipped: no Chromium is found. Install one (Debian: apt install chromium), or name it in CHROMIUM.',
  );
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), 'slipway-page-'));
const assets = await pageAssets();
const browser = await startChromium(executable);
console.log(`${executable} ${browser.version()}\n`);

if (values.incidents !== undefined) {
  await takeIncidents(browser, values.incidents);
  await browser.close();
  process.exit(0);
}

const checks: readonly Check[] = [
  ...SEEING,
  ...DOING,
  ...APPROVING,
  ...FLEET,
  ...AXE,
  ...TREE,
  ...realChecks(values.screenshot),
];
const chosen = checks.filter(({ name }) => name.includes(values.only));
let failed = 0;
for (const { name, run } of chosen) {
  const lab = createLab(browser, assets, async (page, shot) => {
    await page.screenshot({ path: join(folder, `${shot}.png`), fullPage: true });
  });
  try {
    await run(lab);
    const trouble = lab.trouble();
    if (trouble.length > 0) throw new Error(`the browser complained: ${trouble.join('; ')}`);
    console.log(`passed  ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}\n        ${error instanceof Error ? error.message : error}`);
  } finally {
    await lab.close();
  }
}
await browser.close();
console.log(`\n${chosen.length - failed} passed, ${failed} failed; screenshots: ${folder}`);
process.exit(failed === 0 ? 0 : 1);
