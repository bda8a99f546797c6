/** What is called in the local cloud at rest and by a release: the figures that `measured.ts` holds. */
import { fileURLToPath } from 'node:url';
import { playScenario, readScenario } from '../../local/stories/scenario.ts';
import type { CallMade } from '../../local/stories/timeline.ts';
import pipeline from '../../pipeline.config.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { Used } from './measured.ts';

const HOUR_MS = 3_600_000;
/** After adoption, and before the first look of every day. */
const [FROM_HOUR, TO_HOUR] = [2, 8];
const RELEASES = 3;

/** A whole write is one unit for each kB. (DynamoDB, read and write units) */
const UNIT_BYTES = 1_024;

export async function measure(): Promise<{
  readonly hourAtRest: Used;
  readonly hourOfTarget: Used;
  readonly release: Used;
}> {
  const { web } = pipeline.targets;
  if (web === undefined) throw new Error('the config has no web');
  const hours = TO_HOUR - FROM_HOUR;
  const two = scaled(await rest(pipeline), 1 / hours);
  const one = scaled(await rest({ ...pipeline, targets: { web } }), 1 / hours);
  const hourOfTarget = minus(two, one);
  const busy = await playedCalls('healthy', pipeline);
  const until = (await scenario('healthy', pipeline)).until / HOUR_MS;
  const release = scaled(minus(usedIn(busy), scaled(two, until)), 1 / RELEASES);
  return { hourAtRest: minus(one, hourOfTarget), hourOfTarget, release };
}

async function rest(of: Pipeline): Promise<Used> {
  const calls = await playedCalls('healthy', of, { steps: [], until: TO_HOUR * HOUR_MS });
  const start = (calls[0]?.at ?? 0) + FROM_HOUR * HOUR_MS;
  return usedIn(calls.filter(({ at }) => at >= start));
}

async function scenario(name: string, of: Pipeline) {
  const path = `../../local/scenarios/${name}.json`;
  return await readScenario(fileURLToPath(new URL(path, import.meta.url)), of);
}

async function playedCalls(
  name: string,
  of: Pipeline,
  change: Partial<Awaited<ReturnType<typeof scenario>>> = {},
): Promise<readonly CallMade[]> {
  const { expect: _, ...told } = await scenario(name, pipeline);
  const { cloud } = await playScenario({ ...told, ...change }, of, { seed: 1 });
  return cloud.timeline.filter((entry) => entry.type === 'call');
}

function usedIn(calls: readonly CallMade[]): Used {
  const number = (pattern: RegExp) =>
    calls.filter(({ service, operation }) => pattern.test(`${service}:${operation}`)).length;
  const handlings = new Set(calls.map((call) => `${call.function} ${JSON.stringify(call.cause)}`));
  const bytes = calls.flatMap(({ operation, input }) =>
    operation === 'PutItem' ? [JSON.stringify((input as { Item?: unknown }).Item).length] : [],
  );
  const puts = bytes.reduce((all, one) => all + Math.ceil(one / UNIT_BYTES), 0);
  return {
    invocations: handlings.size,
    tableReads: number(/^dynamodb:(?:Query|GetItem)$/),
    tableWriteUnits: puts + number(/^dynamodb:UpdateItem$/),
    sends: number(/^sqs:/),
    cloudwatch: number(/^cloudwatch:/),
    announcements: number(/^eventbridge:/),
  };
}

function scaled(used: Used, by: number): Used {
  return mapped(used, (value) => value * by);
}

function minus(a: Used, b: Used): Used {
  return mapped(a, (value, name) => value - b[name]);
}

function mapped(used: Used, change: (value: number, name: keyof Used) => number): Used {
  const entries = Object.entries(used) as [keyof Used, number][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, change(value, name)]),
  ) as unknown as Used;
}
