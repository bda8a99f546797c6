/** Slipway compares what ECS says with what the load balancer does: before a shift, in it, and after it. */
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { weightsAt } from '@slipway/local-cloud/elbv2/forward.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import { expect, test } from 'vitest';
import { canary } from '../../../shared/config/config.ts';
import { type Shifting, shifting } from './shift-world.ts';

const MINUTE = 60_000;

async function pass({ cloud }: Shifting, minutes: number): Promise<void> {
  await cloud.runUntil(cloud.world.now + minutes * MINUTE);
}

function push({ cloud }: Shifting, tag = 'main-1'): void {
  pushImage(cloud.world, { repository: 'shop/web', tag });
}

function told({ cloud }: Shifting) {
  return cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' ? [entry.announcement] : [],
  );
}

function kinds(web: Shifting): readonly string[] {
  return told(web).map(({ kind }) => kind);
}

/** A person changes the rule: to these weights, by target group. */
function edit({ cloud, rule }: Shifting, weights: readonly number[]): void {
  const groups = (weightsAt(cloud.world, rule) ?? []).map(({ targetGroup }) => targetGroup);
  execute(cloud.world, 'elasticloadbalancing', 'ModifyRule', {
    RuleArn: rule,
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: groups.map((TargetGroupArn, i) => ({
            TargetGroupArn,
            Weight: weights[i] ?? 0,
          })),
        },
      },
    ],
  });
}

/** Does what an announcement says: `aws elbv2 modify-rule …` as a person would. */
function follow({ cloud }: Shifting, { next }: { readonly next: string }): void {
  const [, RuleArn] = /modify-rule --rule-arn (\S+)/.exec(next) ?? [];
  const tuples = [...next.matchAll(/TargetGroupArn=([^,]+),Weight=(\d+)/g)];
  execute(cloud.world, 'elasticloadbalancing', 'ModifyRule', {
    RuleArn,
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: tuples.map(([, TargetGroupArn, Weight]) => ({
            TargetGroupArn,
            Weight: Number(Weight),
          })),
        },
      },
    ],
  });
}

test.each([
  ['split', [95, 5], 'web-blue 95 % and web-green 5 %: web-blue must have all of it'],
  [
    'swapped to the other group',
    [0, 100],
    'web-green 100 %, and the tasks of what runs are in web-blue',
  ],
] as const)(
  'a rule that was %s before the start holds it; mended as told, it starts',
  async (_, weights, because) => {
    const web = await shifting(canary({ bakeMinutes: 2, canaryBakeMinutes: 2 }));
    edit(web, weights);
    const before = Object.keys(web.cloud.world.ecs.serviceDeployments).length;
    push(web);
    await pass(web, 5);
    expect(kinds(web)).toEqual(['adopted', 'held']);
    const held = told(web).at(-1);
    expect(held?.because).toContain(because);
    expect(Object.keys(web.cloud.world.ecs.serviceDeployments)).toHaveLength(before);
    if (held !== undefined) follow(web, held);
    await pass(web, 6);
    expect(kinds(web)).toEqual(['adopted', 'held', 'started']);
  },
);

test('a service whose load balancer has no second group waits, and goes on when it has one', async () => {
  const web = await shifting(canary({ bakeMinutes: 2, canaryBakeMinutes: 2 }));
  const { world } = web.cloud;
  const [balancer] = world.ecs.services['production/web']?.settings.loadBalancers ?? [];
  const { advancedConfiguration } = balancer ?? {};
  if (balancer === undefined || advancedConfiguration === undefined) throw new Error('no pair');
  delete balancer.advancedConfiguration;
  const before = Object.keys(world.ecs.serviceDeployments).length;
  push(web);
  await pass(web, 10);
  expect(kinds(web)).toEqual(['adopted', 'held']);
  expect(told(web).at(-1)?.because).toContain('CANARY moves traffic between two target groups');
  expect(Object.keys(world.ecs.serviceDeployments)).toHaveLength(before);
  balancer.advancedConfiguration = advancedConfiguration;
  await pass(web, 4);
  expect(kinds(web)).toEqual(['adopted', 'held', 'started']);
});

/** What the production rule gives, group by group. */
function shares({ cloud, rule }: Shifting): string {
  return (weightsAt(cloud.world, rule) ?? [])
    .map(({ targetGroup, weight }) => `${targetGroup.split('/').at(-2)} ${weight}`)
    .join(', ');
}

test('a rule that is edited in the middle of a shift: the release goes, once, and blames no image', async () => {
  const web = await shifting(canary({ bakeMinutes: 2, canaryBakeMinutes: 10 }));
  push(web);
  await pass(web, 4);
  edit(web, [50, 50]);
  await pass(web, 6);
  expect(kinds(web)).toEqual(['adopted', 'started', 'needs-attention', 'rolled-back']);
  expect(told(web)[2]?.because).toMatch(
    /ECS is at \w+, and the load balancer gives .* 50 % and .* 50 %: no step of ECS's goes there, so somebody else has changed the rule$/,
  );
  expect(told(web)[3]?.next).toContain('is not blamed: deploy it by hand, or push it again');
  expect(shares(web)).toMatch(/^\S+ 100, \S+ 0$/);
  const record = await web.cloud.recordOf('ecs/production/web');
  expect(record?.quarantine).toEqual([]);
  await pass(web, 10);
  expect(kinds(web)).toHaveLength(4);
});

test('a way back of ECS that leaves the rule split is not told as one, and ends when a person mends it', async () => {
  const web = await shifting(canary({ bakeMinutes: 10, canaryBakeMinutes: 10 }));
  web.cloud.world.ecs.unknowns = { ...web.cloud.world.ecs.unknowns, brokenRollback: true };
  pushImage(web.cloud.world, {
    repository: 'shop/web',
    tag: 'main-1',
    behaviour: { errorRate: 1 },
  });
  await pass(web, 25);
  expect(kinds(web)).toEqual(['adopted', 'started', 'needs-attention']);
  const asked = told(web)[2];
  expect(asked?.because).toContain(
    'by ECS web:1 runs again, and the load balancer gives web-blue 95 % and web-green 5 %: web-blue must have all of it',
  );
  if (asked !== undefined) follow(web, asked);
  await pass(web, 2);
  expect(kinds(web)).toEqual(['adopted', 'started', 'needs-attention', 'rolled-back']);
  expect(shares(web)).toBe('web-blue 100, web-green 0');
});
