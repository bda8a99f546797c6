/** A container whose image lies in another account starts only if that account lets this one pull it. */
import { ECRClient } from '@aws-sdk/client-ecr';
import { describe, expect, test } from 'vitest';
import { foreignImageChecks, foreignImageIn } from '../../cli/doctor/foreign-images.ts';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import { doorwayOf } from '../../shared/aws/ecr/foreign-images.ts';
import type { Found } from '../../shared/aws/examine.ts';
import { Trouble, type WireAnswer, wire } from '../aws/wire.ts';

const HOME = { account: '123456789012', region: 'eu-central-1' };
const THEIRS = '210987654321.dkr.ecr.eu-central-1.amazonaws.com/base/proxy';
const container = (image: string) => ({
  name: 'proxy',
  image,
  ports: [],
  secrets: [],
  usesAwsLogs: false,
});

async function checked(image: string, seen: Found<'open' | 'closed'>) {
  const examiner = { doorway: async () => seen };
  return await foreignImageChecks({ containers: [container(image)] }, HOME, examiner);
}

describe('what doctor says of it', () => {
  test('it may be pulled', async () => {
    expect(await checked(`${THEIRS}:1.4`, { state: 'seen', value: 'open' })).toEqual([
      {
        name: 'image of proxy',
        state: 'ok',
        says: 'account 210987654321 lets this one pull base/proxy:1.4',
        fix: null,
      },
    ]);
  });

  test('it may not, with what its owner has to do', async () => {
    expect(await checked(`${THEIRS}:1.4`, { state: 'seen', value: 'closed' })).toMatchObject([
      {
        state: 'failed',
        says: 'account 210987654321 does not let this one pull base/proxy:1.4: no task can start',
        fix: expect.stringMatching(
          /^in account 210987654321: aws ecr set-repository-policy --repository-name base\/proxy .*arn:aws:iam::123456789012:root/,
        ),
      },
    ]);
  });

  test('it is not there, or you may not ask', async () => {
    expect(await checked(THEIRS, { state: 'missing' })).toMatchObject([
      {
        state: 'failed',
        says: 'account 210987654321 has no image base/proxy:latest: no task can start',
      },
    ]);
    const because = 'the permission ecr:BatchGetImage is missing';
    expect(await checked(THEIRS, { state: 'unseen', because })).toMatchObject([
      { state: 'skipped', says: because },
    ]);
  });

  test('in another region nobody is asked', async () => {
    const far = THEIRS.replace('eu-central-1', 'us-east-1');
    expect(await checked(far, { state: 'missing' })).toMatchObject([
      { state: 'skipped', says: 'it lies in us-east-1, and only eu-central-1 is asked' },
    ]);
  });

  test.each([
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web:main-1',
    'public.ecr.aws/docker/library/nginx:1',
    'nginx',
  ])('of %s nothing is said', async (image) => {
    expect(await checked(image, { state: 'missing' })).toEqual([]);
  });
});

describe('what ECR is asked', () => {
  const image = foreignImageIn(`${THEIRS}@sha256:${'a'.repeat(64)}`, HOME.account);
  const asked = async (answer: WireAnswer) => {
    const far = wire({ BatchGetImage: [answer] });
    if (image === undefined) throw new Error('no image');
    const doorway = doorwayOf(new ECRClient(readSettings(far.settings)), image);
    return { doorway: await doorway, bodies: far.bodies('BatchGetImage') };
  };
  const denied = (why: string) =>
    new Trouble(
      400,
      'AccessDeniedException',
      `User: arn:aws:sts::123456789012:assumed-role/ada is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:eu-central-1:210987654321:repository/base/proxy because no ${why} allows the ecr:BatchGetImage action`,
    );

  test('the registry of the other account, by the digest', async () => {
    const { doorway, bodies } = await asked({ images: [{}] });
    expect(doorway).toBe('open');
    expect(bodies).toEqual([
      {
        registryId: '210987654321',
        repositoryName: 'base/proxy',
        imageIds: [{ imageDigest: `sha256:${'a'.repeat(64)}` }],
      },
    ]);
    expect((await asked({ images: [] })).doorway).toBeUndefined();
  });

  test('a refusal by the repository is an answer; one by your own policies is none', async () => {
    expect((await asked(denied('resource-based policy'))).doorway).toBe('closed');
    await expect(asked(denied('identity-based policy'))).rejects.toThrow('identity-based');
  });
});
