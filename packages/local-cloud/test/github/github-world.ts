/** A local GitHub with one repository and a real Octokit that asks it. */
import { Octokit } from '@octokit/core';
import { createGithubFetch, type GithubFetchOptions } from '../../github/fetch.ts';
import { addGithubRepository, addToken, addWebhook } from '../../github/setup.ts';
import type { WebhookDelivery } from '../../github/state.ts';
import { drainWebhooks } from '../../github/webhooks/deliveries.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';

export const START = Date.UTC(2026, 10, 21, 10, 0, 0);
export const SHOP = { owner: 'acme', repo: 'shop' } as const;
export const TOKEN = 'a-token-of-jane';

/** acme/shop, with one commit on main and a webhook for pushes that reaches `github-push`. */
export function githubWorld(seed = 1): World {
  const world = emptyWorld({ now: START, seed, account: '123456789012', region: 'eu-central-1' });
  const repository = addGithubRepository(world, { name: 'acme/shop' });
  addWebhook(world, repository, { target: 'github-push', ping: false });
  addToken(world, TOKEN, { login: 'jane' });
  return world;
}

/** Says nothing on the console; no plugin, so nothing is tried twice. */
export function octokitOf(
  world: World,
  { auth = TOKEN, ...options }: Omit<GithubFetchOptions, 'world'> & { auth?: string } = {},
): Octokit {
  const request = { fetch: createGithubFetch({ world, ...options }) };
  return new Octokit({ ...(auth !== '' && { auth }), request, log: SILENT });
}

const nothing = () => undefined;
export const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** What arrives within some seconds. */
export function arriving(world: World, seconds = 5): readonly WebhookDelivery[] {
  advance(world, world.now + seconds * 1_000);
  return drainWebhooks(world);
}

/** The tip of a branch. */
export function tip(world: World, branch = 'main'): string {
  return world.github.repositories['acme/shop']?.refs[`refs/heads/${branch}`] ?? '';
}

/** What Octokit rejects with: status, message without the link, headers. */
export async function refusal(asked: Promise<unknown>) {
  try {
    await asked;
  } catch (error) {
    const { status, message, response } = error as {
      status: number;
      message: string;
      response?: { data: Record<string, unknown>; headers: Record<string, string | undefined> };
    };
    return { status, message, data: response?.data, headers: response?.headers ?? {} };
  }
  throw new Error('it was answered, a refusal was expected');
}
