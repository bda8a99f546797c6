/**
 * ECS asks at each stage of a deployment that shifts traffic whether it may go on. The answer is read off
 * the same record and the same evidence as every other decision, and decides nothing anew: what speaks
 * against the release is judged by the looks, and until they have judged it the traffic stays as it is.
 * So FAILED is said of what is condemned, and never of trouble of our own.
 */
import type { Moment } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import { backOf, ownRelease } from '../model/record/phase.ts';
import type { Attempt } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE, type WhenUnsure } from '../model/rules.ts';
import { attemptOf } from '../release/attempt.ts';
import { judgingTime, slowestAlarm } from '../release/bake-window.ts';
import { countsAgainst, describeRise, risesSeen } from '../release/evidence.ts';
import { whyUnanswered } from '../release/judge/own-requests.ts';
import { STAGE_MINUTES } from '../release/shift.ts';
import { type Watched, watchedNow } from '../release/watched.ts';
import { isStepOf, whyAwaited } from '../release/word.ts';
import type { HookAnswer, HookAsk, HookSeen } from './ask.ts';
import { isStepOfJudge, judgeHolds } from './judged.ts';

interface HookRule {
  /** In words, for whoever asks why. */
  readonly rule: string;
  /** Undefined: it holds, and the next one is asked. */
  readonly answer: (at: At) => HookAnswer | undefined;
  /** That it waits is nobody's wish: near the stage's end the config says what follows. */
  readonly isUnsure?: true;
}

interface At {
  readonly record: TargetRecord;
  readonly ask: HookAsk;
  readonly seen: HookSeen;
}

/** What holds for long is asked about every half minute. */
const LATER_SECONDS = 30;
/** What a look is about to find or judge. */
const SOON_SECONDS = 5;

/** In the order in which they are asked: the first that does not hold answers. */
const HOOK: readonly HookRule[] = [
  { rule: 'a way back is never held', answer: takesBack },
  { rule: 'the release was not condemned', answer: condemned },
  { rule: 'the deployment is ours', answer: isNotOurs, isUnsure: true },
  { rule: 'nobody holds it', answer: held },
  { rule: 'the load balancer does what ECS says', answer: offCourse },
  { rule: 'its alarms are known', answer: unknownAlarm, isUnsure: true },
  { rule: 'none of its alarms rose since it began', answer: rose, isUnsure: true },
  {
    rule: 'it answered requests of our own at the test listener, where the config wants that',
    answer: notTried,
    isUnsure: true,
  },
  {
    rule: 'the judge calls the share that it has harmless, where it acts',
    answer: notHarmless,
    isUnsure: true,
  },
  { rule: 'its alarms have judged the share that it has', answer: notJudged, isUnsure: true },
  { rule: 'a person has said yes to the step, where the config wants that', answer: wordAwaited },
];

export function answerHook(at: At): HookAnswer {
  const { strategy } = (ownRelease(at.record.phase)?.release ?? at.record).rules;
  for (const { answer, isUnsure } of HOOK) {
    const said = answer(at);
    if (said === undefined) continue;
    return isUnsure ? inTime(said, at.ask, at.seen.at, strategy?.whenUnsure) : said;
  }
  return { status: 'SUCCEEDED', because: `nothing speaks against it at ${at.ask.stage}` };
}

/** So long before ECS waits no longer. */
const IN_TIME_MS = 30 * MINUTE;

/** A person who holds it, and a word that is awaited, have their own end: this is for what nobody knows. */
export function inTime(
  said: HookAnswer,
  { since }: Pick<HookAsk, 'since'>,
  at: Moment,
  whenUnsure: WhenUnsure = 'ask',
): HookAnswer {
  const isNear = at >= since + STAGE_MINUTES * MINUTE - IN_TIME_MS;
  if (!isNear || said.status !== 'IN_PROGRESS' || whenUnsure === 'ask') return said;
  const status = whenUnsure === 'proceed' ? 'SUCCEEDED' : 'FAILED';
  const because = `${said.because}; nobody knew better for a day, and whenUnsure says '${whenUnsure}'`;
  return { status, because };
}

/** FAILED, or a wait, would leave the traffic split; and what we put back is proven. */
function takesBack({ record, ask }: At): HookAnswer | undefined {
  if (ask.returns) return goOn('ECS takes the traffic back, and nothing holds that');
  const back = backOf(record.phase);
  return back?.step.step === 'redeploying' && isAbout(back.step.attempt, ask) !== 'no'
    ? goOn(`${back.step.candidate.release} comes back, and nothing holds that`)
    : undefined;
}

/** ECS need not wait until it is asked to stop. */
function condemned({ record, ask }: At): HookAnswer | undefined {
  const back = backOf(record.phase);
  if (back?.step.step !== 'stopping' || isAbout(back.step.attempt, ask) !== 'yes') return undefined;
  return { status: 'FAILED', because: `condemned: ${back.condemned.because}` };
}

/** Somebody else's deployment is let through: it is watched, and never fought. */
function isNotOurs({ record, ask }: At): HookAnswer | undefined {
  const attempt = attemptOf(record.phase);
  switch (attempt === undefined ? 'no' : isAbout(attempt, ask)) {
    case 'yes':
      return undefined;
    case 'unknown':
      return wait(
        'ECS was asked for a rollout that no look has found yet: it may be this one',
        SOON_SECONDS,
      );
    case 'no':
      return goOn('the deployment is none of ours, and is let through');
  }
}

function isAbout({ request, rollout }: Attempt, { deployment }: HookAsk): 'yes' | 'no' | 'unknown' {
  if (rollout !== undefined) return rollout.arn === deployment ? 'yes' : 'no';
  return request === undefined ? 'no' : 'unknown';
}

/** The share stays as it is; when a stage has taken a day, ECS takes the traffic back by itself. */
function held({ record, seen }: At): HookAnswer | undefined {
  const hold = seen.stop ?? record.hold;
  if (hold === undefined) return undefined;
  const what = seen.stop === undefined ? 'this target' : 'all targets of this account';
  return wait(`${hold.by} holds ${what}: ${hold.because}`);
}

/** A look has found that somebody else changes the rule: the next one sends the release back, or goes on. */
function offCourse({ record }: At): HookAnswer | undefined {
  return attemptOf(record.phase)?.course?.amissSince === undefined
    ? undefined
    : wait('the load balancer does not do what ECS says: the next look judges', SOON_SECONDS);
}

function unknownAlarm(at: At): HookAnswer | undefined {
  for (const name of guardsOf(at.record)) {
    const alarm = at.seen.alarms?.[name];
    if (alarm === undefined) return wait(`CloudWatch did not tell the state of alarm ${name}`);
    if (alarm.state === 'unknown') {
      return wait(`the state of alarm ${name} is unknown: ${alarm.because}`);
    }
  }
  return undefined;
}

/** Whether it was muted, and whose it is, a look finds out: the traffic waits for its verdict. */
function rose({ record, seen }: At): HookAnswer | undefined {
  const watched = watchedNow(record);
  if (watched === undefined) return undefined;
  const { window, rules } = watched;
  const found = risesSeen(record, seen).find((rise) => countsAgainst(rise, window));
  return found && wait(`${describeRise(found, rules)}: the next look judges`, SOON_SECONDS);
}

/** Before the first step alone: what they are sent to later would be what serves. */
function notTried({ record, ask }: At): HookAnswer | undefined {
  const release = ownRelease(record.phase)?.release;
  if (release === undefined || ask.stage !== 'PRE_PRODUCTION_TRAFFIC_SHIFT') return undefined;
  if ((ask.share ?? 0) > 0) return undefined;
  const why = whyUnanswered(release.rules, release.evidence);
  return why === undefined ? undefined : wait(why, SOON_SECONDS);
}

function notHarmless({ record, ask, seen }: At): HookAnswer | undefined {
  const why = judgeHolds(record, ask, seen.at);
  return why && wait(why.because, why.seconds);
}

/** Metrics come late: what it served since its share grew is known some minutes after. */
function notJudged(at: At): HookAnswer | undefined {
  const { ask, seen } = at;
  const watched = watchedNow(at.record);
  if (watched === undefined || !hasServed(ask) || isStepOfJudge(at.record, ask)) return undefined;
  const judged = judgingTime(watched.rules, slowestAlarm(watched.rules, seen));
  const until = servesSince(ask) + judged;
  if (seen.at >= until) return undefined;
  const seconds = Math.min(LATER_SECONDS, Math.ceil((until - seen.at) / 1_000));
  return wait(`its alarms have judged this share by ${clockTime(until)}`, seconds);
}

/** The word is asked for by a look, and given by a command: both stand in the record. */
function wordAwaited({ record, ask }: At): HookAnswer | undefined {
  const release = ownRelease(record.phase)?.release;
  const word = release?.word;
  if (word === undefined || word.given !== undefined) return undefined;
  if (ask.stage !== 'PRE_PRODUCTION_TRAFFIC_SHIFT') return undefined;
  if (!isStepOf(word, release?.rules.strategy, ask.share)) return undefined;
  return word.asked === undefined
    ? wait("a person's word is wanted, and the next look asks for it", SOON_SECONDS)
    : wait(whyAwaited(record.id, word));
}

/** After the last step ECS asks at once; before the others a step of its own minutes lies behind. */
function servesSince({ stage, since, wentOnAt = since }: HookAsk): Moment {
  return stage === 'POST_PRODUCTION_TRAFFIC_SHIFT' ? since : wentOnAt;
}

/** Before the next step, and after the last: not before the first, when nobody has met it. */
function hasServed({ stage, share = 0 }: HookAsk): boolean {
  return (
    stage === 'POST_PRODUCTION_TRAFFIC_SHIFT' ||
    (stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' && share > 0)
  );
}

/** The alarms whose states the answer needs. */
export function guardsOf(record: TargetRecord): Watched['window']['alarms'] {
  return watchedNow(record)?.window.alarms ?? [];
}

function goOn(because: string): HookAnswer {
  return { status: 'SUCCEEDED', because };
}

function wait(because: string, seconds = LATER_SECONDS): HookAnswer {
  return { status: 'IN_PROGRESS', because, seconds };
}
