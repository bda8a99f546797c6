/** `npm run bench`: the figures that we hold ourselves to, measured in one run. */
import { readArguments } from './arguments.ts';
import { measureBundles } from './bundles.ts';
import { countCalls } from './calls.ts';
import { measureCore } from './core.ts';
import { floodRows, measureFloods } from './flood/flood-rows.ts';
import { countGitCalls } from './git-calls.ts';
import { measureHttp } from './http.ts';
import { measureLook } from './judge/look.ts';
import { beginningRows, measureBeginning } from './looks/begin.ts';
import { lookRows, measureLooks } from './looks/looks.ts';
import type { Cost } from './release-calls.ts';
import { measureStart } from './start.ts';
import { measureWebhook } from './webhook.ts';

const HELP = `npm run bench -- [--json] [--no-floods]

  --json       prints one object
  --no-floods  leaves out one push to many targets, which takes most of the time`;

const values = readArguments(HELP, {
  json: { type: 'boolean', default: false },
  'no-floods': { type: 'boolean', default: false },
});

const calls = await countCalls();
const floods = values['no-floods'] ? [] : await measureFloods();
const pushCalls = await countGitCalls();
const core = await measureCore();
const look = measureLook();
const looks = await measureLooks();
const beginning = await measureBeginning();
const webhook = await measureWebhook();
const start = await measureStart();
const bundles = await measureBundles();
const http = await measureHttp();

if (values.json) {
  console.log(
    JSON.stringify({
      calls,
      floods,
      pushCalls,
      core,
      look,
      looks,
      beginning,
      webhook,
      start,
      bundles,
      http,
    }),
  );
} else {
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const listOf = (made: Readonly<Record<string, number>>) =>
    Object.entries(made)
      .map(([call, count]) => `${count} ${call}`)
      .join(', ');
  const costRows = (
    what: string,
    { aws, own }: Cost,
    most: { readonly aws: number; readonly own: number },
  ): readonly (readonly [string, string])[] => [
    [`calls to AWS, ${what} (at most ${most.aws})`, `${sum(Object.values(aws))}  (${listOf(aws)})`],
    [
      `calls to our own, ${what} (at most ${most.own})`,
      `${sum(Object.values(own))}  (${listOf(own)})`,
    ],
  ];
  const rows: readonly (readonly [string, string])[] = [
    ...costRows('push to UpdateService', calls.release.before, { aws: 7, own: 14 }),
    ...costRows('UpdateService to proven', calls.release.after, { aws: 15, own: 30 }),
    ['the same in 0.2.0', '60 to AWS, 115 to our own'],
    ...costRows('alarm to stop in flight', calls.wayBackInFlight, { aws: 4, own: 8 }),
    ...costRows('alarm to rollback in the bake', calls.wayBackInBake, { aws: 4, own: 8 }),
    ...floodRows(floods),
    ...Object.entries(pushCalls).map(([name, made]): readonly [string, string] => [
      `calls of ${name}, from git push until it is proven`,
      `${sum(Object.values(made))}  (${listOf(made)})`,
    ]),
    ['decisions a second, pure core', `${core.decisionsPerSecond}`],
    [
      `a look of the judge, over parsing the counts that it reads, at most ${look.ratioMax}`,
      `${look.ratio}  (${look.microseconds} µs of CPU, ${look.judgementsPerMinute} judgements a minute)`,
    ],
    ...lookRows(looks),
    ...beginningRows(beginning),
    [
      `webhook of a push, over verifying it alone, at most ${webhook.ratioMax}`,
      `${webhook.ratio}  (${webhook.push} µs of CPU; ${webhook.ratioToOctokit} over Octokit's call alone)`,
    ],
    ['npm start, wall seconds (below 15)', `${start.wallSeconds}`],
    ['npm start, peak MB', `${start.peakMegabytes}`],
    ['npm start, virtual seconds a wall second', `${start.virtualSecondsPerWallSecond}`],
    [
      'slipway local: DescribeServices a second, over a server that does nothing',
      `${http.ratio}  (${http.requestsPerSecond} of ${http.noopRequestsPerSecond})`,
    ],
    [
      `slipway local: MB before and after ${http.requests} requests`,
      `${http.megabytesBefore}, ${http.megabytesAfter}`,
    ],
    ...Object.entries(bundles.functions).map(([name, figures]): readonly [string, string] => {
      const { bytes, cpuMs, ratio, ratioMax } = figures;
      const limit = ratioMax === undefined ? '' : `, at most ${ratioMax}`;
      return [
        `import of ${name}, over its SDK clients only${limit}`,
        `${ratio}  (${cpuMs} ms of CPU, ${bytes} bytes)`,
      ];
    }),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
}
