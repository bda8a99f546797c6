/** Rules about commits: judged by what the branches pointed to, and by the builds that CodeBuild made. */
import type { Pushed } from '../deeds.ts';
import type { CallMade } from '../engine.ts';
import { GIT_REPOSITORY, type Settings } from '../stage.ts';
import { heardPushes, tagIn } from './builds.ts';
import { claimOf, hadCommit, isBehind } from './claims.ts';
import type { Rule } from './finding.ts';
import type { Claimed } from './trail.ts';
import { nameOf, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** The branch whose images start by themselves. */
const BRANCH = 'main';
interface Begins {
  /** Task definitions. */
  readonly ran: string | undefined;
  readonly comes: string;
  /** What was so before, whoever calls has seen. */
  readonly since: number;
}

/** Of a release that begins: what comes with it, and what ran before. */
export function judgeCommits(
  call: CallMade,
  { ran: before, comes: taskDefinition, since }: Begins,
  truth: Truth,
  say: Say,
): void {
  const target = truth.target(call.target);
  if (target === undefined) return;
  for (const [container, digest] of Object.entries(truth.digestsOf(taskDefinition))) {
    if (target.rules.containers[container]?.onlyBuiltFrom === undefined) continue;
    const runs = before === undefined ? undefined : truth.digestsOf(before)[container];
    if (runs === digest || isMeant(truth, digest)) continue;
    const claimed = claimOf(truth, digest);
    if (claimed !== undefined) {
      const ran = runs === undefined ? undefined : claimOf(truth, runs);
      judgeClaimed(
        call,
        { claimed, ran, since, hasRun: hasRun(truth, call, container, digest) },
        truth,
        say,
      );
      continue;
    }
    const commit = commitOf(truth, digest);
    if (commit === undefined || lastAt(truth, commit, call.at) === undefined) {
      if (!hasRun(truth, call, container, digest)) {
        say(
          '6. only what was built from its branch is started',
          `${nameOf(taskDefinition)} of ${commit?.slice(0, 12) ?? 'no commit'}`,
        );
      }
      continue;
    }
    const left = runs === undefined ? undefined : commitOf(truth, runs);
    if (left === undefined || isBackUnheard(truth, left, since)) continue;
    // It was, and it is: the branch may have been put back to it meanwhile.
    if (isOlder(truth, commit, left, since) && isOlder(truth, commit, left, call.at)) {
      say(
        '7. an older commit never replaces a newer one',
        `${commit.slice(0, 12)} over ${left.slice(0, 12)}`,
      );
    }
  }
}

/** The branch left it before it left the other one. */
export function isOlder(
  truth: Pick<Truth, 'trail'>,
  commit: string,
  than: string,
  now: number,
): boolean {
  const [last, other] = [lastAt(truth, commit, now), lastAt(truth, than, now)];
  return last !== undefined && other !== undefined && other > last;
}

interface Comes {
  /** What others built of a commit, and what ran of others. */
  readonly claimed: Claimed;
  readonly ran: Claimed | undefined;
  readonly since: number;
  readonly hasRun: boolean;
}

function judgeClaimed(
  { at }: CallMade,
  { claimed: { commit, tag }, ran, since, hasRun: isKnown }: Comes,
  truth: Truth,
  say: Say,
): void {
  const name = `${tag} of ${commit?.slice(0, 12) ?? 'no commit'}`;
  if (commit === undefined || !hadCommit(truth, commit, truth.begin, at)) {
    if (!isKnown) say('6. only what was built from its branch is started', name);
    return;
  }
  const left = ran?.commit;
  if (left !== undefined && isBehind(truth, commit, left, since)) {
    say(
      '7. an older commit never replaces a newer one',
      `${name} over ${ran?.tag} of ${left.slice(0, 12)}`,
    );
  }
}

/** A person named it. */
function isMeant({ trail }: Truth, digest: string): boolean {
  return trail.acts.some(
    ({ what, of }) => (what === 'deploy' || what === 'unquarantine') && of === digest,
  );
}

/** What somebody else deployed goes along. */
function hasRun(truth: Truth, call: CallMade, container: string, digest: string): boolean {
  return truth
    .reigns(call.target.slice('ecs/'.length))
    .some(
      ({ from, taskDefinition }) =>
        from < call.at && truth.digestsOf(taskDefinition)[container] === digest,
    );
}

function commitOf({ world }: Truth, digest: string): string | undefined {
  return world.codebuild.revisions[digest];
}

/** The branch left it then, or points to it still; undefined: it never did. */
function lastAt({ trail }: Pick<Truth, 'trail'>, commit: string, now: number): number | undefined {
  const moves = trail.heads.filter(({ branch, at }) => branch === BRANCH && at <= now);
  const index = moves.findLastIndex((move) => move.commit === commit);
  return index < 0 ? undefined : (moves[index + 1]?.at ?? Number.POSITIVE_INFINITY);
}

/** That a branch was set back is noticed late where the delivery of that was lost: by the next look at its head. */
function isBackUnheard({ trail, world }: Truth, commit: string, now: number): boolean {
  const move = trail.heads.findLast(
    (one) => one.branch === BRANCH && one.commit === commit && one.at <= now,
  );
  return move?.isReset === true && !heardPushes(world, BRANCH, move.at).includes(commit);
}

/**
 * What was pushed, and should run in the end unless something newer was. Where the images of `web` come from commits,
 * one that says no commit does not start by itself, whoever pushed it (`onlyBuilt`): there it is the branch's own.
 */
export function meantToRun(
  truth: Pick<Truth, 'world' | 'trail'>,
  { git }: Pick<Settings, 'git'>,
  pushed: readonly Pushed[],
): readonly Pushed[] {
  if (git === undefined) return pushed;
  const head = headImage(truth);
  const others = pushed.filter(({ repository }) => repository !== 'shop/web');
  return head === undefined ? others : [...others, head];
}

/** The image of the commit that the branch points to, if it was built: that should run in the end. */
export function headImage({ world, trail }: Pick<Truth, 'world' | 'trail'>): Pushed | undefined {
  const head = world.github.repositories[GIT_REPOSITORY]?.refs[`refs/heads/${BRANCH}`];
  if (head === undefined) return undefined;
  const { images: there = {} } = world.ecr.repositories['shop/web'] ?? {};
  const claimed = trail.claimed.findLast((one) => one.commit === head && there[one.digest]);
  if (claimed !== undefined) return { repository: 'shop/web', behaviour: {}, ...claimed };
  const build = Object.values(world.codebuild.builds).findLast(
    (one) =>
      one.settings.sourceVersion === head &&
      one.status === 'SUCCEEDED' &&
      tagIn(one)?.startsWith(`${BRANCH}-`),
  );
  // Built once more, where a build that was stopped had pushed, it has another tag.
  const tag = (build && tagIn(build)) ?? `${BRANCH}-${head.slice(0, 12)}`;
  const { images = {}, tags = {} } = world.ecr.repositories['shop/web'] ?? {};
  const digest = tags[tag];
  const image = digest === undefined ? undefined : images[digest];
  if (digest === undefined || image === undefined) return undefined;
  if (world.codebuild.revisions[digest] !== head) return undefined;
  const { behaviour = {}, ...plan } = build?.plan.image ?? {};
  return { repository: 'shop/web', tag, digest, at: image.pushedAt, behaviour, plan };
}
