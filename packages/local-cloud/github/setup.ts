/** The scenario's hands at GitHub: they make repositories, webhooks, apps and tokens, and break it. */

import type { World } from '../kernel/world.ts';
import { makeCommit } from './commits/commits.ts';
import type {
  GithubApp,
  GithubHook,
  GithubInstallation,
  GithubLimits,
  GithubOutage,
  GithubRepository,
  GithubToken,
} from './state.ts';
import { numberOf } from './users.ts';
import { ping } from './webhooks/deliveries.ts';

/** GitHub's documentation signs its example with this secret; so does the local world. */
export const WEBHOOK_SECRET = "It's a Secret to Everybody";

export interface NewRepository {
  /** `owner/name` */
  readonly name: string;
  /** `main` if absent. */
  readonly defaultBranch?: string;
  readonly ownerType?: GithubRepository['ownerType'];
  /** True if absent. */
  readonly isPrivate?: boolean;
  /** Without the first commit that GitHub offers to make. */
  readonly isEmpty?: boolean;
}

/** Makes a repository, with one commit (a README.md) on its default branch. */
export function addGithubRepository(world: World, made: NewRepository): GithubRepository {
  const { name: fullName, defaultBranch = 'main', ownerType = 'Organization' } = made;
  const [owner = '', name = '', ...rest] = fullName.split('/');
  if (owner === '' || name === '' || rest.length > 0) {
    throw new Error(`a repository of GitHub is named owner/name, not "${fullName}"`);
  }
  const repository: GithubRepository = {
    id: numberOf(fullName),
    owner,
    name,
    fullName,
    ownerType,
    isPrivate: made.isPrivate ?? true,
    defaultBranch,
    createdAt: world.now,
    pushedAt: world.now,
    commits: {},
    refs: {},
    hooks: [],
    statuses: [],
    deployments: [],
  };
  world.github.repositories[fullName.toLowerCase()] = repository;
  if (made.isEmpty !== true) {
    const draft = { message: 'Initial commit', paths: ['README.md'] };
    const { sha } = makeCommit(world, repository, draft, []);
    repository.refs[`refs/heads/${defaultBranch}`] = sha;
  }
  return repository;
}

export type NewHook = Partial<Pick<GithubHook, 'secret' | 'contentType' | 'events'>> & {
  readonly target: string;
  /** GitHub pings a hook when it is made (docs, webhook events, ping); true if absent. */
  readonly ping?: boolean;
};

/** Hangs a webhook on a repository. */
export function addWebhook(world: World, repository: GithubRepository, made: NewHook): GithubHook {
  const hook: GithubHook = {
    id: ++world.github.lastId,
    target: made.target,
    secret: made.secret ?? WEBHOOK_SECRET,
    contentType: made.contentType ?? 'json',
    events: made.events ?? ['push'],
    active: true,
    createdAt: world.now,
  };
  repository.hooks.push(hook);
  if (made.ping !== false) ping(world, repository.fullName, hook.id);
  return hook;
}

/** Makes a token that works; without permissions it may do everything. */
export function addToken(world: World, token: string, facts: GithubToken): void {
  world.github.tokens[token] = facts;
}

/** Registers a GitHub App and installs it. */
export function addApp(world: World, app: GithubApp, installation: GithubInstallation): void {
  world.github.apps[String(app.id)] = app;
  world.github.installations[String(installation.id)] = installation;
}

/** From now on GitHub's API does not answer, or answers 503; webhooks still come. */
export function githubDown(world: World, { until, how }: GithubOutage): void {
  world.github.outage = { until, how };
}

/** Changes how much may be asked; what was counted so far stays. */
export function limitGithub(world: World, limits: Partial<GithubLimits>): void {
  Object.assign(world.github.limits, limits);
}

/** The next deliveries reach nobody. GitHub does not send them again by itself. */
export function loseWebhooks(world: World, count: number): void {
  world.github.deliveriesToLose += count;
}
