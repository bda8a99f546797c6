/** Steps of a story at GitHub. */
import { createHash } from 'node:crypto';
import { planBuild } from '@slipway/local-cloud/codebuild/state.ts';
import { makeCommit } from '@slipway/local-cloud/github/commits/commits.ts';
import { GitError } from '@slipway/local-cloud/github/commits/git-error.ts';
import { deleteRef, gitPush, moveRef } from '@slipway/local-cloud/github/commits/push.ts';
import { repositoryOf } from '@slipway/local-cloud/github/commits/refs.ts';
import { githubDown, loseWebhooks, WEBHOOK_SECRET } from '@slipway/local-cloud/github/setup.ts';
import {
  deliveriesOf,
  redeliver,
  signaturesOf,
} from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import { pushClaim } from './ci-deeds.ts';
import type { Engine } from './engine.ts';
import { hearGithub } from './hear-git.ts';
import type { Trail } from './oracle/trail.ts';
import { GIT_REPOSITORY } from './stage.ts';
import type { CommitDeed, GitDeed } from './story.ts';

const MINUTE = 60_000;

export class GitDeeds {
  readonly #engine: Engine;
  readonly #trail: Trail;

  constructor(engine: Engine, trail: Trail) {
    this.#engine = engine;
    this.#trail = trail;
  }

  perform(step: GitDeed): void {
    const { world } = this.#engine;
    switch (step.do) {
      case 'commit':
        this.#commit(step);
        break;
      case 'ci-image':
        pushClaim(this.#engine, this.#trail, step);
        break;
      case 'fast-forward':
        this.#fastForward();
        break;
      case 'merge':
        this.#merge();
        break;
      case 'reset':
        this.#reset(step.branch, step.back);
        break;
      case 'delete-branch':
        this.#refused(() => {
          const { branch } = step;
          deleteRef(world, { repository: GIT_REPOSITORY, branch });
          this.#moved(branch, undefined);
        });
        break;
      case 'redeliver': {
        const all = deliveriesOf(world);
        const one = all[step.nth % Math.max(1, all.length)];
        if (one !== undefined) redeliver(world, one.id);
        break;
      }
      case 'forge':
        this.#forge(step.branch);
        break;
      case 'lose-webhooks':
        loseWebhooks(world, step.count);
        break;
      case 'github-down':
        githubDown(world, {
          until: world.now + step.minutes * MINUTE,
          how: step.how ?? 'unreachable',
        });
        break;
    }
  }

  #commit({ branch, forced = false, build, files = {} }: CommitDeed): void {
    const { world } = this.#engine;
    this.#refused(() => {
      const { after } = gitPush(world, {
        repository: GIT_REPOSITORY,
        branch,
        forced,
        message: `change at ${world.now}`,
        paths: ['web/index.ts', ...Object.keys(files)],
        texts: files,
      });
      planBuild(world, { commit: after, plan: build });
      this.#moved(branch, after);
    });
  }

  #fastForward(): void {
    const { world } = this.#engine;
    const commit = repositoryOf(world, GIT_REPOSITORY).refs['refs/heads/next'];
    if (commit === undefined) return;
    this.#refused(() => {
      gitPush(world, { repository: GIT_REPOSITORY, branch: 'main', commit });
      this.#moved('main', commit);
    });
  }

  #merge(): void {
    const { world } = this.#engine;
    const repository = repositoryOf(world, GIT_REPOSITORY);
    const ref = 'refs/heads/main';
    const [before, other] = [repository.refs[ref], repository.refs['refs/heads/next']];
    if (before === undefined || other === undefined) return;
    const draft = { message: `merge at ${world.now}`, paths: [] };
    const { sha: after } = makeCommit(world, repository, draft, [before, other]);
    moveRef(world, repository, { ref, before, after, pusher: 'octocat' });
    this.#moved('main', after);
  }

  #forge(branch: string): void {
    const engine = this.#engine;
    const ref = `refs/heads/${branch}`;
    const told = deliveriesOf(engine.world).findLast(({ body }) => body.includes(`"${ref}"`));
    if (told === undefined) return;
    const after = createHash('sha1').update(`forged at ${engine.world.now}`).digest('hex');
    const { head_commit: head, ...rest } = JSON.parse(told.body);
    const body = JSON.stringify({
      ...rest,
      before: rest.after,
      after,
      head_commit: { ...head, id: after },
    });
    const headers = {
      ...told.headers,
      'content-length': String(Buffer.byteLength(body)),
      'x-github-delivery': `${after.slice(0, 8)}-0000-4000-8000-${after.slice(0, 12)}`,
      ...signaturesOf(WEBHOOK_SECRET, body),
    };
    engine.log(() => `git: somebody forges a push of ${after.slice(0, 12)}`);
    engine.background(() => hearGithub(engine, { ...told, id: -1, headers, body }));
  }

  /** To what it pointed to before, as `git push --force` of an older commit does. */
  #reset(branch: string, back: number): void {
    const { world } = this.#engine;
    const ref = `refs/heads/${branch}`;
    const repository = repositoryOf(world, GIT_REPOSITORY);
    const before = repository.refs[ref];
    let after = before;
    for (let i = 0; i < back && after !== undefined; i++) {
      after = repository.commits[after]?.parents[0] ?? after;
    }
    if (before === undefined || after === undefined || after === before) return;
    moveRef(world, repository, { ref, before, after, pusher: 'octocat' });
    this.#moved(branch, after, { isReset: true });
  }

  /** The oracle must know what the branch pointed to, and when. */
  #moved(branch: string, commit: string | undefined, how: { isReset?: true } = {}): void {
    const { now: at } = this.#engine.world;
    this.#engine.log(() => `git: ${branch} is at ${commit?.slice(0, 12) ?? 'nothing'}`);
    this.#trail.heads.push(commit === undefined ? { at, branch } : { at, branch, commit, ...how });
  }

  /** As git refuses a person: nothing happens. */
  #refused(deed: () => void): void {
    try {
      deed();
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      this.#engine.log(() => `git refuses: ${error.message}`);
    }
  }
}
