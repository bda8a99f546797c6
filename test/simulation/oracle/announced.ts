/** Rules about what is told: kind, because and runsNow, compared with the world when it is heard. */

import type { Target } from '../../../shared/config/config.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import type { Rule } from './finding.ts';
import { shifts } from './shares.ts';
import { MINUTE, nameOf, patience, type Reign, type Truth } from './truth.ts';

/** What the look that proves did ask cannot be older than this. */
const HEARD_WITHIN_MS = 15_000;

/** It was seen red for the last time this long before it was OK. */
const LOOKS_APART_MS = 130_000;

type Say = (rule: Rule, facts: string) => void;

export function judgeAnnouncement(one: Announcement, truth: Truth, say: Say): void {
  const target = truth.target(one.key);
  if (target === undefined) return;
  const service = one.key.slice('ecs/'.length);
  const reigns = truth.reigns(service);
  if (one.kind === 'proven') judgeProven(one, target, reigns, truth, say);
  judgeAlarmsNamed(one, truth, say);
  judgeTasksNamed(one, service, truth, say);
  judgeRuns(one, service, reigns, truth, say);
  judgeDeployers(one, reigns, say);
}

function judgeProven(
  one: Announcement,
  target: Target,
  reigns: readonly Reign[],
  truth: Truth,
  say: Say,
): void {
  const its = reigns.filter(
    ({ taskDefinition, from }) => taskDefinition === one.revision && from <= one.at,
  );
  // Somebody may force a new deployment of it in its bake: it stays the same release. Or their script deploys the
  // newest revision there is, which we had registered and not asked for.
  const reign = its.findLast(({ by }) => by === 'us') ?? its.find(({ by }) => by === 'somebody');
  if (reign === undefined) {
    say('8. proven is true', `${one.revision} was never deployed`);
    return;
  }
  const { deployment } = reign;
  const finishedAt = deployment.finishedAt ?? Infinity;
  const bakedAt = finishedAt + truth.bakeMsOf(reign, target);
  // Clocks differ by two seconds.
  if (one.at < bakedAt - 2_500) {
    say('8. proven is true', `proven ${(bakedAt - one.at) / 1000} s before its bake is over`);
  }
  const primary = reigns.findLast(
    ({ from }) => from > reign.from && from <= one.at - patience(truth),
  );
  if (primary !== undefined && primary.taskDefinition !== reign.taskDefinition) {
    say('8. proven is true', `${nameOf(primary.taskDefinition)} runs since ${primary.from}`);
  }
  const rises = truth.risesAgainst(reign, target, Math.min(bakedAt, one.at - HEARD_WITHIN_MS));
  for (const rise of rises) {
    const { alarm, at } = rise;
    // It is said so beside it.
    const ofBoth = /rose while what ran before suffered as well/.test(one.because);
    if (ofBoth && truth.mayTellOfBoth(target, rise, one.at)) continue;
    if (truth.roseOverNothing(target, rise)) continue;
    say('8. proven is true', `${alarm} rose at ${new Date(at).toISOString()}, inside its window`);
  }
  const red = target.rules.alarms.find((name) => {
    const muted = truth.trail.mutings.some((mute) => mute.alarm === name && mute.to > one.at);
    if (muted || !truth.isRed(name, one.at - patience(truth), one.at)) return false;
    // Its actions were muted when it rose, and that is said beside it.
    const rise = truth.rises().findLast(({ alarm, at }) => alarm === name && at <= one.at);
    const isSaid = one.because.includes(`alarm ${name} is red and was muted when it rose`);
    return rise?.muted !== true || !isSaid;
  });
  if (red !== undefined) say('8. proven is true', `${red} is red at this moment`);
  judgeAlarmsThere(one, target, truth, say);
  judgeRedBefore(one, target, reign, truth, say);
  if (!/its tasks stood/.test(one.because)) return;
  const failed = truth
    .failures(deployment.service, reign.taskDefinition)
    .filter(({ at }) => at > one.at - truth.bakeMsOf(reign, target) && at < one.at - 30_000);
  const [first] = failed;
  if (first !== undefined) {
    const when = new Date(first.at).toISOString();
    say('8. what is told of tasks is true', `its tasks stood, but one failed at ${when}`);
  }
}

/** One that was red when it began says nothing of it until it is OK: a bake long from then on. */
function judgeRedBefore(
  one: Announcement,
  target: Target,
  reign: Reign,
  truth: Truth,
  say: Say,
): void {
  if (truth.faulty) return;
  const { history } = truth.world.cloudwatch;
  for (const alarm of target.rules.alarms) {
    const mine = history.filter(
      ({ alarmName, summary }) => alarmName === alarm && /updated/.test(summary),
    );
    const before = mine.findLast(({ at }) => at <= reign.from);
    const after = mine.find(({ at }) => at > reign.from);
    if (before === undefined || !/to ALARM$/.test(before.summary) || after === undefined) continue;
    if (truth.trail.mutings.some((muting) => muting.alarm === alarm)) continue;
    const since = after.at + truth.bakeMsOf(reign, target) - LOOKS_APART_MS;
    if (one.at >= since) continue;
    const ok = new Date(after.at).toISOString();
    say('8. proven is true', `${alarm} was red before it, and is OK only since ${ok}`);
  }
}

/** An alarm that does not exist never rose, and that proves nothing. */
function judgeAlarmsThere(one: Announcement, target: Target, truth: Truth, say: Say): void {
  if (!/its alarms never rose/.test(one.because) || truth.faulty) return;
  const gone = target.rules.alarms.find(
    (name) => truth.world.cloudwatch.alarms[name] === undefined,
  );
  if (gone !== undefined) say('8. proven is true', `there is no alarm ${gone}`);
}

function judgeAlarmsNamed(one: Announcement, truth: Truth, say: Say): void {
  for (const [, alarm = '', time = ''] of one.because.matchAll(
    /alarm ([\w-]+) rose at (\d\d:\d\d:\d\d) UTC/g,
  )) {
    const rose = truth
      .rises()
      .some((rise) => rise.alarm === alarm && clock(rise.at) === time && rise.at <= truth.now);
    if (!rose) say('8. the alarm that is named rose when it is said', `${alarm} at ${time}`);
    const muted = truth
      .rises()
      .some((rise) => rise.alarm === alarm && clock(rise.at) === time && rise.muted);
    if (muted && one.kind !== 'held') {
      say(
        '9. evidence older than a release never speaks against it',
        `${alarm} was muted at ${time}`,
      );
    }
  }
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

function judgeTasksNamed(one: Announcement, service: string, truth: Truth, say: Say): void {
  const said = /(\d+) tasks? failed/.exec(one.because)?.[1];
  if (said === undefined) return;
  truth.trail.noteFailedTasks(truth.world);
  const failed = [...truth.trail.failed.values()].filter((task) => task.service === service);
  if (failed.length < Number(said)) {
    say('8. what is told of tasks is true', `${said} failed, the world knows ${failed.length}`);
  }
}

/** What the very look that decides it has seen. */
const DECIDED_BY_LOOK: readonly string[] = ['proven', 'adopted', 'rolled-back'];

/** `main-2, web:3`, or `web:3 (as seen at 2026-11-21 02:17 UTC)`; undefined: it names no revision. */
export function runsAsTold(
  runsNow: string,
): { readonly named: string; readonly seenAt?: number } | undefined {
  const [, named, time] =
    /(?:^|, )([\w-]+:\d+)(?: \(as seen at ([\d-]+ [\d:]+) UTC\))?$/.exec(runsNow) ?? [];
  if (named === undefined) return undefined;
  return time === undefined
    ? { named }
    : { named, seenAt: Date.parse(`${time.replace(' ', 'T')}Z`) };
}

/** PRIMARY, or at least tasks of it ran within the last minutes: of now, or of when it is said to have been seen. */
function judgeRuns(
  one: Announcement,
  service: string,
  reigns: readonly Reign[],
  truth: Truth,
  say: Say,
): void {
  const told = runsAsTold(one.runsNow);
  if (told === undefined || one.kind === 'superseded') return;
  const { named, seenAt } = told;
  const since = (seenAt ?? one.at) - patience(truth) - MINUTE;
  const until = seenAt === undefined ? truth.now : seenAt + MINUTE;
  if (seenAt !== undefined && DECIDED_BY_LOOK.includes(one.kind)) {
    say('8. what is said to run, runs', `${one.kind}: ${one.runsNow}, though a look decided it`);
  }
  // Where no task is wanted, none serves, and the traffic may be shifted from nothing to nothing.
  if (truth.world.ecs.services[service]?.desiredCount === 0) return;
  const gone = seenAt === undefined && truth.primary(service) === undefined;
  const isPrimary = reigns.some(
    (reign, i) =>
      nameOf(reign.taskDefinition) === named &&
      servesUntil(reign, reigns[i + 1]) > since &&
      reign.from <= until,
  );
  const hasTasks = Object.values(truth.world.ecs.tasks).some(
    (task) =>
      nameOf(task.taskDefinition) === named &&
      task.startedAt !== undefined &&
      task.startedAt <= until &&
      (task.stoppedAt ?? Infinity) > since,
  );
  if ((!isPrimary && !hasTasks) || (gone && !hasTasks)) {
    const primary = nameOf(truth.primary(service) ?? 'nothing');
    say('8. what is said to run, runs', `${one.kind}: ${one.runsNow}, but ${primary} runs`);
  }
}

/** While traffic is shifted away from it, the one before serves, whatever ECS calls PRIMARY. */
function servesUntil({ to }: Reign, next: Reign | undefined): number {
  return next !== undefined && shifts(next) ? (next.deployment.finishedAt ?? Infinity) : to;
}

function judgeDeployers(one: Announcement, reigns: readonly Reign[], say: Say): void {
  const theirs = /^somebody else deployed ([\w-]+:\d+)/.exec(one.because)?.[1];
  if (theirs !== undefined) {
    const did = reigns.some(
      (reign) =>
        nameOf(reign.taskDefinition) === theirs &&
        (reign.by === 'somebody' || reign.by === 'creation'),
    );
    if (!did) say('8. who is said to have deployed, did', one.because);
  }
  const ours = /late call of ours started ([\w-]+:\d+)/.exec(one.because)?.[1];
  if (ours === undefined) return;
  const reign = reigns.findLast(({ taskDefinition }) => nameOf(taskDefinition) === ours);
  if (reign !== undefined && reign.by !== 'us') {
    say('8. who is said to have deployed, did', one.because);
  }
}
