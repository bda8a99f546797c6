/** docs/break-glass.md shows the policies for people that synth writes, for the example config. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { peoplePolicies } from '../../infra/permissions/people.ts';
import example from '../../pipeline.config.ts';
import { definePipeline, ecsService, noAlarms } from '../../shared/config/config.ts';

const page = readFileSync(new URL('../../docs/break-glass.md', import.meta.url), 'utf8');
const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) =>
  JSON.parse(text),
);
const policy = (Statement: unknown) => ({ Version: '2012-10-17', Statement });

test.each(Object.entries(peoplePolicies(example)))('%s', (_, statements) => {
  expect(shown).toContainEqual(policy(statements));
});

const two = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: Object.fromEntries(
    ['web', 'worker'].map((service) => [
      service,
      ecsService({
        mode: 'act',
        cluster: 'production',
        service,
        containers: { app: { repository: `shop/${service}`, tags: { glob: 'main-*' } } },
        alarms: noAlarms('a test'),
        ...(service === 'web' ? { commandQueue: 'web' } : {}),
      }),
    ]),
  ),
});

test('a target with a queue of its own has a policy of its own', () => {
  const policies = peoplePolicies(two);
  expect(Object.keys(policies)).toEqual([
    'may-look',
    'may-wait',
    'may-hold',
    'may-deploy',
    'may-deploy-web',
    'break-glass',
  ]);
  expect(shown).toContainEqual(policy(policies['may-deploy-web']));
});
