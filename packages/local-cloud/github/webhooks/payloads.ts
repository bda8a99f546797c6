/** What GitHub's webhooks say: the payloads of `push` and `ping` (docs, webhook events and payloads). */
import type { components } from '@octokit/openapi-webhooks-types';
import { isoSeconds } from '../../eventbridge/state.ts';
import { commitsSince, isAncestor, NO_COMMIT, treeOf } from '../commits/commits.ts';
import {
  pushedRepositoryView,
  repositoryPage,
  repositoryUrl,
  repositoryView,
} from '../commits/repository-view.ts';
import type { GithubCommit, GithubHook, GithubRepository } from '../state.ts';
import { emailOf, organizationView, userView } from '../users.ts';

export type PushPayload = components['schemas']['webhook-push'];
type CommitView = PushPayload['commits'][number];

/** docs, push: "The array includes a maximum of 2048 commits." Which ones is not said: the newest. */
const COMMITS_MOST = 2_048;
/** docs, push: "A maximum of 3000 changed files will be reported per commit." */
const FILES_MOST = 3_000;

/** A ref that moved: from `before` to `after`, one of which may be `NO_COMMIT`. */
export interface RefChange {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** A login. */
  readonly pusher: string;
  /** The refs as they were before. */
  readonly refsBefore: Readonly<Record<string, string>>;
}

export function pushPayload(repository: GithubRepository, change: RefChange): PushPayload {
  const { ref, before, after, pusher } = change;
  const created = before === NO_COMMIT;
  const deleted = after === NO_COMMIT;
  const head = repository.commits[after];
  const elsewhere = Object.entries(change.refsBefore).filter(([other]) => other !== ref);
  const others = elsewhere.map(([, sha]) => sha);
  const unknown = new Set(commitsSince(repository, others, after).map(({ sha }) => sha));
  // A new ref shows what no other ref had (inferred: pushes of branches without commits of their own).
  const pushed = deleted ? [] : commitsSince(repository, created ? others : [before], after);
  const view = (commit: GithubCommit) => commitView(repository, commit, unknown.has(commit.sha));
  const base = created ? elsewhere.find(([, sha]) => sha === after)?.[0] : undefined;
  return {
    ref,
    before,
    after,
    repository: pushedRepositoryView(repository),
    pusher: { name: pusher, email: emailOf(pusher) },
    ...organizationOf(repository),
    sender: userView(pusher),
    created,
    deleted,
    forced: !created && !deleted && !isAncestor(repository, before, after),
    base_ref: base ?? null,
    compare: compareUrl(repository, change, pushed),
    commits: pushed.slice(-COMMITS_MOST).map(view),
    // Distinct even where another ref has it, as in GitHub's examples of pushed tags.
    head_commit: head === undefined ? null : commitView(repository, head, true),
  };
}

/**
 * A moved ref: both shas, short. A new one: its only commit, the range of its commits, or its name; the
 * last two are unverified (octokit/webhooks has examples of the first and of a deleted tag).
 */
function compareUrl(
  repository: GithubRepository,
  { ref, before, after }: RefChange,
  pushed: readonly GithubCommit[],
): string {
  const page = repositoryPage(repository);
  const [short, shortAfter] = [before, after].map((sha) => sha.slice(0, 12));
  if (before !== NO_COMMIT) return `${page}/compare/${short}...${shortAfter}`;
  const [first] = pushed;
  if (first === undefined) return `${page}/compare/${ref.replace(/^refs\/(heads|tags)\//, '')}`;
  if (pushed.length === 1) return `${page}/commit/${after}`;
  return `${page}/compare/${first.sha.slice(0, 12)}^...${shortAfter}`;
}

function commitView(
  repository: GithubRepository,
  commit: GithubCommit,
  distinct: boolean,
): CommitView {
  const { sha, message, at, author } = commit;
  const person = { name: author, email: emailOf(author), username: author };
  return {
    id: sha,
    tree_id: treeOf(sha),
    distinct,
    message,
    timestamp: isoSeconds(at),
    url: `${repositoryPage(repository)}/commit/${sha}`,
    author: person,
    committer: person,
    added: commit.added.slice(0, FILES_MOST),
    removed: commit.removed.slice(0, FILES_MOST),
    modified: commit.modified.slice(0, FILES_MOST),
  };
}

function organizationOf({ owner, ownerType }: GithubRepository) {
  return ownerType === 'Organization' ? { organization: organizationView(owner) } : {};
}

export function pingPayload(repository: GithubRepository, hook: GithubHook) {
  const url = `${repositoryUrl(repository)}/hooks/${hook.id}`;
  const madeAt = isoSeconds(hook.createdAt);
  return {
    zen: 'Anything added dilutes everything else.',
    hook_id: hook.id,
    hook: {
      type: 'Repository',
      id: hook.id,
      name: 'web',
      active: hook.active,
      events: hook.events,
      config: {
        content_type: hook.contentType,
        insecure_ssl: '0',
        secret: '********',
        url: `https://hooks.example.com/${hook.target}`,
      },
      updated_at: madeAt,
      created_at: madeAt,
      url,
      test_url: `${url}/test`,
      ping_url: `${url}/pings`,
      deliveries_url: `${url}/deliveries`,
      last_response: { code: null, status: 'unused', message: null },
    },
    repository: repositoryView(repository),
    ...organizationOf(repository),
    sender: userView('octocat'),
  };
}
