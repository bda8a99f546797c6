/** What goes wrong around Slipway in a scenario, and how a person stops all of it at once. */
import { muteAlarm } from '@slipway/local-cloud/cloudwatch/state.ts';
import { setCapacity } from '@slipway/local-cloud/ecs/capacity.ts';
import { makeIll } from '@slipway/local-cloud/lambda/state.ts';
import { addOutage } from '@slipway/local-cloud/traffic/state.ts';
import { functionName } from '../../infra/names.ts';
import type { Step } from './scenario-format.ts';
import { targetOf } from './scenario-names.ts';
import { editRule } from './setup/scenario-balancer.ts';
import type { Stage } from './stage.ts';

type TroubleStep = Pick<
  Step,
  'throttle' | 'outage' | 'weights' | 'hook' | 'muteAlarm' | 'holdAll' | 'resumeAll' | 'capacity'
>;

const MINUTE_MS = 60_000;

export async function playTrouble(stage: Stage, step: TroubleStep): Promise<void> {
  const { world } = stage;
  const { throttle, outage, weights, hook, muteAlarm: mute, holdAll, resumeAll, capacity } = step;
  if (throttle !== undefined) {
    const { operation, minutes } = throttle;
    stage.tell(`AWS throttles ${operation} for ${minutes} minutes`);
    stage.throttle(operation, world.now + minutes * MINUTE_MS);
  }
  if (outage !== undefined) {
    const { target, errorPercent, minutes } = outage;
    stage.tell(
      `a dependency of ${target} fails ${errorPercent} % of what asks it, for ${minutes} minutes`,
    );
    const to = world.now + minutes * MINUTE_MS;
    addOutage(world, targetOf(stage, target), {
      from: world.now,
      to,
      errorRate: errorPercent / 100,
    });
  }
  if (weights !== undefined) {
    const { target, percents } = weights;
    stage.tell(`somebody edits the rule of ${target}: ${percents.join(' and ')} %`);
    editRule(world, targetOf(stage, target), percents);
  }
  if (hook !== undefined) {
    const { how, minutes } = hook;
    const what = how === 'throttled' ? 'is throttled' : 'throws';
    stage.tell(`the function that ECS asks before each step ${what} for ${minutes} minutes`);
    // With ECS alone nobody is asked.
    const ill = { how, until: world.now + minutes * MINUTE_MS };
    makeIll(world, functionName(stage.pipeline, 'lifecycle-hook'), ill);
  }
  if (mute !== undefined) {
    const { name, minutes } = mute;
    stage.tell(`somebody mutes alarm ${name} for ${minutes} minutes`);
    muteAlarm(world, name, world.now + minutes * MINUTE_MS);
  }
  if (capacity !== undefined) {
    const { tasks } = capacity;
    const how = tasks === 'enough' ? 'enough capacity again' : `capacity for ${tasks} tasks only`;
    stage.tell(`AWS has ${how}`);
    setCapacity(world, tasks === 'enough' ? undefined : tasks);
  }
  if (holdAll !== undefined) {
    stage.tell(`${holdAll.by} holds all targets`);
    await stage.stopAll(true, holdAll);
  }
  if (resumeAll !== undefined) {
    stage.tell(`${resumeAll.by} lets all targets go on`);
    await stage.stopAll(false, resumeAll);
  }
}
