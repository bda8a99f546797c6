/** What the hourly check foretells is what AWS does when the rollback is asked for all the same. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { playScenario, scenarioOf } from '../../local/stories/scenario.ts';
import pipeline from '../../pipeline.config.ts';

const FILE = new URL('../../local/scenarios/a-role-that-nobody-named.json', import.meta.url);
const ROLLBACK = {
  at: '121m',
  operator: { target: 'web', by: 'ada', because: 'is it true?', ask: { do: 'rollback' } },
};

test('a rollback of which it was said that IAM would refuse it is refused by IAM', async () => {
  const { about: _, expect: __, ...story } = JSON.parse(await readFile(FILE, 'utf8'));
  const asked = { ...story, steps: [...story.steps, ROLLBACK], until: '124m' };
  const { cloud, outcome } = await playScenario(
    scenarioOf(JSON.stringify(asked), pipeline),
    pipeline,
    { seed: 1 },
  );
  const because = cloud.timeline.flatMap((entry) =>
    entry.type === 'announcement' && entry.announcement.kind === 'needs-attention'
      ? [entry.announcement.because]
      : [],
  );
  expect(because).toEqual([
    'a rollback would fail now: web:2: infra.taskDefinitions does not let Slipway pass the role web-of-terraform',
    expect.stringMatching(
      /AWS refused ecs:\w+: AccessDenied.* iam:PassRole on resource: \S+web-of-terraform/,
    ),
  ]);
  expect(outcome.targets.web?.running).toContain('sha256:');
}, 60_000);
