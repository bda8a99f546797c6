/**
 * What GitHub is told of an announcement. Success is said of what is proven and of nothing else; what
 * no commit is known for is told nobody.
 */
import type { Announcement } from '../core/model/announcement.ts';
import { defined } from '../core/model/defined.ts';
import { type Commit, type ImageSet, imageLabel } from '../core/model/image.ts';
import type { SourceAnnouncement } from '../core/source/announcement.ts';
import { cut, DESCRIPTION_MAX, describe } from './description.ts';
import type { CommitStatus, Feedback, ReleaseState } from './feedback.ts';
import { buildPage, type Home, reconcileLogs, releasePage } from './links.ts';

/** Every announcement of ours: of a target, or of a source. */
export type AnyAnnouncement = Announcement | SourceAnnouncement;

export function feedbackFor(announcement: AnyAnnouncement, home: Home): readonly Feedback[] {
  return 'source' in announcement ? ofBuild(announcement, home) : ofTarget(announcement, home);
}

interface Verdict {
  readonly state: CommitStatus['state'];
  readonly description: string;
  /** Of its release, if it has one. */
  readonly release?: { readonly state: ReleaseState; readonly creates: boolean };
}

function ofTarget(announcement: Announcement, home: Home): readonly Feedback[] {
  const { target, release, images = {}, runs, key, at } = announcement;
  const verdict = verdictOf(announcement);
  const logUrl = reconcileLogs(home, { target, key }, at);
  const targetUrl = releasePage(home, target, release) ?? logUrl;
  const ofCommits = commitsOf(verdict === undefined ? {} : images).map((commit): Feedback => {
    const { state = 'pending', description = '' } = verdict ?? {};
    const context = `slipway/${target}`;
    return {
      status: { ...commit, context, state, description, targetUrl },
      ...(release !== undefined && verdict?.release !== undefined
        ? {
            deployment: {
              word: 'release',
              environment: target,
              isProduction: isProduction(announcement),
              ...commit,
              release,
              ...verdict.release,
              description,
              summary: cut(Object.values(images).map(imageLabel).join(' + '), DESCRIPTION_MAX),
              logUrl,
            },
          }
        : {}),
    };
  });
  if (runs === undefined) return ofCommits;
  const now = defined({ release: runs.release });
  return [...ofCommits, { deployment: { word: 'runs', environment: target, ...now } }];
}

/** Undefined: of this nothing stands on the commit. */
function verdictOf(announcement: Announcement): Verdict | undefined {
  const { kind, because, runsNow, next } = announcement;
  switch (kind) {
    case 'started':
      return {
        state: 'pending',
        description: describe('rolling out: ', because),
        release: { state: 'in_progress', creates: true },
      };
    case 'proven':
      return {
        state: 'success',
        description: describe('proven: ', because),
        release: { state: 'success', creates: true },
      };
    case 'rolled-back':
      return {
        state: 'failure',
        description: describe('rolled back: ', because, `; ${runsNow} runs`),
        release: { state: 'failure', creates: true },
      };
    case 'failed':
      return {
        state: 'failure',
        description: describe('failed: ', because, `; ${runsNow} runs`),
        release: { state: 'failure', creates: true },
      };
    case 'held':
      return {
        state: 'pending',
        description: describe('held: ', because),
        release: { state: 'in_progress', creates: true },
      };
    case 'refused':
      return { state: 'failure', description: describe('refused: ', because) };
    case 'superseded':
      return {
        state: 'error',
        description: describe('superseded: ', because),
        release: { state: 'error', creates: false },
      };
    case 'needs-attention':
      return {
        state: 'error',
        description: describe('a person is needed: ', because, `; ${next}`),
        release: { state: 'error', creates: true },
      };
    case 'retired':
      return {
        state: 'error',
        description: describe('given up: ', because),
        release: { state: 'error', creates: false },
      };
    // What somebody else deployed, and what was only watched, says nothing of a commit.
    case 'adopted':
    case 'would-have':
    case 'fought':
      return undefined;
  }
}

function ofBuild(announcement: SourceAnnouncement, home: Home): readonly Feedback[] {
  const { repository, commit: sha, image, build, logs } = announcement;
  const verdict = verdictOfBuild(announcement);
  if (verdict === undefined) return [];
  const targetUrl = logs ?? (build === undefined ? undefined : buildPage(home, build));
  const status: CommitStatus = {
    repository,
    sha,
    context: image === undefined ? 'slipway/build' : `slipway/build/${image}`,
    ...verdict,
    ...(targetUrl === undefined ? {} : { targetUrl }),
  };
  return [{ status }];
}

function verdictOfBuild({ kind, because }: SourceAnnouncement): Verdict | undefined {
  switch (kind) {
    case 'building':
      return { state: 'pending', description: describe('', because) };
    case 'built':
    case 'taken':
      return { state: 'success', description: describe('', because) };
    case 'build-failed':
      return { state: 'failure', description: describe('', because) };
    case 'build-stopped':
      return { state: 'error', description: describe('', because) };
    case 'superseded':
      return { state: 'error', description: describe('superseded: ', because) };
    case 'unconfirmed':
      return { state: 'pending', description: describe('waits: ', because) };
    case 'unbuilt':
    case 'not-taken':
      return { state: 'error', description: describe('', because) };
    // Its own context: of an image nothing is said.
    case 'nothing-to-build':
      return { state: 'success', description: describe('nothing to build: ', because) };
    // Of the branch, not of an image; what is held for it is told by its targets.
    case 'rewritten':
    case 'unplaced':
      return undefined;
  }
}

function commitsOf(images: ImageSet): readonly Commit[] {
  const commits = Object.values(images).flatMap(({ commit }) => commit ?? []);
  const byName = new Map(
    commits.map(({ repository, sha }) => [`${repository} ${sha}`, commitOf(repository, sha)]),
  );
  return [...byName.values()];
}

function commitOf(repository: string, sha: string): Commit {
  return { repository, sha };
}

/**
 * GitHub wants to know whether users meet this environment. Its own guess is the name "production";
 * ours is that word, `prod` or `live` as a part of the names of the target or of what it controls.
 */
function isProduction({ target, key }: Announcement): boolean {
  return /(?:^|[-_/])(?:prod|production|live)(?:[-_/]|$)/i.test(`${target}/${key}`);
}
