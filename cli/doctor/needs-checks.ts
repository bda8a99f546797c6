/** What a task of the definition needs to start: its roles, what fills its variables, where it logs, its image. */

import type { Examiner } from '../../shared/aws/examine.ts';
import type { Target } from '../../shared/config/config.ts';
import { lastPart } from '../../shared/core/model/image.ts';
import type { TaskRights } from '../../shared/core/model/rules.ts';
import { whyForbidden } from '../../shared/core/release/ways-back.ts';
import { type Check, failed, judged, ok, skipped } from './check.ts';
import type { ContainerFacts, DefinitionFacts, SecretUse } from './definition-facts.ts';

/** Of the containers that the config names. */
export function containersAreThere(
  { rules }: Target,
  { family, containers }: DefinitionFacts,
): Check {
  const name = 'containers';
  const has = containers.map((one) => one.name);
  const lost = Object.keys(rules.containers).filter((one) => !has.includes(one));
  return lost.length === 0
    ? ok(name, has.join(', '))
    : failed(
        name,
        `the task definition ${family} has no container ${lost.join(', ')}; it has ${has.join(', ')}`,
        `pipeline.config.ts: containers: { ${has[0] ?? ''}: … }`,
      );
}

const ECS_TASKS = 'ecs-tasks.amazonaws.com';

/** A role is asked of IAM; that one is missing where something needs it is seen without. */
export async function roleChecks(
  definition: DefinitionFacts,
  examiner: Pick<Examiner, 'role'>,
): Promise<readonly Check[]> {
  const { executionRole, taskRole, family } = definition;
  const needed = whyExecutionRole(definition);
  const lacks =
    executionRole === undefined && needed !== undefined
      ? [
          failed(
            'execution role',
            `the task definition names none, and ${needed}`,
            `task definition ${family}: executionRoleArn, a role with AmazonECSTaskExecutionRolePolicy`,
          ),
        ]
      : [];
  const roles = [
    ...(executionRole === undefined ? [] : [['execution role', executionRole] as const]),
    ...(taskRole === undefined ? [] : [['task role', taskRole] as const]),
  ];
  const asked = roles.map(([what, arn]) => roleCheck(what, arn, examiner));
  return [...lacks, ...(await Promise.all(asked))];
}

async function roleCheck(
  what: string,
  arn: string,
  examiner: Pick<Examiner, 'role'>,
): Promise<Check> {
  const role = lastPart(arn);
  const name = `${what} ${role}`;
  const missing = {
    says: 'IAM has no such role: no task can start',
    fix: `aws iam create-role --role-name ${role} …, or name another one in the task definition`,
  };
  return judged(name, await examiner.role(arn), missing, ({ trusts }) =>
    trusts.includes(ECS_TASKS) || trusts.includes('*')
      ? ok(name, `trusts ${ECS_TASKS}`)
      : failed(
          name,
          `it trusts ${trusts.join(', ') || 'no service'}: ECS cannot take it on`,
          `aws iam update-assume-role-policy --role-name ${role} …, with "Principal": {"Service": "${ECS_TASKS}"}`,
        ),
  );
}

function whyExecutionRole({ containers }: DefinitionFacts): string | undefined {
  const withSecrets = containers.find(({ secrets }) => secrets.length > 0);
  if (withSecrets !== undefined) return `${withSecrets.name} has secrets, which ECS reads with it`;
  const logging = containers.find(({ usesAwsLogs }) => usesAwsLogs);
  return logging && `${logging.name} logs with awslogs, which ECS does with it on Fargate`;
}

/** What IAM will let Slipway do, by the settings that its policies are made from. */
export function rightsCheck(
  { id, rules }: Target,
  definition: DefinitionFacts,
  rights: TaskRights | undefined,
): Check {
  const name = 'rights of Slipway';
  if (rules.mode === 'watch') return skipped(name, "mode 'watch' registers and passes nothing");
  if (rights === undefined) return skipped(name, 'the local AWS makes its own');
  const { family, executionRole, taskRole } = definition;
  const roles = [executionRole, taskRole].filter((role) => role !== undefined);
  const why = whyForbidden({ family, roles }, false, rights);
  if (why === undefined) return ok(name, `may register ${family}, and pass its roles`);
  const names = roles.map((arn) => `'${arn.replace(/^.*:role\//, '')}'`).join(', ');
  return failed(
    name,
    why,
    `pipeline.config.ts: infra.taskDefinitions: { ${id}: { family: '${family}', roles: [${names}] } }, then slipway infra deploy`,
  );
}

/** `reads`: secrets are opened to see the names of their keys. */
export async function secretChecks(
  { containers }: DefinitionFacts,
  examiner: Pick<Examiner, 'secret' | 'secretKeys' | 'parameter'>,
  reads: boolean,
): Promise<readonly Check[]> {
  const uses = containers.flatMap((one) =>
    one.secrets.map((use) => ({ container: one.name, use })),
  );
  return await Promise.all(
    uses.map(({ container, use }) =>
      secretCheck(`${container} ${use.variable}`, use, examiner, reads),
    ),
  );
}

async function secretCheck(
  name: string,
  { store, id, key, variable }: SecretUse,
  examiner: Pick<Examiner, 'secret' | 'secretKeys' | 'parameter'>,
  reads: boolean,
): Promise<Check> {
  const what = store === 'secret' ? 'secret' : 'parameter';
  const missing = {
    says: `there is no ${what} ${id}: no task can start`,
    fix: `make it, or mend valueFrom of ${variable} in the task definition`,
  };
  const seen = store === 'secret' ? await examiner.secret(id) : await examiner.parameter(id);
  const there = judged(name, seen, missing, () => ok(name, `the ${what} is there`));
  if (there.state !== 'ok' || key === undefined) return there;
  if (!reads) {
    return skipped(
      name,
      `the secret is there; whether it has the key ${key} stands in its value: --secret-keys reads it, and prints names only`,
    );
  }
  return judged(name, await examiner.secretKeys(id), missing, (keys) => {
    if (keys?.includes(key)) return ok(name, `the secret is there, with the key ${key}`);
    const has = keys === undefined ? 'it is no JSON object' : `it has ${keys.join(', ') || 'none'}`;
    return failed(name, `the secret has no key ${key}: ${has}`, missing.fix);
  });
}

export async function logChecks(
  { containers }: DefinitionFacts,
  examiner: Pick<Examiner, 'logGroup'>,
): Promise<readonly Check[]> {
  const groups = containers.flatMap(({ logGroup }) => (logGroup === undefined ? [] : [logGroup]));
  return await Promise.all(
    [...new Set(groups)].map(async (group) => {
      const name = `log group ${group}`;
      const missing = {
        says: 'it is not there: no task can start',
        fix: `aws logs create-log-group --log-group-name ${group}`,
      };
      return judged(name, await examiner.logGroup(group), missing, () => ok(name, 'is there'));
    }),
  );
}

/** The newest image that the config takes, held against the machine that the tasks run on. */
export function platformCheck(
  container: Pick<ContainerFacts, 'name'>,
  label: string,
  platform: string,
  seen: Awaited<ReturnType<Examiner['platforms']>>,
): Check {
  const name = `newest image of ${container.name}`;
  const missing = { says: `ECR has lost ${label}`, fix: 'push it again' };
  return judged(name, seen, missing, (has) => {
    if (has.includes(platform)) return ok(name, `${label} runs on ${platform}`);
    const cpu = platform.endsWith('arm64') ? 'ARM64' : 'X86_64';
    return failed(
      name,
      `${label} is for ${has.join(', ')}, and the task definition wants ${platform} (cpuArchitecture ${cpu})`,
      `docker build --platform ${platform}, or change runtimePlatform in the task definition`,
    );
  });
}
