/** A repository as GitHub shows it: whole, and as the push event has it, which differs. */
import { isoSeconds } from '../../eventbridge/state.ts';
import type { GithubRepository } from '../state.ts';
import { API, emailOf, nodeIdOf, SITE, userView } from '../users.ts';

export function repositoryUrl({ fullName }: GithubRepository): string {
  return `${API}/repos/${fullName}`;
}

export function repositoryPage({ fullName }: GithubRepository): string {
  return `${SITE}/${fullName}`;
}

/** What every answer names of it. */
export function minimalRepositoryView(repository: GithubRepository) {
  const { id, name, fullName, isPrivate, owner, ownerType } = repository;
  const url = repositoryUrl(repository);
  return {
    id,
    node_id: nodeIdOf('Repository', id),
    name,
    full_name: fullName,
    private: isPrivate,
    owner: userView(owner, ownerType),
    html_url: repositoryPage(repository),
    description: null,
    fork: false,
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}

/** The whole of it. */
export function repositoryView(repository: GithubRepository) {
  const { fullName, isPrivate, defaultBranch, createdAt, pushedAt } = repository;
  return {
    ...minimalRepositoryView(repository),
    created_at: isoSeconds(createdAt),
    updated_at: isoSeconds(pushedAt),
    pushed_at: isoSeconds(pushedAt),
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    clone_url: `${SITE}/${fullName}.git`,
    svn_url: `${SITE}/${fullName}`,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: isPrivate ? ('private' as const) : ('public' as const),
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: defaultBranch,
    custom_properties: {},
  };
}

/**
 * In a push, `created_at` and `pushed_at` are seconds since 1970, the owner has a name and an address,
 * and there are `stargazers`, `master_branch` and the organization's login (octokit/webhooks, examples
 * of payloads).
 */
export function pushedRepositoryView(repository: GithubRepository) {
  const { owner, ownerType, defaultBranch, createdAt, pushedAt } = repository;
  const view = repositoryView(repository);
  return {
    ...view,
    owner: {
      name: owner,
      email: ownerType === 'User' ? emailOf(owner) : null,
      ...view.owner,
    },
    url: repositoryPage(repository),
    created_at: Math.floor(createdAt / 1_000),
    pushed_at: Math.floor(pushedAt / 1_000),
    stargazers: 0,
    master_branch: defaultBranch,
    ...(ownerType === 'Organization' && { organization: owner }),
  };
}
