/** What happens while traffic is shifted, and nowhere else: to the rule, to the hook, and to who would stop it. */
import { hookIsIll } from '../hook.ts';
import { giveRule } from '../rule.ts';
import { trouble } from './course.ts';
import type { EventName } from './events.ts';
import { MINUTE, type Stage } from './scene.ts';

type Happen = (stage: Stage) => Promise<void> | void;

function edit(stage: Stage, percents: readonly number[]): void {
  stage.note('edit-rule');
  giveRule(stage.engine, percents);
}

function ill(stage: Stage, how: 'throttled' | 'throws', minutes: number): void {
  stage.engine.log(() => `scene: the hook ${how} for ${minutes} minutes`);
  stage.truth.faulty = true;
  hookIsIll(stage.world, how, minutes);
}

export const SHIFT_EVENTS = {
  'the rule is edited': (stage) => edit(stage, [50, 50]),
  'the groups are swapped': (stage) => edit(stage, [0, 100]),
  'all of it goes to the first group': (stage) => edit(stage, [100, 0]),
  'the rule is edited just before it is proven': async (stage) => {
    await stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 40, 1);
    edit(stage, [50, 50]);
  },
  'the hook is throttled for ten minutes': (stage) => ill(stage, 'throttled', 10),
  'the hook throws for an hour': (stage) => ill(stage, 'throws', 60),
  'the table does not answer for five minutes': (stage) => trouble(stage, 'load', 'throttled', 5),
  'CloudWatch throttles for five minutes': (stage) =>
    trouble(stage, 'DescribeAlarms', 'throttled', 5),
  'held for seven minutes': async (stage) => {
    stage.say({ do: 'hold' });
    await stage.pass(7 * 60);
    stage.say({ do: 'resume' });
  },
  'held before its next step': async (stage) => {
    const production = stage.deployment()?.shift?.production ?? 0;
    await stage.pass(40);
    stage.say({ do: 'hold' });
    await stage.until(() => (stage.deployment()?.shift?.production ?? 0) > production, 12, 5);
    stage.say({ do: 'resume' });
  },
  'everything is held for seven minutes': async (stage) => {
    stage.note('stop-all');
    stage.engine.stop = { by: 'ana', because: 'the scene says so', since: stage.now };
    await stage.pass(7 * 60);
    stage.note('resume-all');
    stage.engine.stop = undefined;
  },
  'the alarm rises, and nothing can be stopped for ten minutes': (stage) => {
    trouble(stage, 'StopServiceDeployment', 'throttled', 10);
    stage.alarm('ALARM');
  },
  'the alarm rises unheard, just before the next step': async (stage) => {
    const grewAt = stage.world.elbv2.changes.at(-1)?.at ?? stage.now;
    const judgedAt = grewAt + 5 * MINUTE;
    stage.engine.loses = (event) => event.source === 'aws.cloudwatch';
    await stage.pass(Math.max(0, (judgedAt - stage.now) / 1_000 - 12));
    stage.alarm('ALARM');
  },
  'a person rolls back, under a hold': async (stage) => {
    stage.say({ do: 'hold' });
    await stage.pass(20);
    stage.say({ do: 'rollback' });
  },
  'a rollback after the bake, under a hold': async (stage) => {
    await stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 40, 1);
    await stage.pass(30);
    stage.say({ do: 'hold' });
    await stage.pass(20);
    stage.say({ do: 'rollback' });
  },
} as const satisfies Record<string, Happen>;

export type ShiftEventName = keyof typeof SHIFT_EVENTS;

/** What also happens elsewhere, and matters here. */
export const SHARED_EVENTS = [
  'nothing',
  'a good push',
  'a bad push',
  'the alarm rises',
  'the alarm flaps',
  'the alarm rises unheard',
  'the alarm has no data',
  'rollback',
  'hold',
  'hold everything',
  'deploy the oldest',
  'a good revision by hand',
  'the newest image is deleted',
  'scaled to 4',
  'watch mode',
] as const satisfies readonly EventName[];
