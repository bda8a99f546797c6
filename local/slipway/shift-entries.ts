/** What the timeline tells of a shift: where the traffic goes, and what ECS was answered that asked. */
import type { ForwardChange } from '@slipway/local-cloud/elbv2/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { HookAnswered, TrafficMoved } from '../stories/timeline.ts';

/** How a rule changed after this change; undefined: all that is known. */
export function movedSince(
  world: World,
  { targets }: Pick<Pipeline, 'targets'>,
  last: ForwardChange | undefined,
): readonly TrafficMoved[] {
  const { changes } = world.elbv2;
  const fresh = last === undefined ? changes : changes.slice(changes.lastIndexOf(last) + 1);
  return fresh.flatMap(({ at, arn, weights }) => {
    const source = world.traffic.sources.find(({ rule }) => rule === arn);
    const target = Object.values(targets).find(
      ({ cluster, service }) => cluster === source?.cluster && service === source.service,
    );
    const sum = weights.reduce((total, { weight }) => total + weight, 0);
    if (target === undefined || sum === 0) return [];
    const percents = weights.map(({ targetGroup, weight }) => [
      world.elbv2.targetGroups[targetGroup]?.name ?? targetGroup,
      Math.round((1_000 * weight) / sum) / 10,
    ]);
    return [{ type: 'traffic', at, target: target.id, percents: Object.fromEntries(percents) }];
  });
}

/** From a line of the log, if it is one of `lifecycle-hook` that tells its answer. */
export function answeredIn(
  line: string,
  { targets }: Pick<Pipeline, 'targets'>,
): HookAnswered | undefined {
  if (!line.includes('"function":"lifecycle-hook","message":"answered"')) return undefined;
  const said = JSON.parse(line) as Omit<HookAnswered, 'type' | 'at'> & {
    readonly timestamp: string;
    readonly answer: Pick<HookAnswered, 'status' | 'because'>;
  };
  const { stage, share, answer } = said;
  const target = Object.values(targets).find(({ key }) => key === said.target)?.id ?? said.target;
  return {
    type: 'hook',
    at: Date.parse(said.timestamp),
    target,
    stage,
    ...(share !== undefined && { share }),
    status: answer.status,
    because: answer.because,
  };
}

/** ECS asks every half minute for as long as it waits: what is said again is told once. */
export function isSaidAgain(answer: HookAnswered, before: HookAnswered | undefined): boolean {
  return (
    before !== undefined &&
    before.stage === answer.stage &&
    before.share === answer.share &&
    before.status === answer.status &&
    before.because === answer.because
  );
}
