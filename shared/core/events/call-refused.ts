/** AWS refused what we asked, and would refuse it again. */
import { because, type Decision } from '../model/decision.ts';
import type { CallRefused } from '../model/event.ts';
import { type Back, backOf, forwardOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import { noteDeferred } from '../release/attempt.ts';
import { fail } from '../release/release-ends.ts';
import { choose, onWay, type Restoring, skip } from '../release/rollback-candidates.ts';

export function callRefused(record: TargetRecord, event: CallRefused): Decision {
  const { phase } = record;
  const sentence = `AWS refused ${callOf(event)}: ${event.code}: ${shorten(event.message, REASON_MAX)}`;
  const forward = forwardOf(phase);
  if (forward !== undefined) return fail(record, forward, event, sentence);
  const back = backOf(phase);
  const step = back?.step;
  // What was to be stopped had ended already: the next look tells how.
  const hasEnded = step?.step === 'stopping' && event.action === 'StopRollout' && isOver(event);
  if (back === undefined || step === undefined || step.step === 'selecting' || hasEnded) {
    return because(record, hasEnded ? `${sentence}; the next look tells how it ended` : sentence);
  }
  if (step.step === 'stopping') return choose(record, back, sentence);
  if (isAboutAlarms(event) && step.attempt.request?.withoutAlarms === undefined)
    return askWithoutAlarms(record, back, step, event, sentence);
  return isForbidden(event)
    ? because(onWay(record, back, { ...step, refused: sentence }), sentence)
    : skip(record, back, step.candidate, sentence);
}

/** The service's own alarms keep no candidate from being returned to: one that was deleted since, say. */
function askWithoutAlarms(
  record: TargetRecord,
  phase: Back,
  step: Restoring,
  { at }: CallRefused,
  sentence: string,
): Decision {
  const { attempt } = step;
  const deferred = { at, because: sentence, carriedOut: 'no' } as const;
  const noted = noteDeferred(attempt, deferred);
  const request = noted.request && { ...noted.request, withoutAlarms: true as const };
  const again = { ...noted, ...(request && { request }) };
  return because(
    onWay(record, phase, { ...step, attempt: again }),
    `${sentence}; it is asked again without the alarms of the service`,
  );
}

function isAboutAlarms({ action, message }: CallRefused): boolean {
  return action === 'StartRollout' && /alarm/i.test(message);
}

export function callOf(event: Pick<CallRefused, 'action'>): string {
  switch (event.action) {
    case 'RegisterRevision':
      return 'ecs:RegisterTaskDefinition';
    case 'RunMigration':
      return 'ecs:RunTask';
    case 'StartRollout':
      return 'ecs:UpdateService';
    case 'StopRollout':
      return 'ecs:StopServiceDeployment';
  }
}

function isOver(event: CallRefused): boolean {
  return event.code === 'ConflictException' || event.code === 'ServiceDeploymentNotFoundException';
}

function isForbidden(event: CallRefused): boolean {
  return /AccessDenied|NotAuthorized|Unauthorized/.test(event.code);
}
