/** Rules about whom the judge blames: whoever goes by its word was worse, and nobody goes for an outage of both. */
import type { Target } from '../../../../shared/config/config.ts';
import type { Evidence } from '../evidence.ts';
import type { Rule } from '../finding.ts';
import { stepsOf } from '../shares.ts';
import { isExcused, isWayBack, PROMPT_MS } from '../staying.ts';
import { HELD_MS, MINUTE, nameOf, type Reign, type Truth } from '../truth.ts';
import { isWorse, outageOver, sufferedBoth } from './causes.ts';
import { type Both, compared, isPlainlyWorse, minutesOf, readable, sumOf } from './counts.ts';
import { leastMs } from './growing.ts';

type Say = (rule: Rule, facts: string) => void;

const BY_LATENCY = / took longer than \d+ ms /;
const BY_JUDGE = /the judge finds it worse|it was the release/;
/** A look each minute, two that wait for the next minute, and a call. */
const SEEN_WITHIN_MS = 5 * MINUTE;
/** What ran before is looked at for five minutes, each at most three late. */
const TOLD_WITHIN_MS = 20 * MINUTE;

/** Its images go into quarantine, at this moment. */
export function judgeBlame(
  truth: Truth,
  target: Target,
  {
    digest,
    because,
    evidence,
  }: {
    readonly digest: string;
    readonly because: string;
    readonly evidence: readonly Evidence[];
  },
  say: Say,
): void {
  if (target.rules.judge === undefined) return;
  const reign = reignWith(truth, target, digest);
  if (reign === undefined) return;
  const name = nameOf(reign.taskDefinition);
  if (target.rules.judge === 'watch' && evidence.length === 0) {
    say(ONLY_WATCHES, `${name}: ${because}`);
  }
  if (BY_JUDGE.test(because)) {
    if (!isWorse(truth, reign)) say(WAS_WORSE, `${name}: ${because}`);
    if (!BY_LATENCY.test(because) && !isConfirmed(truth, reign))
      say(CONFIRMED, `${name}: ${because}`);
  }
  judgeOutage(truth, target, { reign, evidence, because }, say);
}

const ONLY_WATCHES = '10. a judge that only watches changes nothing';
const WAS_WORSE = '5. what the judge condemns was worse than what ran before';
const CONFIRMED =
  '5. what could not be compared is quarantined only when what ran before was well after it';
const OF_BOTH = '5. an outage of both condemns nobody';

function reignWith(truth: Truth, { key }: Target, digest: string): Reign | undefined {
  return truth
    .reigns(key.slice('ecs/'.length))
    .findLast(
      ({ taskDefinition, by }) =>
        by === 'us' && Object.values(truth.digestsOf(taskDefinition)).includes(digest),
    );
}

/** It failed more in minutes in which both had requests; or what ran before has shown since that it does not. */
function isConfirmed(truth: Truth, reign: Reign): boolean {
  const minutes = minutesOf(truth, reign);
  if (failedMoreOfLate(compared(minutes))) return true;
  const { oldN, oldE, count } = sinceReturn(truth, reign, minutes);
  const { newN, newE } = sumOf(minutes.slice(-5));
  return count >= 3 && oldE / oldN < 0.5 * (newE / Math.max(1, newN));
}

/** In its newest minutes, however many: an outage of both that is over hides nothing of what it fails since. */
function failedMoreOfLate(minutes: readonly Both[]): boolean {
  let [failed, healthy] = [0, 0];
  return minutes.toReversed().some(({ oldN, oldE, newN, newE }) => {
    failed += newE;
    healthy += Math.min(newN, (1.25 * newN * oldE) / oldN);
    return failed >= 3 && failed > healthy;
  });
}

/** Whole minutes in which what ran before had everything again. */
function sinceReturn(truth: Truth, reign: Reign, minutes: readonly Both[]) {
  const last = minutes.findLast(({ newN }) => newN > 0);
  const after = minutesOf(truth, reign, Infinity).filter(
    ({ from, newN }) => last !== undefined && from > last.from && newN === 0,
  );
  const first = readable(after, truth.now).slice(0, 5);
  return { ...sumOf(first), count: first.length };
}

interface Blamed {
  readonly reign: Reign;
  readonly evidence: readonly Evidence[];
  readonly because: string;
}

/** While the old one suffers in the same minutes, neither the judge nor an alarm says anything of the new one. */
function judgeOutage(
  truth: Truth,
  { rules }: Target,
  { reign, evidence, because }: Blamed,
  say: Say,
): void {
  if (truth.faulty || rules.judge !== 'act' || isWorse(truth, reign)) return;
  if (evidence.some(({ source }) => source !== 'alarm')) return;
  const outage = outageOver(truth, reign, truth.now);
  if (outage === undefined || truth.now > outage.from + 20 * MINUTE) return;
  const suffered = readable(sufferedBoth(truth, reign, outage), truth.now);
  if (suffered.length > 0) say(OF_BOTH, `${nameOf(reign.taskDefinition)}: ${because}`);
}

/** At rest: what was plainly worse went at once, and what was returned alone was blamed if it was worse. */
export function judgeJudged(truth: Truth, target: Target, say: Say): void {
  if (target.rules.judge !== 'act' || truth.faulty) return;
  const reigns = truth.reigns(target.key.slice('ecs/'.length));
  for (const reign of reigns) {
    if (reign.by !== 'us' || isWayBack(truth, reigns, reign)) continue;
    const at = plainAt(truth, reign);
    if (at === undefined || isExcused(truth, target, reign, at, at + PROMPT_MS)) continue;
    const goneAt = Math.min(reign.to, reign.deployment.rollback?.startedAt ?? Infinity);
    if (goneAt > at + SEEN_WITHIN_MS && truth.now > at + SEEN_WITHIN_MS) {
      say(GOES, `${nameOf(reign.taskDefinition)} was since ${new Date(at).toISOString()}`);
    }
  }
  judgeReturned(truth, target, say);
  judgeTold(truth, target, reigns, say);
  judgeMends(truth, target, reigns, say);
}

const GOES = '3. what is plainly worse than what ran before goes at once';
const BLAMED = '5. what was returned alone, and was worse, is quarantined in the end';

const MENDS = '6. a fix is not held by the outage that it mends';

/** It began in an outage that everybody knew, and fails no more than what ran before. */
function judgeMends(truth: Truth, target: Target, reigns: readonly Reign[], say: Say): void {
  for (const reign of reigns.filter(({ by }) => by === 'us')) {
    const outage = truth.trail.outages.find(
      ({ from, to }) => from < reign.from - KNOWN_MS && to > reign.from,
    );
    if (outage === undefined || isWorse(truth, reign)) continue;
    const steps = stepsOf(truth, reign, Math.min(reign.to, truth.now));
    for (const [i, { at, share }] of steps.entries()) {
      const until = Math.min(steps[i + 1]?.at ?? Infinity, reign.to, outage.to, truth.now);
      const isHeld = truth.trail.acts.some((act) => act.at > reign.from && act.at < until);
      const longest = (leastMs(target, share) ?? 0) + HELD_MS + SEEN_WITHIN_MS;
      const { newN } = sumOf(minutesOf(truth, reign, until));
      if (share === 0 || share === 1 || isHeld || until < at + longest || newN < PLENTY) continue;
      say(MENDS, `${nameOf(reign.taskDefinition)} at ${share}`);
    }
  }
}

/** So long an outage is history enough, and so many requests tell that nobody fails more. */
const KNOWN_MS = 30 * MINUTE;
const PLENTY = 5_000;

const TOLD = '8. a share that is held for long is told';

/** A share below everything that lasted for longer than one is held, and nobody but the judge held it. */
function judgeTold(truth: Truth, target: Target, reigns: readonly Reign[], say: Say): void {
  for (const reign of reigns.filter(({ by }) => by === 'us')) {
    const steps = stepsOf(truth, reign, Math.min(reign.to, truth.now));
    for (const [i, { at, share }] of steps.entries()) {
      const until = steps[i + 1]?.at ?? Math.min(reign.to, truth.now);
      const longest = (leastMs(target, share) ?? 0) + HELD_MS + SEEN_WITHIN_MS;
      if (share === 0 || share === 1 || until < at + longest) continue;
      const isTold = truth.trail.told.some(
        ({ at: toldAt, announcement: { key } }) =>
          key === target.key && toldAt > at && toldAt <= at + longest,
      );
      const isHeld = truth.trail.acts.some((act) => act.at > reign.from && act.at < until);
      if (!isTold && !isHeld) say(TOLD, `${nameOf(reign.taskDefinition)} at ${share}`);
    }
  }
}

/** When it could be read for the first time. */
function plainAt(truth: Truth, reign: Reign): number | undefined {
  const minutes = minutesOf(truth, reign);
  return minutes
    .map(({ from, publishedAt }) => Math.max(publishedAt ?? 0, from + 2 * MINUTE))
    .sort((a, b) => a - b)
    .find((at) => isPlainlyWorse(readable(minutes, at)));
}

function judgeReturned(truth: Truth, target: Target, say: Say): void {
  const { trail } = truth;
  for (const { at, announcement } of trail.told) {
    const { key, kind, because, revision = '', images = {} } = announcement;
    if (key !== target.key || kind !== 'rolled-back') continue;
    if (!/nothing to compare with/.test(because) || truth.now < at + TOLD_WITHIN_MS) continue;
    const reign = truth
      .reigns(key.slice('ecs/'.length))
      .findLast(({ taskDefinition, by }) => taskDefinition === revision && by === 'us');
    const isDisturbed =
      trail.outages.some((one) => one.to > (reign?.from ?? 0) && one.from < at + TOLD_WITHIN_MS) ||
      trail.acts.some((act) => act.at > at - MINUTE && act.at < at + TOLD_WITHIN_MS) ||
      truth
        .reigns(key.slice('ecs/'.length))
        .some(({ from }) => from > at && from < at + TOLD_WITHIN_MS);
    if (reign === undefined || isDisturbed || !isWorse(truth, reign)) continue;
    const { newN, newE } = sumOf(minutesOf(truth, reign).slice(-3));
    if (newE < 100 || newE < 0.2 * newN) continue;
    const blamed = Object.values(images).every(({ digest }) =>
      trail.quarantine.some((note) => note.key === key && note.digest === digest && note.at > at),
    );
    if (!blamed) say(BLAMED, `${nameOf(revision)}, back since ${new Date(at).toISOString()}`);
  }
}
