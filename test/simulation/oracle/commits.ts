/** Rules about commits: judged by what the branches pointed to, and by the builds that CodeBuild made. */
import type { BuildState } from '@slipway/local-cloud/codebuild/state.ts';
import { deliveriesOf } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { SourceAnnouncement } from '../../../shared/core/source/announcement.ts';
import { isNewer } from '../../../shared/feedback/said.ts';
import { feedbackFor } from '../../../shared/feedback/say.ts';
import type { Pushed } from '../deeds.ts';
import type { CallMade } from '../engine.ts';
import { GIT_REPOSITORY } from '../stage.ts';
import type { Rule } from './finding.ts';
import { MINUTE, nameOf, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** The branch whose images start by themselves. */
const BRANCH = 'main';
/** A sweep asks for heads every quarter of an hour, and a build waits for GitHub's word. */
const BUILT_WITHIN_MS = 60 * MINUTE;

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
    const last = lastAt(truth, commit, since);
    const ran = left === undefined ? undefined : lastAt(truth, left, since);
    if (ran !== undefined && last !== undefined && ran > last) {
      say(
        '7. an older commit never replaces a newer one',
        `${commit.slice(0, 12)} over ${left?.slice(0, 12)}`,
      );
    }
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
function lastAt({ trail }: Truth, commit: string, now: number): number | undefined {
  const moves = trail.heads.filter(({ branch, at }) => branch === BRANCH && at <= now);
  const index = moves.findLastIndex((move) => move.commit === commit);
  return index < 0 ? undefined : (moves[index + 1]?.at ?? Number.POSITIVE_INFINITY);
}

/** Hours after the last fault. */
export function judgeBuilds(truth: Truth, say: Say): void {
  const builds = Object.values(truth.world.codebuild.builds);
  for (const branch of new Set(truth.trail.heads.map((move) => move.branch))) {
    judgeHead(branch, builds, truth, say);
  }
  judgeTwice(builds, truth, say);
  judgeStatuses(builds, truth, say);
}

function judgeHead(branch: string, builds: readonly BuildState[], truth: Truth, say: Say): void {
  const { at, commit } = truth.trail.heads.findLast((move) => move.branch === branch) ?? {};
  if (at === undefined || commit === undefined || truth.now < at + BUILT_WITHIN_MS) return;
  if (!isFindable(branch, commit, truth)) return;
  // It was built when it was the head before.
  const made = builds.findLast((build) => of(build, branch, commit));
  if (made !== undefined && made.status !== 'STOPPED' && made.status !== 'IN_PROGRESS') return;
  const how = made === undefined ? 'no build of it began' : `its build is ${made.status}`;
  say('6. the head of a built branch is built', `${branch} at ${commit.slice(0, 12)}: ${how}`);
}

/**
 * It was heard of; or a sweep finds it: that takes a commit nobody knows as more than the first that is
 * seen of its branch, and looks at no commit that stood there before.
 */
function isFindable(branch: string, commit: string, { world, trail }: Truth): boolean {
  const heard = heardPushes(world, branch);
  if (heard.includes(commit)) return true;
  const gone = trail.heads.findLastIndex((move) => move.branch === branch && !move.commit);
  const line = trail.heads.slice(gone + 1).filter((move) => move.branch === branch);
  const isNew = line.filter((move) => move.commit === commit).length === 1 && !line.at(-1)?.isReset;
  return isNew && line.slice(0, -1).some((move) => heard.includes(move.commit ?? ''));
}

/** Commits of pushes that our function took. */
function heardPushes(world: World, branch: string): readonly string[] {
  return deliveriesOf(world).flatMap(({ event, answer, body }) => {
    if (event !== 'push' || (answer?.statusCode ?? 0) >= 300 || answer === undefined) return [];
    const { ref, after } = JSON.parse(body) as { readonly ref: string; readonly after: string };
    return ref === `refs/heads/${branch}` ? [after] : [];
  });
}

function of(build: BuildState, branch: string, commit: string): boolean {
  return build.settings.sourceVersion === commit && tagIn(build)?.startsWith(`${branch}-`) === true;
}

/** Our builds are told by which tag they push. */
function tagIn({ settings }: BuildState): string | undefined {
  return settings.environment.environmentVariables.find(({ name }) => name === 'SLIPWAY_IMAGE_TAG')
    ?.value;
}

/** Whatever went well, or runs on, is not begun again while the branch stays where it is. */
function judgeTwice(builds: readonly BuildState[], truth: Truth, say: Say): void {
  for (const [i, build] of builds.entries()) {
    const { sourceVersion: commit } = build.settings;
    const tag = tagIn(build);
    const before = builds
      .slice(0, i)
      .findLast((one) => one.settings.sourceVersion === commit && tagIn(one) === tag);
    if (before === undefined) continue;
    const { endedAt = Number.POSITIVE_INFINITY, status } = before;
    if (status !== 'SUCCEEDED' && endedAt < build.startedAt) continue;
    const branch = tag?.slice(0, tag.lastIndexOf('-'));
    const came = truth.trail.heads.some(
      (move) =>
        move.branch === branch &&
        move.commit === commit &&
        move.at > before.startedAt &&
        move.at <= build.startedAt,
    );
    if (!came) say('9. nothing is built twice for nothing', `${tag} in ${build.id}`);
  }
}

/** What GitHub would show of each commit in the end. */
function judgeStatuses(builds: readonly BuildState[], truth: Truth, say: Say): void {
  const newest = new Map<string, { readonly one: SourceAnnouncement; readonly state: string }>();
  for (const one of truth.trail.ofSources) {
    for (const { status } of feedbackFor(one, HOME)) {
      if (status === undefined) continue;
      const key = `${one.key} ${status.sha} ${status.context}`;
      if (isNewer(one, newest.get(key)?.one)) newest.set(key, { one, state: status.state });
    }
  }
  for (const { one, state } of newest.values()) {
    const branch = one.ref.slice('refs/heads/'.length);
    const mine = builds.filter((build) => of(build, branch, one.commit));
    const isGood = mine.some(({ status }) => status === 'SUCCEEDED');
    const name = `${one.commit.slice(0, 12)} of ${branch} is ${state} (${one.kind})`;
    if (state === 'pending') say('8. what a commit is told is true', `${name}, hours later`);
    if (state === 'success' && one.kind === 'built' && !isGood)
      say('8. what a commit is told is true', `${name}, and no build of it succeeded`);
    if (state === 'failure' && isGood && one.kind === 'build-failed')
      say('8. what a commit is told is true', `${name}, and its build succeeded`);
  }
}

const HOME = { account: '123456789012', region: 'eu-central-1' } as const;

/** The image of the commit that the branch points to, if it was built: that should run in the end. */
export function headImage(world: World): Pushed | undefined {
  const head = world.github.repositories[GIT_REPOSITORY]?.refs[`refs/heads/${BRANCH}`];
  if (head === undefined) return undefined;
  const tag = `${BRANCH}-${head.slice(0, 12)}`;
  const { images = {}, tags = {} } = world.ecr.repositories['shop/web'] ?? {};
  const digest = tags[tag];
  const image = digest === undefined ? undefined : images[digest];
  if (digest === undefined || image === undefined) return undefined;
  if (world.codebuild.revisions[digest] !== head) return undefined;
  const build = Object.values(world.codebuild.builds).findLast((one) => tagIn(one) === tag);
  const { behaviour = {}, ...plan } = build?.plan.image ?? {};
  return { repository: 'shop/web', tag, digest, at: image.pushedAt, behaviour, plan };
}
