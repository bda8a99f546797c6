/** The advice of the newest announcement is followed, word for word, and must work. */
import type { Finding } from '../oracle/finding.ts';
import { MINUTE, type Stage } from './scene.ts';

/** A rollout, a bake and its extension. */
const WORKS_WITHIN_MINUTES = 90;

/** Undefined: there was no advice that a person can follow here, or it worked. */
export async function followAdvice(stage: Stage): Promise<Finding | undefined> {
  const { truth } = stage;
  const { web } = stage.engine.pipeline.targets;
  const last = truth.trail.told.at(-1)?.announcement;
  const isCalm = truth.now > truth.quietFrom + 20 * MINUTE;
  const service = truth.primary('production/web');
  if (last === undefined || web?.rules.mode !== 'act' || !isCalm || service === undefined) return;
  if (!['needs-attention', 'failed', 'held', 'refused', 'superseded'].includes(last.kind)) return;
  if (last.next.startsWith('sign it')) stage.sign();
  mendRule(stage);
  const done = /deploy (?:it |this image )?(?:or roll back )?by hand/.test(last.next)
    ? await deploys(stage)
    : /roll back by hand/.test(last.next)
      ? await rollsBack(stage)
      : true;
  if (done) return undefined;
  const told = truth.trail.told.at(-1)?.announcement;
  return {
    rule: '8. what is advised works',
    target: 'ecs/production/web',
    at: truth.now,
    facts: `${last.kind} ${last.because}: "${last.next}" was followed; told: ${told?.kind} ${told?.because}`,
  };
}

/** By the very command that was told last, unless somebody has mended it since; what waits for that starts by itself. */
export function mendRule(stage: Stage): void {
  const { told, acts } = stage.truth.trail;
  const asked = told.findLast(({ announcement: { next } }) => next.includes('modify-rule'));
  if (asked === undefined) return;
  const { next } = asked.announcement;
  const rule = /modify-rule --rule-arn (\S+)/.exec(next)?.[1];
  const isMended = acts.some(({ what, at }) => what === 'edit-rule' && at >= asked.at);
  if (rule === undefined || isMended) return;
  stage.note('edit-rule');
  const weights = [...next.matchAll(/TargetGroupArn=([^,]+),Weight=(\d+)/g)];
  const TargetGroups = weights.map(([, TargetGroupArn, weight]) => {
    return { TargetGroupArn, Weight: Number(weight) };
  });
  const Actions = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
  stage.engine.asSomebody('elasticloadbalancing', 'ModifyRule', { RuleArn: rule, Actions });
}

/** The newest good image that was pushed and is still there, or one that only a person would deploy. */
async function deploys(stage: Stage): Promise<boolean> {
  const { truth } = stage;
  const known = stage.pushed.findLast(
    ({ behaviour, digest, tag, isGood }) =>
      isGood &&
      Object.keys(behaviour).length === 0 &&
      tag.startsWith('main-') &&
      truth.pushedAt(digest) !== undefined &&
      truth.trail.quarantine.findLast((note) => note.digest === digest)?.change !== 'added',
  );
  const image = known ?? stage.push({}, `fix-${stage.pushed.length}`);
  const runs = () => {
    const primary = truth.primary('production/web') ?? '';
    return Object.values(truth.digestsOf(primary)).includes(image.digest);
  };
  if (runs()) return true;
  const { registry } = stage.engine.pipeline;
  const app = { registry, repository: 'shop/web', digest: image.digest, tags: [image.tag] };
  stage.say({ do: 'deploy', images: { app, ...sidecarOf(stage) } });
  return stage.until(runs, WORKS_WITHIN_MINUTES, 30);
}

/** Both containers start anew, so what is wrong with the one beside is mended, too. */
function sidecarOf(stage: Stage): object {
  if (!stage.hasSidecar) return {};
  const digest = stage.pushSidecar();
  const { registry } = stage.engine.pipeline;
  return { sidecar: { registry, repository: 'shop/sidecar', digest, tags: [] } };
}

/** It was said that one can: something else runs then, or it is told, and true, that nothing can be had. */
async function rollsBack(stage: Stage): Promise<boolean> {
  const { truth } = stage;
  const before = truth.primary('production/web');
  const { told } = truth.trail;
  const from = told.length;
  stage.say({ do: 'rollback' });
  const isTold = () =>
    told
      .slice(from)
      .some(({ announcement: { because } }) => /no proven release can be/.test(because));
  const { web } = stage.engine.pipeline.targets;
  const nothingThere = () =>
    web !== undefined &&
    [...truth.proven('production/web', web).keys()].every(
      (revision) => revision === before || !truth.canBeHad(revision),
    );
  const isDone = () => truth.primary('production/web') !== before || (isTold() && nothingThere());
  return stage.until(isDone, WORKS_WITHIN_MINUTES, 30);
}
