/** A push to a branch that is built and does not deploy, named so that its images look like those of main. */
import { expect, test } from 'vitest';
import { playScenario, scenarioOf } from '../../local/stories/scenario.ts';
import { pipelineOf as pipelineOfScenario } from '../../local/stories/scenario-pipeline.ts';
import { definePipeline, ecsService, noAlarms } from '../../shared/config/config.ts';

const pipelineOf = (from: object) =>
  definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' }, ...from } },
        alarms: noAlarms('a test'),
      }),
    },
    sources: {
      shop: {
        repository: 'acme/shop',
        branches: ['main', 'main-*'],
        images: { web: { repository: 'shop/web' } },
      },
    },
  });

const push = (at: string, commit: string, branch?: string) => ({
  at,
  gitPush: { repository: 'acme/shop', commit, paths: ['src/a.ts'], ...(branch && { branch }) },
});
const STORY = JSON.stringify({
  steps: [push('2m', '0a0a0a0a0001'), push('20m', 'eeeeeee00003', 'main-evil')],
  until: '45m',
});

/** What of each commit was built, and what was started of it. */
async function played(from: object) {
  const pipeline = pipelineOf(from);
  const { cloud } = await playScenario(scenarioOf(STORY, pipeline), pipeline, { seed: 1 });
  const started = cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' && entry.announcement.kind === 'started'
      ? Object.values(entry.announcement.images ?? {}).flatMap(({ tags }) => tags)
      : [],
  );
  const built = Object.values(cloud.world.ecr.repositories['shop/web']?.images ?? {}).flatMap(
    ({ tags }) => tags,
  );
  return { started, isEvilBuilt: built.some((tag) => tag.startsWith('main-evil')) };
}

test('it is built, and started by no container that is bound to main', async () => {
  const bound = await played({ from: { source: 'shop', branches: ['main'] } });
  expect(bound.isEvilBuilt).toBe(true);
  expect(bound.started).toEqual(['main-0a0a0a0a0001']);
}, 120_000);

test('bound to nothing it would be started: the text of a tag is no guard', async () => {
  const free = await played({});
  expect(free.started).toHaveLength(2);
}, 120_000);

test('a story is played with what the config says of persons, queues and branches', () => {
  const base = pipelineOf({ from: { source: 'shop', branches: ['main'] } });
  const web = base.targets.web;
  if (web === undefined) throw new Error('no such target');
  const approvals = { commands: ['deploy'], by: ['bob'], minutes: 30 } as const;
  const guarded = { ...web, commandQueue: 'web', rules: { ...web.rules, approvals } };
  const played = pipelineOfScenario(scenarioOf(STORY, base), {
    ...base,
    targets: { web: guarded },
  });
  expect(played.targets.web).toMatchObject({ commandQueue: 'web', rules: { approvals } });
  expect(played.targets.web?.rules.containers).toEqual(web.rules.containers);
});
