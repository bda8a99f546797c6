/** Accounts of the local GitHub. Nobody keeps them: an account is what its login says. */
import { createHash } from 'node:crypto';

export const API = 'https://api.github.com';
export const SITE = 'https://github.com';

/** A number that stays the same for a name. */
export function numberOf(name: string): number {
  return Number.parseInt(createHash('sha1').update(name).digest('hex').slice(0, 7), 16);
}

/** The opaque id of GraphQL; what stands in it is GitHub's business. */
export function nodeIdOf(kind: string, id: number | string): string {
  return Buffer.from(`0:${kind}${id}`).toString('base64');
}

export function emailOf(login: string): string {
  return `${numberOf(login)}+${login}@users.noreply.github.com`;
}

export type AccountType = 'User' | 'Organization' | 'Bot';

/** An account as every answer and payload shows it. */
export function userView(
  login: string,
  type: AccountType = login.endsWith('[bot]') ? 'Bot' : 'User',
) {
  const id = numberOf(login);
  const url = `${API}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeIdOf(type, id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${SITE}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

/** An organization as payloads show it. */
export function organizationView(login: string) {
  const id = numberOf(login);
  const url = `${API}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeIdOf('Organization', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    description: '',
  };
}
