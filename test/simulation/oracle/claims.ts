/** Rules about images that others build: judged by what GitHub's branch had, and by which commit an image says. */
import { isAncestor } from '@slipway/local-cloud/github/commits/commits.ts';
import type { GithubRepository } from '@slipway/local-cloud/github/state.ts';
import type { SourceAnnouncement } from '../../../shared/core/source/announcement.ts';
import { GIT_REPOSITORY } from '../stage.ts';
import type { Rule } from './finding.ts';
import type { Claimed } from './trail.ts';
import { MINUTE, patience, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

const BRANCH = 'main';
/** Two minutes for what GitHub shows late, and a quarter of an hour until a sweep finds what no event told. */
const DECIDED_WITHIN_MS = 40 * MINUTE;
const LATE_NEWS_MS = 15 * MINUTE;

/** Of an image that others built, what it says; the newest push of it counts. */
export function claimOf({ trail }: Truth, digest: string): Claimed | undefined {
  return trail.claimed.findLast((one) => one.digest === digest);
}

/** Did the branch have the commit at some moment from then to then? */
export function hadCommit(truth: Truth, commit: string, from: number, to: number): boolean {
  const repository = repositoryIn(truth);
  if (repository?.commits[commit] === undefined) return false;
  const moves = truth.headsOf(BRANCH).filter(({ at }) => at <= to);
  return moves.some(({ commit: head }, i) => {
    const left = moves[i + 1]?.at ?? Number.POSITIVE_INFINITY;
    return head !== undefined && left >= from && isAncestor(repository, commit, head);
  });
}

/** All the time since then the branch has the second, and the first comes before it, or is not of the branch. */
export function isBehind(truth: Truth, commit: string, other: string, since: number): boolean {
  const repository = repositoryIn(truth);
  if (repository === undefined || commit === other) return false;
  if (!hadThroughout(truth, other, since, truth.now)) return false;
  // Where anything may be late, so is the news that it was taken away.
  const had = truth.faulty ? since - LATE_NEWS_MS : since;
  return isAncestor(repository, commit, other) || !hadCommit(truth, commit, had, truth.now);
}

function repositoryIn({ world }: Truth): GithubRepository | undefined {
  return world.github.repositories[GIT_REPOSITORY];
}

/** What is told of an image when it is told. */
export function judgeClaimTold(told: SourceAnnouncement, truth: Truth, say: Say): void {
  const { kind, commit, tag, because, at } = told;
  const name = `${tag} of ${commit.slice(0, 12)}`;
  if (kind === 'taken' && !hadCommit(truth, commit, at - patience(truth) - MINUTE, truth.now)) {
    say('6. only what its branch has is taken', `${name}: ${because}`);
  }
  if (kind !== 'not-taken' || !/does not have/.test(because)) return;
  if (hadThroughout(truth, commit, at - patience(truth) - 2 * MINUTE, at)) {
    say('8. what is said of an image that others built is true', `${name}: ${because}`);
  }
}

function hadThroughout(truth: Truth, commit: string, from: number, to: number): boolean {
  const repository = repositoryIn(truth);
  const moves = truth.headsOf(BRANCH).filter(({ at }) => at <= to);
  const during = moves.filter((_, i) => (moves[i + 1]?.at ?? Number.POSITIVE_INFINITY) >= from);
  const [first] = during;
  return (
    repository !== undefined &&
    first !== undefined &&
    first.at <= from &&
    during.every(({ commit: head }) => head !== undefined && isAncestor(repository, commit, head))
  );
}

/** Each image that says a commit of the repository: somebody hears in the end what became of it. */
export function judgeClaims(truth: Truth, say: Say): void {
  const { trail, now, quietFrom } = truth;
  const repository = repositoryIn(truth);
  for (const { at, digest, commit, tag } of trail.claimed) {
    if (commit === undefined || repository?.commits[commit] === undefined) continue;
    if (now < Math.max(at, quietFrom) + DECIDED_WITHIN_MS) continue;
    const ends = ['taken', 'not-taken'];
    const last = trail.ofSources.findLast((one) => one.digest === digest && one.at >= at);
    if (last !== undefined && ends.includes(last.kind)) continue;
    const how = last === undefined ? 'nothing was told' : `${last.kind} was told last`;
    say('8. what becomes of an image that others built is told', `${tag}: ${how}`);
  }
  judgeHeadRuns(truth, say);
}

/** The newest image of the commit that the branch points to: it runs, it ran since, or a target told why not. */
function judgeHeadRuns(truth: Truth, say: Say): void {
  const { trail, now, world } = truth;
  const head = world.github.repositories[GIT_REPOSITORY]?.refs[`refs/heads/${BRANCH}`];
  const moved = truth.headsOf(BRANCH).at(-1);
  const image = trail.claimed.findLast(
    ({ commit, digest }) => commit === head && truth.pushedAt(digest) !== undefined,
  );
  if (image === undefined || moved === undefined) return;
  const stands = Math.max(moved.at, image.at);
  if (now < Math.max(stands, truth.quietFrom) + DECIDED_WITHIN_MS) return;
  for (const target of truth.targets()) {
    if (target.rules.containers.app?.onlyBuiltFrom === undefined) continue;
    const service = target.key.slice('ecs/'.length);
    if (truth.primary(service) === undefined || target.rules.mode !== 'act') continue;
    if (isOfPersons(truth, target.id)) continue;
    const ran = truth
      .reigns(service)
      .some(
        ({ to, taskDefinition }) =>
          to > stands && Object.values(truth.digestsOf(taskDefinition)).includes(image.digest),
      );
    const told = trail.told.some(
      ({ announcement: { key, images, kind, at, because } }) =>
        key === target.key &&
        at >= stands &&
        ['refused', 'failed', 'rolled-back', 'needs-attention'].includes(kind) &&
        // Nothing is newer than what the branch points to.
        !/ is older than /.test(because) &&
        Object.values(images ?? {}).some(({ digest }) => digest === image.digest),
    );
    if (!ran && !told) {
      say(
        '6. the image of the head of a branch runs, or a person is told',
        `${image.tag} of ${head?.slice(0, 12)}, which stands since ${new Date(stands).toISOString().slice(11, 19)}`,
      );
    }
  }
}

/** Somebody decided what runs there. */
function isOfPersons({ trail }: Truth, id: string): boolean {
  return trail.acts.some(
    ({ target, what }) =>
      (target === id && !['resume', 'reconfigure', 'scale'].includes(what)) ||
      what === 'stop-all' ||
      what === 'delete',
  );
}
