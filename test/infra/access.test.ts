/** What the local IAM evaluates is what the stack's template holds: the same statements, no more and no less. */
import { describe, expect, test } from 'vitest';
import { functionsOf } from '../../infra/names.ts';
import { EXECUTION_ROLE, queuePoliciesOf, statementsOf } from '../../local/slipway/policies.ts';
import example from '../../pipeline.config.ts';
import type { PolicyStatement } from './iam.ts';
import { resourcesOf, templateOf } from './made.ts';

const roles = Object.fromEntries(
  Object.values(example.targets).map(({ id, service }) => [
    id,
    {
      family: service,
      roles: [EXECUTION_ROLE, ...(example.infra.taskDefinitions?.[id]?.roles ?? [])],
    },
  ]),
);
const template = templateOf(example, { taskDefinitions: roles });

describe('the local account has the policies of the template', () => {
  test.each(functionsOf(example))('%s', (name) => {
    const role = resourcesOf(template, 'AWS::IAM::Role').find(
      ({ Properties }) => Properties.RoleName === `slipway-${name}-${example.region}`,
    );
    const policies = role?.Properties.Policies as
      | readonly { readonly PolicyDocument: { readonly Statement: readonly PolicyStatement[] } }[]
      | undefined;
    const inTemplate = policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
    expect(inTemplate.length).toBeGreaterThan(2);
    expect(atoms(statementsOf(example)[name])).toEqual(atoms(inTemplate));
  });
});

test('the queue of commands has the policy of the template, but for the name of the role of builds', () => {
  const inTemplate = resourcesOf(template, 'AWS::SQS::QueuePolicy')
    .flatMap(({ Properties }) => {
      const { Statement } = Properties.PolicyDocument as { Statement: Denial[] };
      return Statement;
    })
    .find(({ Sid }) => Sid === 'NoneOfOurRoles');
  const [[queue = '', local] = []] = Object.entries(queuePoliciesOf(example));
  const named = (roles: readonly unknown[] = []) =>
    roles.filter((role) => typeof role === 'string');
  const rolesIn = (denial: Denial | undefined) => denial?.Condition.ArnEquals['aws:PrincipalArn'];
  expect(queue).toBe(inTemplate?.Resource);
  expect(rolesIn(local as unknown as Denial)?.slice(0, -1)).toEqual(named(rolesIn(inTemplate)));
  expect({ ...local, Action: 'sqs:SendMessage', Resource: queue, Condition: {} }).toEqual({
    ...inTemplate,
    Condition: {},
  });
});

interface Denial {
  readonly Sid?: string;
  readonly Resource: unknown;
  readonly Condition: { readonly ArnEquals: Readonly<Record<string, readonly unknown[]>> };
}

/** Each action on each resource by itself: CDK writes a list of one as a text. */
function atoms(statements: readonly PolicyStatement[]): readonly string[] {
  return statements
    .flatMap(({ Effect, Action, Resource, Condition = {} }) =>
      [Action]
        .flat()
        .flatMap((action) =>
          [Resource].flat().map((on) => JSON.stringify([Effect, action, on, Condition])),
        ),
    )
    .sort();
}
