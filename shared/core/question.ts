/** What the next look must find out: only what the record's phase needs, since each answer is a call. */
import { alarmsToAsk } from './gates/alarm-gates.ts';
import { defined } from './model/defined.ts';
import type { Moment } from './model/image.ts';
import type { Question } from './model/observation.ts';
import type { Back, External, Forward } from './model/record/phase.ts';
import type { Attempt } from './model/record/release.ts';
import type { TargetRecord } from './model/record/target-record.ts';
import { unplacedOf } from './model/record/waiting.ts';
import { releaseTag } from './model/release-tag.ts';
import type { Rules } from './model/rules.ts';
import { lacksCandidate } from './phases/adopting.ts';
import { attemptOf, CLOCK_MARGIN_MS } from './release/attempt.ts';
import { judgedAt } from './release/bake-window.ts';
import { bringsAll } from './release/doubt.ts';
import { judgeQuestion } from './release/judge/judged.ts';
import { ownRequestsQuestion } from './release/judge/own-requests.ts';
import { aftermathQuestion } from './release/judge/returned.ts';
import { nextCandidate, restoreTag } from './release/rollback-candidates.ts';
import { mustCheckWays } from './release/ways-back.ts';

/** What the phase needs to know, and the images that wait for their place. */
export function questionFor(record: TargetRecord, now: Moment): Question {
  const unplaced = unplacedOf(record);
  const question: Question = {
    ...questionOfPhase(record, now),
    ...(mustCheckWays(record, now) ? { waysBack: true, ...beforeShift(record.rules) } : {}),
  };
  return unplaced.length === 0
    ? question
    : { ...question, places: unplaced.map(({ image }) => image) };
}

function questionOfPhase(record: TargetRecord, now: Moment): Question {
  const { phase, rules } = record;
  if (record.retired) return {};
  switch (phase.phase) {
    case 'idle':
      // Of a service that was gone and is there again nothing is known either.
      return {
        ...(record.runs === undefined || lacksCandidate(record)
          ? aboutFirst(record)
          : aboutStart(record)),
        ...aftermathQuestion(record),
      };
    case 'deploying':
      return aboutDeploying(record, phase);
    case 'baking': {
      if (phase.of === 'external') return aboutExternal(rules, phase);
      const { alarms } = phase.release.rules;
      const atEnd = now >= judgedAt(phase) && phase.empty === undefined;
      return {
        alarms,
        ...whileShifting(phase.release.rules),
        stoppedTasks: phase.attempt.revision ?? phase.attempt.base,
        ...judgeQuestion(record, phase),
        ...(atEnd && !bringsAll(phase.release, rules) ? { images: true } : {}),
        ...(atEnd ? { rises: { alarms, since: phase.rollout.createdAt } } : {}),
      };
    }
  }
}

function isUndated({ attempt, release }: Forward): boolean {
  return (
    attempt.request !== undefined &&
    attempt.rollout === undefined &&
    release.evidence.rises.length > 0
  );
}

function aboutExternal(
  { alarms }: Rules,
  { revision, bakeMinutes, createdAt }: External,
): Question {
  return {
    images: true,
    alarms,
    stoppedTasks: revision,
    // Whoever deploys a revision again, which failed an hour ago, has its new tasks judged.
    stoppedSince: createdAt,
    ...(bakeMinutes > 0 ? { rises: { alarms, since: createdAt } } : {}),
  };
}

function aboutFirst(record: TargetRecord): Question {
  return { images: true, alarms: record.rules.alarms, ...aboutStart(record) };
}

function aboutStart(record: TargetRecord): Question {
  const waiting = Object.values(record.waiting);
  if (waiting.length === 0) return {};
  const candidates = waiting.map(({ image }) => image);
  return {
    stop: true,
    definition: true,
    ...beforeShift(record.rules),
    alarms: alarmsToAsk(record),
    waiting: candidates,
    // An older push does not start over what somebody deployed: ECR must say when that was pushed.
    ...(record.runs?.undated === undefined ? {} : { images: true }),
    ...(record.rules.scan === undefined ? {} : { scans: candidates }),
    ...(record.rules.signature === undefined ? {} : { signatures: candidates }),
    ...aboutDefinition(record),
    ...(record.rules.after && {
      proofs: { targets: record.rules.after.targets, images: candidates },
    }),
  };
}

/** It is read where its image could start, and at no other time. */
function aboutDefinition({ rules, waiting }: TargetRecord): Pick<Question, 'definitionFile'> {
  const image = rules.definition && waiting[rules.definition.container]?.image;
  return image === undefined ? {} : { definitionFile: image };
}

function aboutDeploying(record: TargetRecord, phase: Forward | Back): Question {
  const attempt = attemptOf(phase);
  if (phase.goal === 'back') {
    const weights = whileShifting(record.rules);
    if (attempt !== undefined) return aboutAttempt(attempt, restoreTag(record, phase), weights);
    const rollbackTo = nextCandidate(record, phase);
    return rollbackTo === undefined ? {} : { rollbackTo, ...beforeShift(record.rules) };
  }
  const { attempt: own, release } = phase;
  const { rules } = record;
  // An alarm waits to be dated: nothing but the rollout's beginning decides.
  if (isUndated(phase)) return aboutAttempt(own, releaseTag(rules, release.id), {});
  const shifts = release.rules.strategy !== undefined;
  return aboutAttempt(own, releaseTag(rules, release.id), {
    ...whileShifting(release.rules),
    ...judgeQuestion(record, phase),
    ...ownRequestsQuestion(phase),
    alarms: release.rules.alarms,
    stoppedTasks: own.revision ?? own.base,
    ...askMigration(own, release.rules.migration),
    ...(shifts && own.rollout !== undefined && { shift: own.rollout.arn }),
  });
}

function askMigration(
  { migration: run }: Attempt,
  migration: Rules['migration'],
): Pick<Question, 'migration'> {
  if (run?.task === undefined || run.succeededAt !== undefined || !migration) return {};
  const { container, logGroup } = migration;
  return { migration: defined({ task: run.task, container, logGroup }) };
}

/** `release`: the tag of its revision. */
function aboutAttempt(attempt: Attempt, release: string, whenAsked: Question): Question {
  const { request, rollout, revision, base, register } = attempt;
  if (request !== undefined) {
    const known =
      rollout === undefined || revision === undefined
        ? {}
        : { [rollout.serviceRevision]: revision };
    return {
      ...whenAsked,
      // AWS put it off: before it is asked again, the gates are.
      ...(request.deferred === undefined ? {} : { stop: true }),
      rollouts: { since: request.at - CLOCK_MARGIN_MS, known },
    };
  }
  const { alarms, weights, migration } = whenAsked;
  return {
    // The gates are asked again before ECS is.
    stop: true,
    ...(alarms === undefined ? {} : { alarms }),
    ...(weights === undefined ? {} : { weights, targets: true }),
    ...(migration === undefined ? {} : { migration }),
    ...(revision === undefined && register !== undefined
      ? { lostRevision: { base, release } }
      : {}),
  };
}

/** A shift begins from the group that has everything, and in which the tasks are. */
function beforeShift({ strategy }: Pick<Rules, 'strategy'>): Question {
  return strategy === undefined ? {} : { weights: true, targets: true };
}

function whileShifting({ strategy }: Pick<Rules, 'strategy'>): Question {
  return strategy === undefined ? {} : { weights: true };
}

/** Has `asked` everything that `wanted` wants? Beside the candidate, values differ in moments only. */
export function isAnswered(wanted: Question, asked: Question): boolean {
  if (wanted.rollbackTo?.revision !== (wanted.rollbackTo && asked.rollbackTo?.revision))
    return false;
  return (Object.keys(wanted) as (keyof Question)[]).every((key) => asked[key] !== undefined);
}
