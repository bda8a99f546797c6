/** A rollback ended: did it go to the newest release that could be had? */
import type { Target } from '../../../shared/config/config.ts';
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import { evidenceAgainst } from './evidence.ts';
import type { Rule } from './finding.ts';
import { stepsOf, wasTakenBackUnasked } from './shares.ts';
import type { Act } from './trail.ts';
import { MINUTE, nameOf, patience, type Truth } from './truth.ts';

export function judgeReturn(
  one: Announcement,
  truth: Truth,
  say: (rule: Rule, facts: string) => void,
): void {
  const target = truth.target(one.key);
  const runs = one.runs?.revision;
  if (target === undefined || runs === undefined) return;
  judgeQuarantine(one, truth, say);
  judgeEnd(runs, one.key, truth, say);
  const service = one.key.slice('ecs/'.length);
  const known = toldProven(truth, one.key);
  // A copy of a revision that named tags is as new as that one.
  const digests = JSON.stringify(truth.digestsOf(runs));
  const family = runs.slice(0, runs.lastIndexOf('/') + 1);
  const proven = truth.proven(service, target);
  const mine = Math.max(
    known.get(nameOf(runs)) ?? 0,
    // Somebody put it back, and it stood: nobody need say so where a newer image comes at once.
    proven.get(runs) ?? 0,
    ...[...known]
      .filter(([name]) => JSON.stringify(truth.digestsOf(family + name)) === digests)
      .map(([, at]) => at),
  );
  const word = truth.trail.rollbackSaidBefore(target.id, one.at);
  if (word?.of !== undefined) {
    judgeChoice(word.of, runs, one, truth, say);
    return;
  }
  if (word !== undefined) judgeLeft(word, runs, one, truth, say);
  for (const [name, at] of known) {
    const taskDefinition = [...proven.keys()].find((arn) => nameOf(arn) === name);
    if (taskDefinition === undefined || at <= mine || at > truth.now - patience(truth)) continue;
    if (taskDefinition === one.revision || !truth.canBeHad(taskDefinition)) continue;
    const bad = holdsQuarantined(truth, one.key, taskDefinition);
    if (bad || wasTried(truth, service, taskDefinition, at)) continue;
    say(
      '4. a rollback goes to the newest that can be had',
      `${nameOf(runs)}, though ${name} is newer`,
    );
  }
}

/** It is said that there is nowhere to go: then ECR has the images of no proven release that is not quarantined. */
export function judgeGivenUp(
  { key, because }: Announcement,
  truth: Truth,
  say: (rule: Rule, facts: string) => void,
): void {
  const target = truth.target(key);
  if (target === undefined || truth.faulty) return;
  if (!/^(?:there is )?no proven release (?:to|can be) return/.test(because)) return;
  const service = key.slice('ecs/'.length);
  const runs = truth.primary(service);
  const known = toldProven(truth, key);
  const open = [...truth.proven(service, target)].find(
    ([revision]) =>
      revision !== runs &&
      known.has(nameOf(revision)) &&
      truth.canBeHad(revision) &&
      !holdsQuarantined(truth, key, revision) &&
      !wasTried(truth, service, revision, known.get(nameOf(revision)) ?? 0),
  );
  if (open === undefined) return;
  say(
    '4. a rollback is given up only where nothing can be had',
    `${nameOf(open[0])} can: ${because}`,
  );
}

function holdsQuarantined(truth: Truth, key: string, revision: string): boolean {
  return Object.values(truth.digestsOf(revision)).some(
    (digest) =>
      truth.trail.quarantine.findLast((note) => note.key === key && note.digest === digest)
        ?.change === 'added',
  );
}

/** Blame is narrow where tasks failed: an image beside the one that did not stand may start again. */
function judgeQuarantine(
  { key, images = {}, because, revision }: Announcement,
  truth: Truth,
  say: (rule: Rule, facts: string) => void,
): void {
  const { trail } = truth;
  const digests = Object.values(images).map(({ digest }) => digest);
  const free = digests.filter(
    (digest) => !trail.quarantine.some((note) => note.key === key && note.digest === digest),
  );
  const failed = /container "([^"]+)"/.exec(because)?.[1];
  const isBeside = failed !== undefined && images[failed] === undefined;
  const mayBeFree =
    /tasks? failed|ECS ended/.test(because) && (free.length < digests.length || isBeside);
  const [first] = free;
  const target = truth.target(key);
  if (target === undefined || first === undefined || mayBeFree) return;
  // Who could be compared with nobody is blamed later, or not at all.
  if (isOfShifting(truth, key, revision) || /nothing to compare with/.test(because)) return;
  const met = firstTraffic(truth, key, revision);
  const byJudge = /the judge finds it worse than what ran before:/.test(because);
  const speaks = evidenceAgainst(truth, target, first).some(({ source, at, dataTo = at }) =>
    source === 'judge' ? byJudge : source !== 'alarm' || dataTo > met,
  );
  if (speaks) {
    say('2. what was rolled back is quarantined', first.slice(7, 15));
  }
}

/** ECS could not ask its hook, or the rule was changed by hand: that is no fault of the image. */
function isOfShifting(truth: Truth, key: string, revision: string | undefined): boolean {
  const newest = newestOfOurs(truth, key, revision);
  if (newest?.deployment.shift === undefined) return false;
  const isEdited = ({ what, at }: Act) => what === 'edit-rule' && at >= newest.from;
  // Somebody may have forced a new deployment of the same revision in its middle.
  const its = truth.reigns(key.slice('ecs/'.length)).filter(({ from, taskDefinition }) => {
    return from >= newest.from && taskDefinition === newest.taskDefinition;
  });
  return its.some(wasTakenBackUnasked) || truth.trail.acts.some(isEdited);
}

/** An alarm that rose before any request came to the newest release blames nobody. */
function firstTraffic(truth: Truth, key: string, revision: string | undefined): number {
  const newest = newestOfOurs(truth, key, revision);
  if (newest?.deployment.shift === undefined) return Number.NEGATIVE_INFINITY;
  const first = stepsOf(truth, newest, truth.now).find(({ share }) => share > 0);
  return first?.at ?? Number.POSITIVE_INFINITY;
}

/** The next one may have begun when its end is told. */
function newestOfOurs(truth: Truth, key: string, revision: string | undefined) {
  return truth
    .reigns(key.slice('ecs/'.length))
    .findLast(
      ({ by, taskDefinition }) =>
        by === 'us' && (revision === undefined || taskDefinition === revision),
    );
}

/** A way back ends when ECS says that it did. */
function judgeEnd(
  runs: string,
  key: string,
  truth: Truth,
  say: (rule: Rule, facts: string) => void,
): void {
  const reign = truth.reigns(key.slice('ecs/'.length)).at(-1);
  if (reign === undefined || reign.taskDefinition !== runs) return;
  const { status } = reign.deployment;
  if (status === 'PENDING' || status === 'IN_PROGRESS') {
    say('8. rolled back is said when it is', `${nameOf(runs)} is ${status}`);
  }
}

/** Who says `rollback` wants what runs to go. */
function judgeLeft(
  { at: saidAt, leaves }: Act,
  runs: string,
  { key, because, images = {} }: Announcement,
  truth: Truth,
  say: (rule: Rule, facts: string) => void,
): void {
  // They saw a release on its way, of which AWS need not know yet: that was to go.
  if (!/ asked: /.test(because) || (leaves !== undefined && leaves !== runs)) return;
  const ran = truth.reigns(key.slice('ecs/'.length)).findLast(({ from }) => from <= saidAt);
  if (ran?.taskDefinition !== runs || ran.deployment.status !== 'SUCCESSFUL') return;
  // It is back already, by a word that was said before.
  const before = truth.trail.acts.findLast(({ at, what }) => what === 'rollback' && at < saidAt);
  if (before !== undefined && ran.from >= before.at) return;
  if (isReplaced(ran.from, saidAt, key, truth) || mayHaveBegun(images, saidAt, truth)) return;
  say('4. a rollback goes where a person said', `${nameOf(runs)} was to go, and stays`);
}

/** A handler that is held up may have had its release begin, and called nothing yet: who looks is told of that release. */
function mayHaveBegun(
  images: NonNullable<Announcement['images']>,
  saidAt: number,
  truth: Truth,
): boolean {
  return Object.values(images).some(({ digest }) => {
    const pushedAt = truth.pushedAt(digest) ?? Infinity;
    return truth.faulty && pushedAt < saidAt && pushedAt > saidAt - patience(truth);
  });
}

/** A release was registered, and asked for at most: that was to go, and not what ran. */
function isReplaced(since: number, saidAt: number, key: string, { trail }: Truth): boolean {
  return trail.calls.some(
    ({ at, target, operation }) =>
      operation === 'RegisterTaskDefinition' &&
      target === key &&
      at > Math.max(since, saidAt - 10 * MINUTE) &&
      at <= saidAt + 5_000,
  );
}

/** A person named a release: that one, where it can be had. */
function judgeChoice(
  chosen: string,
  runs: string,
  { because }: Announcement,
  truth: Truth,
  say: (rule: Rule, facts: string) => void,
): void {
  const name = /^adopted (.*)$/.exec(chosen)?.[1];
  if (name === undefined || name === nameOf(runs) || !/ asked: /.test(because)) return;
  const wanted = runs.slice(0, runs.lastIndexOf('/') + 1) + name;
  if (!truth.canBeHad(wanted)) return;
  say('4. a rollback goes where a person said', `${nameOf(runs)}, though ${chosen} was said`);
}

/** A person's word alone speaks against it: then wherever one can go back to must not have it, too. */
export function judgeWord(
  truth: Truth,
  target: Target,
  digest: string,
  say: (rule: Rule, facts: string) => void,
): void {
  const service = target.key.slice('ecs/'.length);
  const word = truth.trail.acts.findLast(
    (act) => act.target === target.id && act.what === 'rollback',
  );
  const ran = truth.reigns(service).findLast(({ from }) => from <= (word?.at ?? 0));
  // Said once more, the way back may have begun.
  const left = word?.leaves ?? ran?.taskDefinition;
  const wasChosen = truth.trail.acts.some(({ what, of }) => what === 'deploy' && of === digest);
  const open = [...truth.proven(service, target).keys()].filter(
    (revision) => revision !== left && truth.canBeHad(revision),
  );
  const stays = open.every((revision) => Object.values(truth.digestsOf(revision)).includes(digest));
  if (open.length === 0 || wasChosen || !stays) return;
  say('5. what stays when a person rolls back is not quarantined', digest.slice(7, 15));
}

/** By name of the revision: when it was last said to be proven, or put back. */
function toldProven(truth: Truth, key: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { at, announcement } of truth.trail.told) {
    if (announcement.key !== key || at >= truth.now) continue;
    const { kind, revision, runs } = announcement;
    if (kind === 'adopted' || kind === 'proven') found.set(nameOf(revision ?? ''), at);
    if (kind === 'rolled-back' && runs !== undefined) found.set(nameOf(runs.revision), at);
  }
  return found;
}

/** We asked ECS for it since, or ECS returned to it, and that did not succeed. */
function wasTried(truth: Truth, service: string, taskDefinition: string, since: number): boolean {
  return truth
    .reigns(service)
    .some(
      (reign) =>
        reign.taskDefinition === taskDefinition &&
        reign.from > since &&
        ((reign.by === 'us' && reign.deployment.status !== 'SUCCESSFUL') ||
          (reign.by === 'ecs' && reign.deployment.status !== 'ROLLBACK_SUCCESSFUL')),
    );
}
