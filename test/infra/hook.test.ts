/** What ECS asks at the stages of a shift: there where a target shifts, and with the least of rights. */
import { describe, expect, test } from 'vitest';
import { functionsOf } from '../../infra/names.ts';
import { fittingPolicies } from '../../infra/permissions/statements.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { canary } from '../../shared/config/strategies.ts';
import { isAllowed } from './iam.ts';
import { pipelineWith, resourcesOf, settingsFor, templateOf } from './made.ts';

const shifting = pipelineWith({ web: { strategy: canary({ bakeMinutes: 10 }) }, worker: {} });
const rolling = pipelineWith({ web: {}, worker: {} });

const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:slipway-lifecycle-hook';
const ROLE = 'slipway-ecs-hook-eu-central-1';
const TABLE = 'arn:aws:dynamodb:eu-central-1:123456789012:table/slipway';

function rolesOf(pipeline: Pipeline) {
  return resourcesOf(templateOf(pipeline), 'AWS::IAM::Role');
}

function may(
  name: 'reconcile' | 'lifecycle-hook',
  asked: Parameters<typeof isAllowed>[1],
): boolean {
  const { statements } = fittingPolicies(shifting, checkSettings(shifting, settingsFor(shifting)));
  return isAllowed(statements[name].flat(), asked);
}

test('where no target shifts traffic there is neither the function nor the role', () => {
  expect(functionsOf(rolling)).not.toContain('lifecycle-hook');
  const names = rolesOf(rolling).map(({ Properties }) => Properties.RoleName);
  expect(names).not.toContain(ROLE);
});

test('ECS is sent the names that the stack gives', () => {
  const hook = { function: FUNCTION, role: `arn:aws:iam::123456789012:role/${ROLE}` };
  expect(shifting.targets.web?.rules.hook).toEqual(hook);
  expect(shifting.targets.worker?.rules.hook).toBeUndefined();
});

test('ECS may invoke that function, and nothing else', () => {
  const role = rolesOf(shifting).find(({ Properties }) => Properties.RoleName === ROLE);
  expect(role?.Properties).toMatchObject({
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'ecs.amazonaws.com' },
        },
      ],
    },
    Policies: [
      {
        PolicyDocument: {
          Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FUNCTION }],
        },
      },
    ],
  });
  expect(role?.Properties).not.toHaveProperty('ManagedPolicyArns');
});

describe('the function', () => {
  const key = (name: string) => ({ 'dynamodb:LeadingKeys': [name] });

  test('reads the record of a target, the stop switch and alarms', () => {
    for (const name of ['ecs/production/web', 'slipway']) {
      const asked = { action: 'dynamodb:GetItem', resource: TABLE, context: key(name) };
      expect(may('lifecycle-hook', asked), name).toBe(true);
    }
    expect(may('lifecycle-hook', { action: 'cloudwatch:DescribeAlarms', resource: '*' })).toBe(
      true,
    );
  });

  test.each([
    ['dynamodb:PutItem', TABLE],
    ['dynamodb:UpdateItem', TABLE],
    ['ecs:UpdateService', 'arn:aws:ecs:eu-central-1:123456789012:service/production/web'],
    ['ecs:StopServiceDeployment', 'arn:aws:ecs:eu-central-1:123456789012:service/production/web'],
    ['sqs:SendMessage', 'arn:aws:sqs:eu-central-1:123456789012:slipway-urgent'],
  ])('may change nothing: %s', (action, resource) => {
    const context = action.startsWith('dynamodb:') ? key('ecs/production/web') : {};
    expect(may('lifecycle-hook', { action, resource, context })).toBe(false);
  });
});

test('reconcile hands over that role to ECS only', () => {
  const resource = `arn:aws:iam::123456789012:role/${ROLE}`;
  const passed = (service: string) =>
    may('reconcile', {
      action: 'iam:PassRole',
      resource,
      context: { 'iam:PassedToService': [service] },
    });
  expect(passed('ecs.amazonaws.com')).toBe(true);
  expect(passed('ecs-tasks.amazonaws.com')).toBe(false);
});
