/** The policies for people, held by IAM itself: with each of them the commands that it is for work, and no others. */
import { createAuthorizer } from '@slipway/local-cloud/iam/authorizer.ts';
import { roleSession } from '@slipway/local-cloud/iam/principal.ts';
import { expect, test } from 'vitest';
import { deploy } from '../../cli/deploy.ts';
import { EXIT } from '../../cli/output/exit.ts';
import { failureOf } from '../../cli/output/failure.ts';
import { status } from '../../cli/status.ts';
import { wait } from '../../cli/wait.ts';
import { peoplePolicies } from '../../infra/permissions/people.ts';
import { COMMAND, COMMON, pipeline, printed, standing } from './world.ts';

const policies = peoplePolicies(pipeline);

/** One who has these policies, and nothing else. */
async function someone(...names: readonly string[]) {
  const principal = roleSession(pipeline, 'slipway-ci', 'actions');
  const Statement = names.flatMap((name) => policies[name] ?? []);
  return await standing(
    pipeline,
    undefined,
    createAuthorizer({
      identities: {},
      others: { principal, policies: [{ Statement }] },
      resources: {},
    }),
  );
}

const SERVING = { ...COMMON, until: 'serving', minutes: 30 } as const;
const LOOK = { ...COMMON, watch: false, all: true, everyMs: 1000 };

test('may-wait follows a release, and neither deploys nor looks at services', async () => {
  const here = await someone('may-wait');
  here.push('main-1');
  const image = { image: 'shop/web:main-1' };
  const { code } = await printed(() => wait(here.connection, 'web', image, SERVING));
  expect(code).toBe(EXIT.done);
  const deployed = deploy(here.connection, 'web', [':main-1'], COMMAND);
  await expect(deployed).rejects.toSatisfy((error) => failureOf(error).code === EXIT.permission);
  const looked = status(here.connection, undefined, LOOK);
  await expect(looked).rejects.toSatisfy((error) => failureOf(error).code === EXIT.permission);
});

test('may-wait and may-deploy deploy, and wait for it', async () => {
  const here = await someone('may-wait', 'may-deploy');
  here.push('fix-1');
  const { code } = await printed(() =>
    deploy(here.connection, 'web', [':fix-1'], { ...COMMAND, ...SERVING }),
  );
  expect(code).toBe(EXIT.done);
});

test('may-look sees all targets', async () => {
  const here = await someone('may-look');
  const { code } = await printed(() => status(here.connection, undefined, LOOK));
  expect(code).toBe(EXIT.done);
});
