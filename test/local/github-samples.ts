/**
 * The samples of `events/` that the local GitHub makes: one push of each kind to acme/shop, as Lambda
 * gets it. Run as a program it writes them: `node test/local/github-samples.ts`.
 */
import { writeFileSync } from 'node:fs';
import { deleteRef, forcePush, gitPush } from '@slipway/local-cloud/github/commits/push.ts';
import { addWebhook } from '@slipway/local-cloud/github/setup.ts';
import type { WebhookDelivery } from '@slipway/local-cloud/github/state.ts';
import {
  functionUrlEvent,
  httpApiEvent,
} from '@slipway/local-cloud/github/webhooks/http-events.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { arriving, githubWorld } from '@slipway/local-cloud/test/github/github-world.ts';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export const eventsFolder = new URL('../../events/', import.meta.url);

/** By file name. */
export function githubSamples(): Readonly<Record<string, APIGatewayProxyEventV2>> {
  const world = githubWorld();
  const repository = 'acme/shop';
  const main = { repository, branch: 'main' };
  const take = (door = httpApiEvent) => door(world, one(world));

  gitPush(world, {
    ...main,
    commit: 'a1',
    message: 'Show the price with its currency',
    paths: ['web/src/price.ts', 'web/test/price.test.ts'],
  });
  const branch = take();
  gitPush(world, {
    ...main,
    commit: 'a2',
    message: 'Round half to even',
    paths: ['web/src/price.ts'],
  });
  arriving(world);
  forcePush(world, { ...main, commit: 'a3', message: 'Round up', paths: ['web/src/price.ts'] });
  const forced = take();
  const feature = { repository, branch: 'feature/search' };
  gitPush(world, { ...feature, commit: 'b1', message: 'Search', paths: ['web/src/search.ts'] });
  const created = take();
  deleteRef(world, feature);
  const deleted = take();
  gitPush(world, { repository, tag: 'v1.4.2' });
  const tagged = take();
  deleteRef(world, { repository, tag: 'v1.4.2' });
  const untagged = take();
  gitPush(world, { repository, branch: 'release/1.4', commit: 'a3' });
  const without = take();

  const [hook] = world.github.repositories[repository]?.hooks ?? [];
  if (hook !== undefined) hook.active = false;
  const shop = world.github.repositories[repository];
  if (shop === undefined) throw new Error('the world has no acme/shop');
  addWebhook(world, shop, { target: 'github-push', contentType: 'form', ping: false });
  gitPush(world, {
    ...main,
    commit: 'a4',
    message: 'Grüße & 100 % Größe',
    paths: ['web/src/i18n/de.ts'],
  });
  const form = take(functionUrlEvent);

  return {
    'github-push-branch.json': branch,
    'github-push-forced.json': forced,
    'github-push-branch-created.json': created,
    'github-push-branch-deleted.json': deleted,
    'github-push-tag-created.json': tagged,
    'github-push-tag-deleted.json': untagged,
    'github-push-no-commits.json': without,
    'github-push-form.json': form,
  };
}

function one(world: World): WebhookDelivery {
  const [delivery, ...more] = arriving(world);
  if (delivery === undefined || more.length > 0) throw new Error('one delivery was expected');
  return delivery;
}

if (import.meta.main) {
  for (const [file, event] of Object.entries(githubSamples())) {
    writeFileSync(new URL(file, eventsFolder), `${JSON.stringify(event, null, 2)}\n`);
  }
}
