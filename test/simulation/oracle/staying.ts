/** A bad release does not stay: for each of ours, when the evidence came, and when it went. */

import type { Target } from '../../../shared/config/config.ts';
import type { Rule } from './finding.ts';
import { lateFrom } from './late.ts';
import { HELD_MS, MINUTE, nameOf, type Reign, TASK_FAILURES_LEAST, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** A look, its calls, ECS's own time to begin. */
export const PROMPT_MS = 5 * MINUTE;
/** A look each minute, and what it calls. */
const HASTE_MS = 4 * MINUTE;

/** Where an event is lost, a look each ten minutes, or five, finds what is still so. */
const UNHEARD_MS = 11 * MINUTE;
/** A last look comes a minute and a half after the last call, and our own call after it. */
const LATE_CALL_MS = 10 * MINUTE;

/** To be asked when the world is at rest, hours after the last fault. */
export function judgeStaying(truth: Truth, target: Target, say: Say): void {
  const service = target.key.slice('ecs/'.length);
  const reigns = truth.reigns(service);
  for (const reign of reigns) {
    judgeLate(truth, target, reign, say);
    if (reign.by !== 'us' || isWayBack(truth, reigns, reign)) continue;
    const against = firstAgainst(truth, target, reign);
    if (against === undefined) continue;
    // What was heard needs nothing more of CloudWatch.
    judgeHaste(truth, target, reign, against, say);
    const began = truth.isOnlyBlind ? against.at : Math.max(against.at, truth.quietFrom);
    const deadline = began + target.rules.rollbackMinutes * MINUTE + PROMPT_MS;
    if (reign.to <= deadline || truth.now <= deadline) continue;
    if (isExcused(truth, target, reign, against.at, deadline)) continue;
    const until = Number.isFinite(reign.to) ? new Date(reign.to).toISOString() : 'the end';
    say(
      against.late
        ? '3. a bad release whose last data lie in its bake does not stay'
        : '3. a bad release does not stay',
      `${nameOf(reign.taskDefinition)} runs until ${until}, ${against.says} at ${new Date(against.at).toISOString()}`,
    );
  }
}

/** It was quarantined when our call brought it: that call came late, and a look puts it right. */
function judgeLate(truth: Truth, target: Target, reign: Reign, say: Say): void {
  const deadline = Math.max(reign.from, truth.quietFrom) + LATE_CALL_MS;
  if (reign.by !== 'us' || reign.to <= deadline || truth.now <= deadline) return;
  const bad = Object.values(truth.digestsOf(reign.taskDefinition)).find((digest) =>
    truth.trail.quarantine.some(
      (note) => note.key === target.key && note.digest === digest && note.at < reign.from - 5_000,
    ),
  );
  if (bad === undefined || !isBad(truth, target, bad)) return;
  if (isExcused(truth, target, reign, reign.from, deadline)) return;
  say(
    '1. what a late call of ours made so does not stay',
    `${nameOf(reign.taskDefinition)} since ${new Date(reign.from).toISOString()}`,
  );
}

/** Where nothing is ill, a look finds what speaks against a release, and the next call ends it. */
function judgeHaste(truth: Truth, target: Target, reign: Reign, against: Against, say: Say): void {
  const deadline = against.at + (truth.isDeaf ? UNHEARD_MS : HASTE_MS);
  if (truth.faulty || reign.to <= deadline || truth.now <= deadline) return;
  if (isExcused(truth, target, reign, against.at, deadline)) return;
  // Its events were lost, and no look found it red: the history tells of it when the bake is over.
  const { alarm } = against;
  if (truth.isDeaf && alarm !== undefined && !truth.staysRed(alarm, against.at, UNHEARD_MS)) return;
  const acted = truth.trail.calls.some(
    (call) => call.target === target.key && call.at >= against.at - MINUTE && call.at <= deadline,
  );
  if (acted) return;
  say(
    '3. what speaks against a release is acted upon at once',
    `${nameOf(reign.taskDefinition)}: ${against.says} at ${new Date(against.at).toISOString()}`,
  );
}

/** What had succeeded before we asked for it. */
export function isWayBack(truth: Truth, reigns: readonly Reign[], reign: Reign): boolean {
  const digests = JSON.stringify(truth.digestsOf(reign.taskDefinition));
  return reigns.some(
    (earlier) =>
      earlier.from < reign.from &&
      earlier.deployment.status === 'SUCCESSFUL' &&
      earlier.by !== 'ecs' &&
      JSON.stringify(truth.digestsOf(earlier.taskDefinition)) === digests,
  );
}

interface Against {
  readonly at: number;
  readonly says: string;
  readonly alarm?: string;
  /** The data lie in the bake, the alarm rose after it. */
  readonly late: boolean;
}

export function firstAgainst(truth: Truth, target: Target, reign: Reign): Against | undefined {
  const { deployment } = reign;
  const bakedAt = (deployment.finishedAt ?? Infinity) + truth.bakeMsOf(reign, target);
  const end = Math.min(bakedAt, reign.to, truth.now);
  const rises = truth
    .risesAgainst(reign, target, Math.min(end + 10 * MINUTE, reign.to))
    .filter(({ at, dataFrom, dataTo }) => at <= end || (dataFrom >= reign.from && dataTo <= end))
    .filter((rise) => !truth.mayTellOfBoth(target, rise, end))
    // It was held until then.
    .map((rise) =>
      truth.mayTellOfBoth(target, rise, rise.at) ? { ...rise, at: rise.at + HELD_MS } : rise,
    );
  const [rise] = rises;
  const failed = truth
    .failures(deployment.service, reign.taskDefinition)
    .filter(({ at }) => at >= reign.from && at <= end)
    .sort((a, b) => a.at - b.at);
  const enough = failed[(target.rules.maxTaskFailures ?? TASK_FAILURES_LEAST) - 1];
  const all: Against[] = [];
  if (rise !== undefined) {
    const { alarm, at } = rise;
    all.push({ at, alarm, says: `${alarm} rose`, late: at > end - 5_000 });
  }
  if (enough !== undefined) {
    all.push({
      at: enough.at,
      says: `${failed.length} tasks failed`,
      late: enough.at > end - MINUTE,
    });
  }
  const tookTooLong = lateFrom(truth, target, reign);
  if (tookTooLong < Math.min(deployment.finishedAt ?? Infinity, reign.to, truth.now)) {
    all.push({ at: tookTooLong, says: 'its rollout took too long', late: false });
  }
  return all.sort((a, b) => a.at - b.at)[0];
}

/** A person decided otherwise, or there was nowhere to go and that was told. */
export function isExcused(
  truth: Truth,
  target: Target,
  reign: Reign,
  from: number,
  deadline: number,
): boolean {
  const decided = truth.trail.acts.some(
    ({ at, target: id, what }) =>
      id === target.id &&
      at >= reign.from &&
      at <= deadline &&
      ['deploy', 'by-hand', 'scale', 'delete', 'create', 'retire', 'unquarantine'].includes(what),
  );
  const scaled = truth.trail.acts.findLast(
    ({ at, target: id, what }) => id === target.id && what === 'scale' && at <= from,
  );
  const nothingRuns = scaled?.of === '0';
  if (decided || nothingRuns || target.rules.mode === 'watch') return true;
  const proven = truth.proven(target.key.slice('ecs/'.length), target);
  const known = [...proven].some(
    ([taskDefinition, at]) =>
      at < from &&
      taskDefinition !== reign.taskDefinition &&
      truth.canBeHad(taskDefinition) &&
      !Object.values(truth.digestsOf(taskDefinition)).some((digest) =>
        isBad(truth, target, digest),
      ),
  );
  const told = truth.trail.told.some(
    ({ at, announcement }) =>
      announcement.key === target.key &&
      announcement.kind === 'needs-attention' &&
      at >= from &&
      at <= deadline,
  );
  return (!known && told) || isWatchedSince(truth, target, reign.from, deadline);
}

/** Somebody had it only watch before it went: what would have been done was told. */
function isWatchedSince({ trail }: Truth, target: Target, from: number, until: number): boolean {
  const changed = trail.acts.find(
    ({ at, target: id, what }) => id === target.id && what === 'reconfigure' && at >= from,
  );
  return trail.told.some(
    ({ at, announcement: { key, kind } }) =>
      key === target.key && kind === 'would-have' && at >= (changed?.at ?? Infinity) && at <= until,
  );
}

function isBad(truth: Truth, { key }: Target, digest: string): boolean {
  const notes = truth.trail.quarantine.filter((one) => one.key === key && one.digest === digest);
  return notes.at(-1)?.change === 'added';
}
