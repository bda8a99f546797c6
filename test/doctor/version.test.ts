/** Another version in the account than here is told, and what is not known is not claimed. */
import { expect, test } from 'vitest';
import { versionCheck } from '../../cli/doctor/examine-stack.ts';
import pipeline from '../../pipeline.config.ts';
import { VERSION } from '../../shared/runtime/version.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:123456789012:table/slipway';
const asked: string[] = [];
const account = (answer: () => string | undefined) =>
  ({
    pipeline,
    table: 'slipway',
    place: 'AWS',
    isLocal: false,
    aws: {
      deployedVersion: async (arn: string) => {
        asked.push(arn);
        return answer();
      },
    },
  }) as unknown as Parameters<typeof versionCheck>[0];

test('the same version is well', async () => {
  expect(await versionCheck(account(() => VERSION))).toMatchObject({ state: 'ok' });
  expect(asked).toEqual([TABLE]);
});

test('another one in the account fails, and says both and what mends it', async () => {
  expect(await versionCheck(account(() => '9.9.9'))).toMatchObject({
    state: 'failed',
    says: `the account has 9.9.9, and this command is ${VERSION}`,
    fix: 'slipway infra deploy, or install slipway 9.9.9 (docs/upgrading.md)',
  });
});

test('a table that does not say, and a right that is missing, are skipped and not guessed', async () => {
  expect(await versionCheck(account(() => undefined))).toMatchObject({ state: 'skipped' });
  const denied = Object.assign(
    new Error('User: x is not authorized to perform: dynamodb:ListTagsOfResource on resource: y'),
    { name: 'AccessDeniedException' },
  );
  const check = await versionCheck(
    account(() => {
      throw denied;
    }),
  );
  expect(check).toMatchObject({ state: 'skipped' });
  expect(JSON.stringify(check)).toContain('the permission dynamodb:ListTagsOfResource');
});
