/** docs/cost.md, whole: it is printed, and never written by hand. */
import { type Bill, billOf, HOURS, type Month, SAMPLED, together } from './bill.ts';
import type { Counted } from './counted.ts';
import { ESTIMATED, HOUR_AT_REST, HOUR_OF_TARGET, RELEASE, type Used } from './measured.ts';
import { PRICES, READ_ON } from './prices.ts';

export interface Stacks {
  /** Of the example, without its sources. */
  readonly plain: Counted;
  /** And with them. */
  readonly building: Counted;
}

const TARGETS = 2;
const MANY_TARGETS = 10_000;

/** By the heads of their columns. */
function months({ plain, building }: Stacks): ReadonlyMap<string, Month> {
  const rest = { targets: TARGETS, releases: 0, builds: 0 };
  return new Map([
    ['at rest', { ...rest, counted: plain }],
    ['1,000 releases', { ...rest, counted: plain, releases: 1_000 }],
    ['100,000 releases', { ...rest, counted: plain, releases: 100_000 }],
    ['10,000 targets at rest', { ...rest, counted: plain, targets: MANY_TARGETS }],
    ['at rest, with builds', { ...rest, counted: building }],
    ['1,000 releases, each built', { ...rest, counted: building, releases: 1_000, builds: 1_000 }],
  ]);
}

export function costPage(stacks: Stacks): string {
  return `# What it costs

Printed by \`npm run cost -- --write\`, and a test holds it: what is paid by the month is counted in the synthesized template of
[the example](../pipeline.config.ts), what is paid by use was counted in the local cloud (\`npm run cost -- --measure\` counts it
again). Dollars a month, of ${HOURS} hours, with ${TARGETS} targets unless the head says more. Your load balancer, tasks and
images are yours with or without Slipway, and are not in it; nor are taxes, and the free tier is not taken off.

${monthTable(stacks)}

A release costs **${cents(releaseCost(stacks))}**. Calls to ECS and ECR, EventBridge's rules for events of AWS, a minute's schedule and standard
parameters of SSM cost nothing. What you choose beside it is paid on top: a topic for notices, a trail, \`judged()\` steps (one
GetMetricData of six to eight metrics each), a customer's key.

## What is there

| in the template | without sources | with the example's |
| --- | ---: | ---: |
${countedRows(stacks)}

Queues are asked by Lambda 15 times a minute each, whether or not there is a message. Secrets are made by hand, and stand in no
template: one for GitHub's App, one for each webhook.

## What is used

| in the local cloud | an hour at rest | and for each target | a release |
| --- | ---: | ---: | ---: |
${usedRows()}
| GB-seconds (estimated) | ${estimatedRow(ESTIMATED.gbSeconds)} |
| kB of logs (estimated) | ${estimatedRow(ESTIMATED.logKb)} |

Estimates, because nothing there runs as long as on Lambda: seconds of functions, kB of logs, ${ESTIMATED.buildMinutes} minutes for a build, ${ESTIMATED.layersGb} GB of
layers for each image. Writes are counted twice, for the table and its index, which is the most that they cost; a read counts as one unit.
Of traces one a second is taken, and ${SAMPLED * 100} % of the rest. Not in it, being cents: what is stored (30 days of logs, 90 of history), GetSecretValue,
and the functions that hear GitHub and ask for builds (half a dollar for 1,000 of them, estimated). Nobody has held it against a
bill of AWS yet: yours is better than all of this.

## Prices

Of us-east-1, read on ${READ_ON}; other regions have others. The pages stand below \`aws.amazon.com\`.

| dollars | per | page |
| ---: | --- | --- |
${priceRows()}
`;
}

function monthTable(stacks: Stacks): string {
  const all = [...months(stacks)].map(([head, month]) => [head, billOf(month)] as const);
  const bills = all.map(([, bill]) => bill);
  const names = [...(bills[0]?.keys() ?? [])];
  const row = (name: string, of: (bill: Bill) => string) =>
    `| ${name} | ${bills.map(of).join(' | ')} |`;
  return [
    `| | ${all.map(([head]) => head).join(' | ')} |`,
    `| --- | ${all.map(() => '---:').join(' | ')} |`,
    ...names.map((name) => row(name, (bill) => (bill.get(name) ?? 0).toFixed(2))),
    row('**together**', (bill) => `**${together(bill).toFixed(2)}**`),
  ].join('\n');
}

/** Without the metrics, which are paid once for all releases of a month. */
function releaseCost({ plain }: Stacks): number {
  const of = (releases: number) =>
    together(billOf({ counted: { ...plain, metrics: 0 }, targets: TARGETS, releases, builds: 0 }));
  return (of(1_000) - of(0)) / 1_000;
}

function cents(dollars: number): string {
  return `${(dollars * 100).toFixed(2)} cents`;
}

const COUNTED: Readonly<Record<keyof Counted, string>> = {
  alarms: 'alarms',
  dashboards: 'dashboards',
  metrics: 'metrics of our own',
  polledQueues: 'queues that Lambda asks',
  ticksAnHour: 'runs of the schedule in an hour',
  logDays: 'days that logs are kept',
  layers: 'repositories for cached layers',
  secrets: 'secrets',
};

function countedRows({ plain, building }: Stacks): string {
  const names = Object.keys(COUNTED) as (keyof Counted)[];
  return names
    .map((name) => `| ${COUNTED[name]} | ${plain[name]} | ${building[name]} |`)
    .join('\n');
}

const USED: Readonly<Record<keyof Used, string>> = {
  invocations: 'invocations',
  tableReads: 'reads of the table',
  tableWriteUnits: 'write units of the table',
  sends: 'sends to queues',
  cloudwatch: 'requests to CloudWatch',
  announcements: 'announcements',
};

function usedRows(): string {
  const names = Object.keys(USED) as (keyof Used)[];
  const all = [HOUR_AT_REST, HOUR_OF_TARGET, RELEASE];
  return names
    .map((name) => `| ${USED[name]} | ${all.map((used) => used[name]).join(' | ')} |`)
    .join('\n');
}

function estimatedRow(of: Readonly<Record<'hourAtRest' | 'hourOfTarget' | 'release', number>>) {
  return [of.hourAtRest, of.hourOfTarget, of.release].join(' | ');
}

function priceRows(): string {
  return Object.values(PRICES)
    .map(({ dollars, per, page }) => `| ${dollars} | ${per} | /${page} |`)
    .join('\n');
}
