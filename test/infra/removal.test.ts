/** What `slipway infra destroy` leaves and what it takes, as infra/README.md tells it: by the policies of the template. */
import { expect, test } from 'vitest';
import { textOf } from '../docs/pages.ts';
import { pipelineWith, settingsFor, templateOf } from './made.ts';

interface Made {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: { readonly RepositoryName?: string; readonly EmptyOnDelete?: boolean };
}

/** With all that a stack can have: builds, notices, a trail. */
const pipeline = pipelineWith(
  { web: { mode: 'act', commandQueue: 'team' } },
  {
    sources: { shop: { repository: 'acme/shop', images: { web: { repository: 'shop/web' } } } },
    notices: { mail: 'arn:aws:sns:eu-central-1:123456789012:releases' },
  },
);
const settings = settingsFor(pipeline, { trail: { days: 30 } });
const all = Object.values(
  templateOf(pipeline, settings).toJSON().Resources as Record<string, Made>,
);

/** A creation that fails leaves nothing behind, but for the table and the bucket. */
const KEPT = {
  'AWS::DynamoDB::Table': 'Retain',
  'AWS::S3::Bucket': 'Retain',
  'AWS::SQS::Queue': 'RetainExceptOnCreate',
  'AWS::Logs::LogGroup': 'RetainExceptOnCreate',
};

test.each(Object.entries(KEPT))('each %s outlives the stack: %s', (type, policy) => {
  const those = all.filter(({ Type }) => Type === type);
  expect(those.length).toBeGreaterThan(0);
  for (const made of those) {
    expect(made).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: 'Retain' });
  }
});

test('nothing else stays, and of what goes only the layers of builds have a content', () => {
  const others = all.filter(({ Type }) => !Object.hasOwn(KEPT, Type));
  const said = others.filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete');
  expect(said).toEqual([]);
  const stores = others.filter(({ Type }) => Type === 'AWS::ECR::Repository');
  expect(stores.map(({ Properties }) => Properties)).toMatchObject([
    { RepositoryName: 'slipway/cache/slipway-shop-web', EmptyOnDelete: true },
  ]);
});

test('infra/README.md names what stays, what goes, and the stack whose protection is taken off', () => {
  const page = textOf('infra/README.md');
  expect(page).toContain('The table, the queues and the logs stay');
  expect(page).toContain('the bucket of the trail where the stack made one');
  expect(page).toContain('`slipway/cache/…` in ECR');
  expect(page).toContain('--stack-name Slipway`');
});
