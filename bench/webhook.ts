/**
 * How long the webhook takes for a push, against verifying its signature alone: the same handler, the
 * same bytes, but announced as a `ping`, of which nothing is read once it is verified. And against
 * nothing but Octokit's call, of which JSON.parse alone is more than one. CPU time, turn by turn in
 * one process, the median of many rounds. Prints JSON.
 *
 *   node bench/webhook.ts
 */
import { readFileSync } from 'node:fs';
import { verify } from '@octokit/webhooks-methods';
import type { Context } from 'aws-lambda';
import { createHandler } from '../functions/github-push.ts';
import { parsePipeline } from '../shared/config/config.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';

/** Of the handler's time over that of verifying alone. */
const WEBHOOK_RATIO_MAX = 3;
const ROUNDS = 60;
/** Until everything is compiled. */
const ROUNDS_BEFORE = 15;
const CALLS_A_ROUND = 200;

/** Of GitHub's documentation; every sample is signed with it. */
const SECRET = "It's a Secret to Everybody";
const sample = new URL('../events/github-push-branch.json', import.meta.url);

export interface WebhookFigures {
  readonly bytes: number;
  /** Microseconds of CPU, medians. */
  readonly push: number;
  readonly verifyingAlone: number;
  readonly octokitAlone: number;
  readonly ratio: number;
  readonly ratioMax: number;
  readonly ratioToOctokit: number;
}

const pipeline = parsePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: {
      type: 'ecs-service',
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: '*' } } },
      alarms: { noAlarmsBecause: 'it is measured, not deployed' },
    },
  },
  sources: {
    shop: {
      repository: 'acme/shop',
      images: {
        web: { repository: 'shop/web', paths: ['web/**'] },
        worker: { repository: 'shop/worker', paths: ['worker/**'] },
      },
    },
  },
});

/** Lines are made and thrown away; the queue and the secret are in memory. */
export async function measureWebhook(): Promise<WebhookFigures> {
  const log = followingLog(createLog({ name: 'github-push', write: () => undefined }));
  const versions = [{ text: SECRET }];
  const deps = {
    pipeline,
    log,
    secrets: { versions: async () => versions },
    clock: { now: () => Date.now() },
    tellRefusal: () => undefined,
    queues: { send: async () => undefined },
  };
  const handler = createHandler(() => deps);
  const event = JSON.parse(readFileSync(sample, 'utf8'));
  const { body, headers } = event;
  const ping = { ...event, headers: { ...headers, 'x-github-event': 'ping' } };
  const context = {} as Context;
  for (const [each, status] of [
    [event, 202],
    [ping, 200],
  ] as const) {
    const { statusCode } = await handler(each, context);
    if (statusCode !== status) throw new Error(`the sample was answered ${statusCode}`);
  }
  const [push, verifyingAlone, octokitAlone] = await medians([
    () => handler(event, context),
    () => handler(ping, context),
    () => verify(SECRET, body, headers['x-hub-signature-256']),
  ]);
  return {
    bytes: Buffer.byteLength(body),
    ...{ push, verifyingAlone, octokitAlone },
    ratio: rounded(push / verifyingAlone, 100),
    ratioMax: WEBHOOK_RATIO_MAX,
    ratioToOctokit: rounded(push / octokitAlone, 100),
  };
}

type Work = () => Promise<unknown>;

/** One round asks each in turn, so that a busy minute slows them all alike. */
async function medians(
  works: readonly [Work, Work, Work],
): Promise<readonly [number, number, number]> {
  const times = works.map(() => [] as number[]);
  for (let round = -ROUNDS_BEFORE; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const before = process.cpuUsage();
      for (let call = 0; call < CALLS_A_ROUND; call++) await work();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times[index]?.push((user + system) / CALLS_A_ROUND);
    }
  }
  const [push = Number.NaN, ping = Number.NaN, octokit = Number.NaN] = times.map(median);
  return [push, ping, octokit];
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return rounded(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, 10);
}

function rounded(value: number, factor: number): number {
  return Math.round(value * factor) / factor;
}

if (import.meta.main) console.log(JSON.stringify(await measureWebhook(), null, 2));
