/** The evaluator refuses what IAM refuses; a lenient one would make every policy look right. */
import { describe, expect, test } from 'vitest';
import { isAllowed, type PolicyStatement } from './iam.ts';

const arn = 'arn:aws:ecs:eu-central-1:123456789012';
const update: PolicyStatement = {
  Effect: 'Allow',
  Action: ['ecs:UpdateService'],
  Resource: [`${arn}:service/production/web`],
};

describe('without a condition', () => {
  test.each([
    ['ecs:UpdateService', `${arn}:service/production/web`, true],
    ['ecs:updateservice', `${arn}:service/production/web`, true],
    ['ecs:UpdateServicePrimaryTaskSet', `${arn}:service/production/web`, false],
    ['ecs:UpdateService', `${arn}:service/production/web2`, false],
    ['ecs:UpdateService', `${arn}:service/staging/web`, false],
    ['ecs:UpdateService', 'arn:aws:ecs:eu-central-1:999999999999:service/production/web', false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(isAllowed([update], { action, resource })).toBe(allowed);
  });

  test('no statement allows nothing', () => {
    expect(isAllowed([], { action: 'ecs:UpdateService', resource: '*' })).toBe(false);
  });
});

test('a wildcard reaches over slashes, and not out of its part of the ARN', () => {
  const on = (Resource: string, resource: string) =>
    isAllowed([{ Effect: 'Allow', Action: 'ecs:*', Resource }], { action: 'ecs:Any', resource });
  expect(on(`${arn}:service/production/*`, `${arn}:service/production/web`)).toBe(true);
  expect(on(`${arn}:task-definition/web:*`, `${arn}:task-definition/web:7`)).toBe(true);
  expect(on(`${arn}:task-definition/web:*`, `${arn}:task-definition/web-admin:7`)).toBe(false);
  expect(on('arn:aws:ecs:*:123456789012:service/a', 'arn:aws:ecs:x:9:service/a')).toBe(false);
  expect(on('*', `${arn}:anything`)).toBe(true);
});

describe('a condition', () => {
  const pass: PolicyStatement = {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: '*',
    Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } },
  };
  test.each([
    ['ecs-tasks.amazonaws.com', true],
    ['ec2.amazonaws.com', false],
    [undefined, false],
  ])('passing a role to %s: %s', (service, allowed) => {
    const context = service === undefined ? {} : { 'iam:PassedToService': service };
    expect(isAllowed([pass], { action: 'iam:PassRole', resource: 'r', context })).toBe(allowed);
  });

  test('an operator that it does not know is an error, and so is a Deny', () => {
    const odd = { ...pass, Condition: { NumericLessThan: { 'iam:PassedToService': ['1'] } } };
    const context = { 'iam:PassedToService': '0' };
    const request = { action: 'iam:PassRole', resource: 'r', context };
    expect(() => isAllowed([odd], request)).toThrow('NumericLessThan');
    expect(() => isAllowed([{ ...pass, Effect: 'Deny' }], request)).toThrow('Deny');
  });
});
