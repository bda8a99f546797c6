/** How a release of ours is told: that it started, that it failed before it replaced anything. */
import { announce, because, type Decision, describeImages, inPhase } from '../model/decision.ts';
import type { Moment } from '../model/image.ts';
import type { Deploying, TargetRecord } from '../model/record.ts';

/** Once: when ECS answered, or when its rollout was found after a lost answer. */
export function announceStarted(record: TargetRecord, phase: Deploying, at: Moment): TargetRecord {
  const { release, attempt } = phase;
  if (attempt.request === undefined || attempt.request.announced) return record;
  const told = inPhase(record, {
    ...phase,
    attempt: { ...attempt, request: { ...attempt.request, announced: true } },
  });
  const who = release.by === undefined ? '' : `${release.by} asked for `;
  return announce(told, 'started', {
    at,
    release: release.id,
    images: release.images,
    because: `${who}${describeImages(release.images)}`,
    next: `it is proven when ECS says SUCCESSFUL and ${release.rules.bakeMinutes} minutes of bake pass without an alarm or ${release.rules.maxTaskFailures} failed tasks`,
    revision: attempt.revision,
  });
}

/** It ends without having replaced anything: not condemned, not proven; a person mends the cause. */
export function fail(
  record: TargetRecord,
  phase: Deploying,
  { at }: { readonly at: Moment },
  sentence: string,
): Decision {
  const { release, attempt } = phase;
  const asking = inPhase(record, { phase: 'needs-attention', because: sentence, since: at });
  const failed = announce(asking, 'failed', {
    at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: 'mend the cause, then deploy it by hand or push a newer image',
    revision: attempt.revision,
  });
  return because(failed, sentence);
}
