/** The absolute example beside the relative rules: a good image that nobody disturbs runs in the end. */

import type { Target } from '../../shared/config/config.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import type { Pushed } from './deeds.ts';
import type { Engine } from './engine.ts';
import type { Step } from './story.ts';

/** Sentences, one for each good image that should run and does not. */
export function missingImages(
  engine: Engine,
  story: readonly Step[],
  pushed: readonly Pushed[],
): readonly string[] {
  return Object.values(engine.pipeline.targets).flatMap((target) => {
    const record = engine.records.get(target.key)?.record;
    if (record === undefined) return [`${target.id} was never introduced`];
    // What its staging does not prove does not come.
    const upstream = target.rules.after?.targets.map(({ id }) => id) ?? [];
    if ([target.id, ...upstream].some((id) => isDisturbed(id, story))) return [];
    return Object.entries(target.rules.containers).flatMap(([container, { repository }]) => {
      const newest = pushed.findLast((one) => one.repository === repository);
      if (newest === undefined || !isGood(newest, target)) return [];
      if (record.runs?.images[container]?.digest === newest.digest) return [];
      // An alarm that is red for good holds it, and a person was told.
      if (record.waiting[container]?.held !== undefined) return [];
      return isExcused(record, newest, engine)
        ? []
        : [`${target.id} does not run ${repository}:${newest.tag} in ${container}`];
    });
  });
}

function isDisturbed(target: string, story: readonly Step[]): boolean {
  return story.some((step) => disturbs(target, step));
}

/** A step by which somebody else decides what runs, or makes what is good look bad. */
function disturbs(target: string, step: Step): boolean {
  switch (step.do) {
    case 'push':
    case 'repeat-event':
    case 'reconfigure':
    case 'force-deployment':
    case 'mute':
    case 'commit':
    case 'ci-image':
    case 'fast-forward':
    case 'merge':
    case 'reset':
    case 'delete-branch':
    case 'redeliver':
    case 'forge':
    case 'lose-webhooks':
    case 'github-down':
      return false;
    case 'set-alarm':
    case 'delete-image':
    case 'no-data':
    case 'stop-all':
    case 'resume-all':
    case 'trouble':
    case 'outage':
    case 'blip':
    case 'withhold':
    case 'halve':
      return true;
    case 'delete-service':
    case 'create-service':
    case 'unpinned-by-hand':
      return step.service === target;
    case 'hook-ill':
    case 'edit-rule':
    case 'mend-rule':
      return target === 'web';
    case 'redrive':
    case 'retire':
    case 'unretire':
    case 'change-config':
    case 'rollback-to':
    case 'answer':
      return step.target === target;
    case 'scale':
    case 'update-service':
    case 'deploy-by-hand':
    case 'deregister':
      return step.service === target;
    case 'ask':
      return step.target === target && step.word !== 'resume';
  }
}

/** What no story says of an image is let through; but nobody signs it unasked, not even its build. */
function isGood({ behaviour, plan = {} }: Pushed, { rules }: Target): boolean {
  const { signed, scan, findings } = plan;
  const isSigned = rules.signature === undefined || signed === true;
  const isLetThrough = isSigned && scan === undefined && !findings?.HIGH && !findings?.CRITICAL;
  return isLetThrough && Object.keys(behaviour).every((name) => name === 'startSeconds');
}

/**
 * Another container's bad image went with it; or, in a world with faults, its answers were lost too
 * often. Either way that was told of this very digest.
 */
function isExcused(record: TargetRecord, { digest }: Pushed, engine: Engine): boolean {
  const about = ({ key, images }: Announcement) =>
    key === record.key && Object.values(images ?? {}).some((image) => image.digest === digest);
  if (standingOf(record) === 'needs-attention' && engine.struck) return true;
  const told = [...engine.announcements.values()].filter(about);
  const several = Object.keys(record.rules.containers).length > 1;
  return told.some(({ kind, because }) => {
    if (kind === 'rolled-back' || kind === 'needs-attention') return several || engine.struck;
    if (kind === 'refused') return because.startsWith('held for') || several;
    return kind === 'failed' && engine.struck;
  });
}
