/** Rules about builds, when the world is at rest: by what the branches pointed to, and what CodeBuild made. */
import type { BuildState } from '@slipway/local-cloud/codebuild/state.ts';
import { NO_COMMIT } from '@slipway/local-cloud/github/commits/commits.ts';
import { deliveriesOf } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { SourceAnnouncement } from '../../../shared/core/source/announcement.ts';
import { isNewer } from '../../../shared/feedback/said.ts';
import { feedbackFor } from '../../../shared/feedback/say.ts';
import { GIT_REPOSITORY } from '../stage.ts';
import type { Rule } from './finding.ts';
import { MINUTE, patience, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** A sweep asks for heads every quarter of an hour, and a build waits for GitHub's word. */
const BUILT_WITHIN_MS = 60 * MINUTE;

/** An hour after the last push. */
export function judgeHeads(truth: Truth, say: Say): void {
  // What others build is judged by its images.
  if (truth.sources().every(({ rules }) => rules.elsewhere !== undefined)) return;
  const builds = Object.values(truth.world.codebuild.builds);
  for (const branch of new Set(truth.trail.heads.map((move) => move.branch))) {
    judgeHead(branch, builds, truth, say);
  }
}

/** Hours after the last fault. */
export function judgeBuilds(truth: Truth, say: Say): void {
  const builds = Object.values(truth.world.codebuild.builds);
  judgeHeads(truth, say);
  judgeHad(builds, truth, say);
  judgeTwice(builds, truth, say);
  judgeNeedless(builds, truth, say);
  judgeStatuses(builds, truth, say);
}

function judgeHead(branch: string, builds: readonly BuildState[], truth: Truth, say: Say): void {
  const move = truth.trail.heads.findLast((one) => one.branch === branch);
  const { at, commit, isReset = false } = move ?? {};
  if (at === undefined || commit === undefined || truth.now < at + BUILT_WITHIN_MS) return;
  // That it was set back is not noticed where the delivery of that was lost: nobody promises it.
  if (isReset && !heardPushes(truth.world, branch, at).includes(commit)) return;
  if (!isFindable(branch, commit, truth) || isGivenUp(branch, commit, truth)) return;
  // It was built when it was the head before.
  const made = builds.findLast((build) => of(build, branch, commit));
  if (made !== undefined && made.status !== 'STOPPED' && made.status !== 'IN_PROGRESS') return;
  const how = made === undefined ? 'no build of it began' : `its build is ${made.status}`;
  say('6. the head of a built branch is built', `${branch} at ${commit.slice(0, 12)}: ${how}`);
}

/** AWS or GitHub did not take it for so long that a person was told. */
function isGivenUp(branch: string, commit: string, { trail, faulty }: Truth): boolean {
  const gives = ['build-failed', 'unbuilt'];
  return (
    faulty &&
    trail.ofSources.some(
      (one) =>
        one.commit === commit && one.ref === `refs/heads/${branch}` && gives.includes(one.kind),
    )
  );
}

/** It was heard of; or a sweep finds it, where it is more than the first that is seen of its branch. */
function isFindable(branch: string, commit: string, { world, trail }: Truth): boolean {
  const heard = heardPushes(world, branch);
  if (heard.includes(commit)) return true;
  const gone = trail.heads.findLastIndex((move) => move.branch === branch && !move.commit);
  const line = trail.heads.slice(gone + 1).filter((move) => move.branch === branch);
  return line.slice(0, -1).some((move) => heard.includes(move.commit ?? ''));
}

/** Commits of pushes that our function took; `since`: that GitHub sent from then on. */
export function heardPushes(world: World, branch: string, since = 0): readonly string[] {
  return deliveriesOf(world).flatMap(({ event, answer, body, at }) => {
    if (event !== 'push' || (answer?.statusCode ?? 0) >= 300 || answer === undefined) return [];
    const { ref, after } = JSON.parse(body) as { readonly ref: string; readonly after: string };
    return ref === `refs/heads/${branch}` && at >= since ? [after] : [];
  });
}

function of(build: BuildState, branch: string, commit: string): boolean {
  return build.settings.sourceVersion === commit && tagIn(build)?.startsWith(`${branch}-`) === true;
}

function branchOf(build: BuildState): string | undefined {
  const tag = tagIn(build);
  return tag?.slice(0, tag.lastIndexOf('-'));
}

/** Our builds are told by which tag they push. */
export function tagIn({ settings }: BuildState): string | undefined {
  return settings.environment.environmentVariables.find(({ name }) => name === 'SLIPWAY_IMAGE_TAG')
    ?.value;
}

/** When it began, or shortly before, the branch had the commit. */
function judgeHad(builds: readonly BuildState[], truth: Truth, say: Say): void {
  const commits = truth.world.github.repositories[GIT_REPOSITORY]?.commits ?? {};
  for (const build of builds) {
    const { startedAt, settings } = build;
    const { sourceVersion: commit = '' } = settings;
    const branch = branchOf(build);
    const moves = truth.headsOf(branch ?? '');
    const heads = moves.filter(
      ({ at }, i) =>
        at <= startedAt && (moves[i + 1]?.at ?? Infinity) > startedAt - patience(truth),
    );
    const has = heads.some((head) => head.commit && isAncestor(commits, commit, head.commit));
    if (!has) say('6. only what its branch has is built', `${tagIn(build)}: ${build.id}`);
  }
}

type Commits = Readonly<Record<string, { readonly parents: readonly string[] }>>;

function isAncestor(commits: Commits, commit: string, of: string): boolean {
  const seen = new Set<string>();
  const open = [of];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === commit) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...(commits[one]?.parents ?? []));
  }
  return false;
}

/** StopBuild is asked for when GitHub has confirmed the newer one: within seconds. */
function judgeNeedless(builds: readonly BuildState[], truth: Truth, say: Say): void {
  const [{ rules } = {}] = truth.sources();
  if (truth.faulty || rules?.whileBuilding !== 'stop') return;
  for (const build of builds) {
    const { settings, startedAt, endedAt = truth.now, status } = build;
    const newer = truth.trail.heads.find(
      ({ branch, at, commit, isReset }) =>
        branch === branchOf(build) &&
        at > startedAt + MINUTE &&
        at < endedAt - 2 * MINUTE &&
        commit !== settings.sourceVersion &&
        isReset === undefined &&
        heardPushes(truth.world, branch).includes(commit ?? NO_COMMIT),
    );
    if (newer === undefined || status === 'STOPPED') continue;
    say(
      '9. a build that a newer commit makes needless is stopped',
      `${tagIn(build)} ended ${status}, minutes after ${newer.commit?.slice(0, 12) ?? 'nothing'} was pushed`,
    );
  }
}

/**
 * Whatever went well, or runs on, is not begun again while the branch stays where it is; nor, wherever it goes, what
 * runs on and is never stopped, as the config may say.
 */
function judgeTwice(builds: readonly BuildState[], truth: Truth, say: Say): void {
  const [{ rules } = {}] = truth.sources();
  for (const [i, build] of builds.entries()) {
    const { sourceVersion: commit } = build.settings;
    const tag = tagIn(build);
    const before = builds
      .slice(0, i)
      .findLast((one) => one.settings.sourceVersion === commit && tagIn(one) === tag);
    if (before === undefined) continue;
    const { endedAt = Number.POSITIVE_INFINITY, status } = before;
    const runsOn = endedAt >= build.startedAt && status !== 'STOPPED';
    if (runsOn && rules?.whileBuilding === 'finish') {
      say('9. nothing is built twice for nothing', `${tag} in ${build.id}, while it was built`);
      continue;
    }
    if (status !== 'SUCCEEDED' && endedAt < build.startedAt) continue;
    const branch = branchOf(build);
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
