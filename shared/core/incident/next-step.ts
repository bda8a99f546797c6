/** What comes next, and by whom: read off the record, in words for people. */
import { endInWords } from '../gates/person-hold.ts';
import type { AnnouncementKind } from '../model/announcement.ts';
import { revisionName, waitingImages } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import { type Back, type Baking, backOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold, HoldReason, Waiting } from '../model/record/waiting.ts';
import { bakeEndsAt, judgedAt } from '../release/bake-window.ts';
import { awaitedRelease, whyAwaited } from '../release/word.ts';
import { type RunningNow, shortNames, tasksRunning } from './running-now.ts';
import { shareHeld } from './share-held.ts';

export interface NextStep {
  readonly by: 'Slipway' | 'ECS' | 'a person' | 'nobody';
  readonly what: string;
}

/** `Next (you): push a fix`; nobody is named where nobody need do anything. */
export function nextInWords({ by, what }: NextStep): string {
  if (by === 'nobody') return `Next: ${what}`;
  return `Next (${by === 'a person' ? 'you' : by}): ${what}`;
}

const GOOD: readonly AnnouncementKind[] = ['adopted', 'started', 'proven', 'superseded', 'retired'];

/** Of a sentence that was announced: who is meant shows in how it begins. */
export function announcedNext(kind: AnnouncementKind, what: string): NextStep {
  if (GOOD.includes(kind) || /^nothing\b/.test(what)) return { by: 'nobody', what };
  return { by: /^(?:it|what|ECS) /.test(what) ? 'Slipway' : 'a person', what };
}

/** What a person alone can end. */
const PERSONS: readonly HoldReason[] = ['person', 'approval'];

type Stop = Pick<Hold, 'by' | 'because'> | undefined;

/** What ECS and CloudWatch show now. */
interface Shown {
  readonly running: RunningNow;
  readonly redAlarms: readonly string[];
  readonly couldRollBack: boolean;
}

/** `stop`: who holds the whole account. `shown`: absent where nobody asked. */
export function nextStepOf(record: TargetRecord, stop: Stop, shown?: Shown): NextStep {
  const { phase, needsAttention, retired } = record;
  if (retired) return { by: 'nobody', what: 'the config names it no longer: what runs stays' };
  if (phase.phase === 'deploying') {
    const back = backOf(phase);
    const awaited = awaitedRelease(record);
    if (awaited !== undefined) {
      return { by: 'a person', what: whyAwaited(record.id, awaited.word) };
    }
    const run = phase.goal === 'forward' ? phase.attempt.migration : undefined;
    if (run !== undefined && run.succeededAt === undefined) {
      return { by: 'ECS', what: 'its migration runs; when it has ended well, the rollout begins' };
    }
    const held = shareHeld(record);
    if (held !== undefined) return { by: 'Slipway', what: held };
    return back === undefined
      ? {
          by: 'ECS',
          what: `the tasks are replaced; then it is watched for ${record.rules.bakeMinutes} minutes before it is proven`,
        }
      : { by: 'Slipway', what: wayBackOf(back) };
  }
  if (phase.phase === 'baking') {
    return phase.of === 'release'
      ? { by: 'Slipway', what: bakeOf(phase) }
      : {
          by: 'Slipway',
          what: `the deployment of ${revisionName(phase.revision)}, which is not ours, is watched and left alone`,
        };
  }
  if (needsAttention !== undefined) {
    const byHand = shown?.couldRollBack === false ? 'deploy an image' : 'deploy or roll back';
    const { next = `push a fix, or ${byHand} by hand`, stillTried } = needsAttention;
    const again = stillTried === undefined ? '' : `; next try at ${clockTime(stillTried.nextAt)}`;
    return { by: 'a person', what: `${next}${again}` };
  }
  return atRest(record, stop, shown);
}

function wayBackOf({ step, condemned }: Back): string {
  switch (step.step) {
    case 'stopping':
      return 'ECS is asked to stop it and to return';
    case 'selecting':
      return 'the newest proven release that can be had is looked for';
    case 'redeploying':
      return (
        `ECS is asked to run ${shortNames(step.candidate.images)} (${revisionName(step.candidate.revision)}) again; ` +
        `if it does not within ${condemned.rollbackMinutes} min, the next proven release is tried, or a person is asked`
      );
  }
}

function bakeOf(phase: Baking): string {
  if (phase.empty) return 'the bake begins when tasks run';
  if (phase.extendedBecause !== undefined) return `the bake goes on: ${phase.extendedBecause}`;
  const [ends, judged] = [bakeEndsAt(phase), judgedAt(phase)];
  const late = judged === ends ? '' : `; its alarms have judged all of it by ${clockTime(judged)}`;
  return `its bake ends at ${clockTime(ends)}${late}`;
}

function atRest(record: TargetRecord, stop: Stop, shown: Shown | undefined): NextStep {
  const { waiting, hold, lastEnded } = record;
  const some = Object.values(waiting);
  const end = stop === undefined ? hold && endInWords(hold) : 'until `resume --all`';
  if (end !== undefined) {
    const name = shortNames(waitingImages(waiting));
    const then = some.length === 0 ? '' : `; then ${name} does, if nothing else holds it`;
    return { by: 'a person', what: `nothing starts ${end}${then}` };
  }
  if (some.length > 0) return whatWaits(record, some);
  if (lastEnded?.kind === 'rolled-back' || lastEnded?.kind === 'failed') {
    return announcedNext(lastEnded.kind, lastEnded.next);
  }
  return (shown && asShown(record, shown)) ?? atPeace(record, shown?.redAlarms ?? []);
}

function asShown({ id }: TargetRecord, { running }: Shown): NextStep | undefined {
  const { desired, unasked } = running;
  if (unasked) return undefined;
  if (desired === undefined) {
    return {
      by: 'a person',
      what: 'make the service again, or take it out of the config: nothing starts without it',
    };
  }
  if (tasksRunning(running) >= desired) return undefined;
  return {
    by: 'ECS',
    what: `it starts what is missing; where it does not, \`slipway why ${id}\` tells why`,
  };
}

function atPeace({ rules }: TargetRecord, redAlarms: readonly string[]): NextStep {
  const red = redAlarms.join(', ');
  if (rules.mode === 'watch') {
    return {
      by: 'nobody',
      what: 'watch mode: the next push is looked at, and nothing is changed',
    };
  }
  if (rules.after !== undefined && red === '') {
    const names = rules.after.targets.map(({ id }) => id).join(' and ');
    return {
      by: 'nobody',
      what: `what ${names} ${rules.after.targets.length === 1 ? 'has' : 'have'} proven starts by itself`,
    };
  }
  if (rules.freeze !== undefined && red === '') {
    return { by: 'nobody', what: 'the next push starts by itself, or when no freeze is on' };
  }
  if (red === '') return { by: 'nobody', what: 'the next push starts by itself' };
  return {
    by: 'nobody',
    what:
      rules.whileAlarmRed === 'hold'
        ? `the next push waits for ${red} to be OK; what a person deploys does not`
        : `the next push starts by itself, whatever ${red} says`,
  };
}

function whatWaits({ waiting, holds = [] }: TargetRecord, some: readonly Waiting[]): NextStep {
  const name = shortNames(waitingImages(waiting));
  const held = some.find((one) => one.held !== undefined)?.held;
  if (held === undefined)
    return {
      by: 'Slipway',
      what: `${name} ${name.includes(' + ') ? 'start' : 'starts'} at the next look`,
    };
  // Of one image it stands with the image, of a gate that holds any with its clock.
  const isAsked = held.escalated === true || holds.some(({ escalated }) => escalated === true);
  return {
    by: PERSONS.includes(held.reason) || isAsked ? 'a person' : 'Slipway',
    what: held.next === undefined ? `${name} waits` : naming(name, held.next),
  };
}

/** What waits, by its name: after `mend the cause`, *it* would be the cause. */
export function naming(name: string, next: string): string {
  return next.replace(/(?<=^|: )it (?=starts|waits)/, `${name} `);
}
