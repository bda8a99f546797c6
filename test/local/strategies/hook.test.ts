/** ECS asks our hook at each step of a canary: what it answers, and where the traffic is meanwhile. */
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import { expect, test } from 'vitest';
import { hookWords, trafficWords } from '../../../local/page/shift-words.ts';
import { Served } from '../../../local/server/served.ts';
import type { PersonCommand } from '../../../local/stories/stage.ts';
import { canary } from '../../../shared/config/config.ts';
import { type Shifting, shifting } from './shift-world.ts';

const MINUTE = 60_000;
const CANARY = canary({ bakeMinutes: 10, canaryBakeMinutes: 5 });

async function pushed(): Promise<Shifting> {
  const web = await shifting(CANARY);
  pushImage(web.cloud.world, { repository: 'shop/web', tag: 'main-1' });
  return web;
}

function say({ cloud }: Shifting, command: PersonCommand['command']): void {
  const { web } = cloud.pipeline.targets;
  if (web === undefined) throw new Error('the pipeline has no target web');
  cloud.ask(web, {
    type: 'CommandReceived',
    by: 'ada',
    because: 'the sale begins',
    saidAt: cloud.world.now,
    command,
  });
}

async function pass({ cloud }: Shifting, minutes: number): Promise<void> {
  await cloud.runUntil(cloud.world.now + minutes * MINUTE);
}

/** What the production rule gives to the group that was live before, and to the other one. */
function shares({ cloud, rule }: Shifting): string {
  return (weightsAt(cloud.world, rule) ?? []).map(({ weight }) => weight).join('/');
}

function told({ cloud }: Shifting) {
  return cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' ? [entry.announcement] : [],
  );
}

/** `PRE_PRODUCTION_TRAFFIC_SHIFT 0 SUCCEEDED`, repeated ones once. */
function answers({ cloud }: Shifting): readonly string[] {
  const all = cloud.lines.flatMap((line) => {
    const { function: name, message, stage, share = '', answer } = JSON.parse(line);
    return name === 'lifecycle-hook' && message === 'answered'
      ? [`${stage} ${share} ${answer.status}`]
      : [];
  });
  return all.filter((one, i) => one !== all[i - 1]);
}

/** What the timeline tells of the shift, without the reasons. */
function story({ cloud }: Shifting): readonly string[] {
  return cloud.timeline.flatMap((entry) => {
    if (entry.type === 'traffic') return [trafficWords(entry)];
    return entry.type === 'hook' ? [hookWords(entry).replace(/(?<=: [a-z ]+): .*/, '')] : [];
  });
}

/** Requests a second of each revision, as the page draws them. */
function servedNow({ cloud: { world, pipeline } }: Shifting): readonly number[] {
  const served = new Served();
  served.note(world, Object.values(pipeline.targets));
  const rates = Object.keys(world.ecs.revisions).flatMap((id) => served.of(id));
  return rates.map(({ requestsPerSecond }) => requestsPerSecond).sort((a, b) => a - b);
}

test('a good release is asked about at each step, and proven when ECS has baked it', async () => {
  const web = await pushed();
  await pass(web, 4);
  expect(shares(web)).toBe('950/50');
  await pass(web, 16);
  expect(shares(web)).toBe('0/100');
  expect(story(web)).toEqual([
    'ECS asks at PRE_PRODUCTION_TRAFFIC_SHIFT with 0 % of the traffic: go on',
    '95 % to web-blue, 5 % to web-green',
    'ECS asks at PRE_PRODUCTION_TRAFFIC_SHIFT with 5 % of the traffic: go on',
    '100 % to web-green',
    'ECS asks at POST_PRODUCTION_TRAFFIC_SHIFT: wait',
    'ECS asks at POST_PRODUCTION_TRAFFIC_SHIFT: go on',
  ]);
  expect(answers(web)).toEqual([
    'PRE_PRODUCTION_TRAFFIC_SHIFT 0 SUCCEEDED',
    'PRE_PRODUCTION_TRAFFIC_SHIFT 0.05 SUCCEEDED',
    'POST_PRODUCTION_TRAFFIC_SHIFT  IN_PROGRESS',
    'POST_PRODUCTION_TRAFFIC_SHIFT  SUCCEEDED',
  ]);
  await pass(web, 10);
  expect(told(web).map(({ kind }) => kind)).toEqual(['adopted', 'started', 'proven']);
});

test('while somebody holds it, the traffic stays where it is; then it goes on', async () => {
  const web = await pushed();
  await pass(web, 4);
  say(web, { do: 'hold' });
  await pass(web, 30);
  expect(shares(web)).toBe('950/50');
  expect(answers(web).at(-1)).toBe('PRE_PRODUCTION_TRAFFIC_SHIFT 0.05 IN_PROGRESS');
  expect(servedNow(web)).toEqual([2.5, 47.5]);
  say(web, { do: 'resume' });
  await pass(web, 2);
  expect(shares(web)).toBe('0/100');
});

test('a hook that cannot be asked ends the release and blames no image', async () => {
  const web = await pushed();
  await pass(web, 2);
  delete web.cloud.world.lambda.functions['slipway-lifecycle-hook'];
  await pass(web, 10);
  expect(shares(web)).toBe('100/0');
  const last = told(web).at(-1);
  expect(last).toMatchObject({ kind: 'rolled-back' });
  expect(last?.because).toContain('lifecycle hook(s) failed');
  expect(last?.next).toContain('is not blamed: deploy it by hand, or push it again');
  const record = await web.cloud.recordOf('ecs/production/web');
  expect(record?.quarantine).toEqual([]);
});
