/** What the model emits has the shape of the samples in `events/` that we parse, and is parsed. */
import { readFileSync } from 'node:fs';
import { StopBuildCommand } from '@aws-sdk/client-codebuild';
import { planBuild } from '@slipway/local-cloud/codebuild/state.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { addRepository } from '@slipway/local-cloud/ecr/state.ts';
import { gitPush } from '@slipway/local-cloud/github/commits/push.ts';
import { addGithubRepository, addWebhook } from '@slipway/local-cloud/github/setup.ts';
import { advance, emptyWorld } from '@slipway/local-cloud/services.ts';
import {
  codebuildClient,
  codebuildWorld,
  pass,
  startBuild,
  told,
} from '@slipway/local-cloud/test/codebuild/codebuild-world.ts';
import { arriving, githubWorld } from '@slipway/local-cloud/test/github/github-world.ts';
import { expect, test } from 'vitest';
import { parseAwsEvent } from '../../shared/edge/parse-aws-event.ts';

const home = { account: '123456789012', region: 'eu-central-1' };

function sample(name: string) {
  return JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8'));
}

/** Every path of keys, with the type at its end; of a list those of all its members. */
function shapeOf(value: unknown, path = ''): readonly string[] {
  const paths = Array.isArray(value)
    ? value.flatMap((member) => shapeOf(member, `${path}[]`))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, member]) => shapeOf(member, `${path}.${key}`))
      : [`${path}: ${typeof value}`];
  return [...new Set(paths)].sort();
}

/** The same of GitHub's payloads, whose lists may be empty: of each list the first member. */
function payloadShape(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    return [`${path}[]`, ...(value.length > 0 ? payloadShape(value[0], `${path}[0]`) : [])];
  }
  if (typeof value !== 'object' || value === null) {
    return [`${path}: ${value === null ? 'null' : typeof value}`];
  }
  return Object.entries(value).flatMap(([key, member]) => payloadShape(member, `${path}.${key}`));
}

test('the event of a build has the shape of its sample, whatever its state', async () => {
  const world = codebuildWorld();
  const client = codebuildClient(world);
  const failing = 'f'.repeat(40);
  planBuild(world, { commit: failing, plan: { outcome: 'FAILED' } });
  await startBuild(client);
  const stopped = await startBuild(client);
  await startBuild(client, { sourceVersion: failing });
  pass(world, 60);
  await client.send(new StopBuildCommand({ id: stopped.id }));
  pass(world, 600);
  const events = told(world, 'State');
  for (const [status, name] of [
    ['IN_PROGRESS', 'in-progress'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED', 'failed'],
    ['STOPPED', 'stopped'],
  ] as const) {
    const ours = events.find(({ detail }) => detail['build-status'] === status);
    expect(shapeOf(ours), status).toEqual(shapeOf(sample(`codebuild-build-${name}`)));
  }
});

test('the payload of a push has every member of the example of GitHub, in its order, with its type', () => {
  const world = githubWorld();
  const real = JSON.parse(sample('github-push').body);
  const repository = addGithubRepository(world, { name: 'jane/site', ownerType: 'User' });
  addWebhook(world, repository, { target: 'github-push', ping: false });
  gitPush(world, { repository: 'jane/site', branch: 'new', paths: ['README.txt'] });
  const [delivery] = arriving(world);
  const ours = JSON.parse(delivery?.body ?? 'null');
  // Only webhooks of an app have an installation; the example's repository has a language.
  delete real.installation;
  real.repository.language = null;
  expect(Object.keys(ours)).toEqual(Object.keys(real));
  const members = payloadShape(ours);
  expect(payloadShape(real).filter((member) => !members.includes(member))).toEqual([]);
});

test('a scan is parsed at the edge, of either kind', () => {
  const world = emptyWorld({ now: Date.parse('2026-11-21T10:00:00Z'), seed: 5, ...home });
  const repository = addRepository(world, 'shop/web');
  repository.scanning = 'basic';
  pushImage(world, { repository: 'shop/web', tag: 'v1' });
  repository.scanning = 'enhanced';
  pushImage(world, { repository: 'shop/web', tag: 'v2' });
  advance(world, world.now + 60_000);
  const events = (world.eventbridge.buses.default ?? []).filter((event) =>
    /Scan$/.test(event['detail-type']),
  );
  expect(events.map((event) => parseAwsEvent(event, home))).toMatchObject([
    { kind: 'parsed', message: { type: 'Hinted', repository: 'shop/web' } },
    { kind: 'parsed', message: { type: 'Hinted', repository: 'shop/web' } },
  ]);
});
