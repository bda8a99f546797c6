/** The evaluator refuses what IAM refuses; a lenient one would make every policy look right. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../iam/evaluate.ts';
import { type Statement, statementsIn } from '../../iam/policy.ts';
import { type Principal, roleSession, service, user } from '../../iam/principal.ts';
import type { ContextKeys } from '../../kernel/authorization.ts';

const account = '123456789012';
const arn = `arn:aws:ecs:eu-central-1:${account}`;
const queue = `arn:aws:sqs:eu-central-1:${account}:orders`;
const table = `arn:aws:dynamodb:eu-central-1:${account}:table/orders`;
const tick = roleSession({ account }, 'tick', 'tick');
const ada = user({ account }, 'ada');

interface Asked {
  readonly who?: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context?: ContextKeys;
  readonly identity?: readonly Statement[];
  readonly ofResource?: readonly Statement[];
}

function answer({ who = tick, action, resource, context = {}, identity, ofResource }: Asked) {
  const decision = evaluate(
    who,
    { action, resource, context },
    { identity: identity ?? [], ...(ofResource && { resource: ofResource }) },
  );
  return decision.allowed ? 'allowed' : `${decision.deny} ${decision.by}`;
}

const allow = (Action: string, Resource: string): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

describe('policies of the caller', () => {
  const update = allow('ecs:UpdateService', `${arn}:service/production/web`);

  test.each([
    ['ecs:UpdateService', `${arn}:service/production/web`, 'allowed'],
    ['ecs:updateservice', `${arn}:service/production/web`, 'allowed'],
    ['ecs:UpdateServicePrimaryTaskSet', `${arn}:service/production/web`, 'implicit identity-based'],
    ['ecs:UpdateService', `${arn}:service/production/web2`, 'implicit identity-based'],
    ['ecs:UpdateService', `${arn}:service/staging/web`, 'implicit identity-based'],
  ])('%s on %s: %s', (action, resource, expected) => {
    expect(answer({ action, resource, identity: [update] })).toBe(expected);
  });

  test('no statement allows nothing', () => {
    expect(answer({ action: 'ecs:UpdateService', resource: '*' })).toBe('implicit identity-based');
  });

  test('a Deny goes before every Allow', () => {
    const deny: Statement = { ...update, Effect: 'Deny' };
    const asked = { action: 'ecs:UpdateService', resource: `${arn}:service/production/web` };
    expect(answer({ ...asked, identity: [allow('*', '*'), deny] })).toBe('explicit identity-based');
  });

  test('a wildcard reaches over slashes, and not out of its part of the ARN', () => {
    const on = (pattern: string, resource: string) =>
      answer({ action: 'ecs:Any', resource, identity: [allow('ecs:*', pattern)] });
    expect(on(`${arn}:service/production/*`, `${arn}:service/production/web`)).toBe('allowed');
    expect(on(`${arn}:task-definition/web:*`, `${arn}:task-definition/web:7`)).toBe('allowed');
    expect(on(`${arn}:task-definition/web:*`, `${arn}:task-definition/web-admin:7`)).not.toBe(
      'allowed',
    );
    expect(on(`arn:aws:ecs:*:${account}:service/a`, 'arn:aws:ecs:x:9:service/a')).not.toBe(
      'allowed',
    );
  });
});

describe('conditions', () => {
  const keysOf = (values: readonly string[]): Statement => ({
    ...allow('dynamodb:PutItem', table),
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': values } },
  });
  const putting = (keys: readonly string[]) => ({
    action: 'dynamodb:PutItem',
    resource: table,
    context: { 'dynamodb:LeadingKeys': keys },
  });

  test.each([
    [['feedback/a'], 'allowed'],
    [['feedback/a', 'feedback/b'], 'allowed'],
    [['feedback/a', 'ecs/production/web'], 'implicit identity-based'],
    [['ecs/production/web'], 'implicit identity-based'],
  ])('an item of every key of %j: %s', (keys, expected) => {
    expect(answer({ ...putting(keys), identity: [keysOf(['feedback/*'])] })).toBe(expected);
  });

  test('what is said of all values is true of a request without any', () => {
    const asked = { action: 'dynamodb:PutItem', resource: table };
    expect(answer({ ...asked, identity: [keysOf(['feedback/*'])] })).toBe('allowed');
  });

  const pass: Statement = {
    ...allow('iam:PassRole', '*'),
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  };
  test.each([
    [{ 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }, 'allowed'],
    [{ 'iam:PassedToService': 'ec2.amazonaws.com' }, 'implicit identity-based'],
    [{}, 'implicit identity-based'],
  ])('passing a role with %j: %s', (context, expected) => {
    const asked = { action: 'iam:PassRole', resource: 'arn:aws:iam::1:role/r', context };
    expect(answer({ ...asked, identity: [pass] })).toBe(expected);
  });

  test('what nobody here knows is an error, and no guess', () => {
    const asked = {
      action: 'iam:PassRole',
      resource: 'r',
      context: { 'iam:PassedToService': '0' },
    };
    const odd = { ...pass, Condition: { NumericLessThan: { 'iam:PassedToService': '1' } } };
    expect(() => answer({ ...asked, identity: [odd] })).toThrow('NumericLessThan');
    expect(() => statementsIn({ Statement: { ...pass, NotPrincipal: '*' } as Statement })).toThrow(
      'NotPrincipal',
    );
    const variable = allow('s3:GetObject', 'arn:aws:s3:::b/$' + '{aws:username}');
    expect(() => statementsIn({ Statement: variable })).toThrow('policy variables');
  });
});

describe('policies of a queue', () => {
  const send = { action: 'sqs:SendMessage', resource: queue };
  const everything = allow('*', '*');
  const noTick: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/tick` } },
  };

  test('a Deny of the queue refuses whom his own policy allows everything', () => {
    const asked = { ...send, identity: [everything], ofResource: [noTick] };
    expect(answer({ ...asked, who: tick })).toBe('explicit resource-based');
    expect(answer({ ...asked, who: ada })).toBe('allowed');
  });

  test.each([
    [`arn:aws:iam::${account}:role/tick`, 'allowed'],
    [account, 'implicit identity-based'],
    [`arn:aws:iam::${account}:root`, 'implicit identity-based'],
    [`arn:aws:iam::${account}:role/tock`, 'implicit identity-based'],
  ])(
    'what it allows to %s is, for a session of the role without own rights, %s',
    (AWS, expected) => {
      const granted: Statement = { ...allow('sqs:SendMessage', queue), Principal: { AWS } };
      expect(answer({ ...send, ofResource: [granted] })).toBe(expected);
    },
  );

  test('a service sends where the queue lets it, for the rule that the queue names', () => {
    const rule = `arn:aws:events:eu-central-1:${account}:rule/orders/paid`;
    const granted: Statement = {
      ...allow('sqs:SendMessage', queue),
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': rule } },
    };
    const as = (sourceArn: string) =>
      answer({
        ...send,
        who: service({ account }, 'events.amazonaws.com', sourceArn),
        ofResource: [granted],
      });
    expect(as(rule)).toBe('allowed');
    expect(as(`${rule}-2`)).toBe('implicit resource-based');
  });
});

/**
 * Drawn by chance on 2026-11-21 and answered by another evaluator, @cloud-copilot/iam-simulate 0.1.173.
 * Of 46,000 such cases the two answered all alike. It is not installed here: its licence is the AGPL.
 */
describe('another evaluator', () => {
  interface Compared {
    readonly principal: string;
    readonly action: string;
    readonly resource: string;
    readonly context: ContextKeys;
    readonly identity: readonly Statement[];
    readonly policyOfResource?: readonly Statement[];
    readonly answer: string;
  }
  const compared = readFileSync(new URL('compared.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Compared);
  const roles = ['slipway-tick/slipway-tick', 'developer/ada'].map((name) => {
    const [role = '', session = ''] = name.split('/');
    return roleSession({ account }, role, session);
  });
  const words: Readonly<Record<string, string>> = {
    allowed: 'Allowed',
    explicit: 'ExplicitlyDenied',
    implicit: 'ImplicitlyDenied',
  };

  test('answered each of these alike', () => {
    expect(compared.length).toBeGreaterThan(100);
    const differing = compared.filter(({ principal, policyOfResource, ...rest }) => {
      const who = [...roles, ada].find((each) => each.arn === principal);
      const ofResource = policyOfResource && { ofResource: policyOfResource };
      const [word = ''] = answer({ ...rest, ...(who && { who }), ...ofResource }).split(' ');
      return words[word] !== rest.answer;
    });
    expect(differing).toEqual([]);
  });
});
