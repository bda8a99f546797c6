/** Who may send to the queues, speak on the bus and write the table, as these say themselves. */
import { describe, expect, test } from 'vitest';
import { pipelineWith, resourcesOf, settingsFor, templateOf, withSources } from './made.ts';

const BREAK_GLASS = 'aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_BreakGlass_*';
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const ours = (...names: readonly string[]) =>
  names.map((name) => role(`slipway-${name}-eu-central-1`));
const settings = settingsFor(withSources, { people: { breakGlass: [BREAK_GLASS] } });
const template = templateOf(withSources, settings);

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Of each queue that has a statement of this name, by the id of the queue. */
function refusals(sid: string, from = template) {
  const found = resourcesOf(from, 'AWS::SQS::QueuePolicy').flatMap(({ Properties }) => {
    const { Statement } = Properties.PolicyDocument as { Statement: readonly Statement[] };
    const [queue] = Properties.Queues as readonly [{ readonly Ref: string }];
    return Statement.filter(({ Sid }) => Sid === sid).map(
      ({ Effect, Condition }) =>
        [queue.Ref.replace(/[0-9A-F]{8}$/, ''), Effect, Condition] as const,
    );
  });
  expect(found.every(([, effect]) => effect === 'Deny')).toBe(true);
  return Object.fromEntries(found.map(([queue, , condition]) => [queue, condition]));
}

describe('a queue refuses everybody', () => {
  const only = (...names: readonly string[]) => ({
    ArnNotLike: { 'aws:PrincipalArn': [...ours(...names), role(BREAK_GLASS)] },
  });
  const notAService = { Bool: { 'aws:PrincipalIsAWSService': ['false'] } };

  test('but the functions that send there, EventBridge where it does, and break glass', () => {
    expect(refusals('OnlyOurSenders')).toEqual({
      urgent: only('alarm-changed', 'reconcile', 'tick'),
      releases: only('image-pushed', 'rollout-changed', 'reconcile', 'tick', 'build'),
      builds: only('tick', 'github-push', 'build-changed'),
      feedbackqueue: { ...only('feedback'), ...notAService },
      unheard: {
        ...only('image-pushed', 'rollout-changed', 'alarm-changed', 'tick', 'build-changed'),
        ...notAService,
      },
    });
  });

  test('of our own roles, where persons command', () => {
    const { commands, ...others } = refusals('NoneOfOurRoles');
    expect(others).toEqual({});
    expect(commands?.ArnEquals?.['aws:PrincipalArn']).toEqual(
      expect.arrayContaining(ours('reconcile', 'tick', 'feedback', 'build', 'github-push')),
    );
  });

  test('who is not among the named people, where some are named', () => {
    expect(refusals('OnlyTheNamedPeople')).toEqual({});
    const people = { command: ['Deployers'], breakGlass: [BREAK_GLASS] };
    const named = templateOf(withSources, settingsFor(withSources, { people }));
    expect(refusals('OnlyTheNamedPeople', named)).toEqual({
      commands: {
        ArnNotLike: { 'aws:PrincipalArn': [role('Deployers'), role(BREAK_GLASS)] },
      },
    });
  });
});

test('nobody with an ARN writes dead letters but break glass: SQS does, and has none', () => {
  const dead = refusals('OnlyDeadLetters');
  expect(Object.keys(dead).sort()).toEqual([
    'buildsdead',
    'commandsdead',
    'feedbackdead',
    'releasesdead',
    'urgentdead',
  ]);
  for (const condition of Object.values(dead)) {
    expect(condition).toEqual({
      Null: { 'aws:PrincipalArn': ['false'] },
      ArnNotLike: { 'aws:PrincipalArn': [role(BREAK_GLASS)] },
    });
  }
});

test('only reconcile and build announce', () => {
  const [policy, ...others] = resourcesOf(template, 'AWS::Events::EventBusPolicy');
  expect(others).toEqual([]);
  expect(policy?.Properties.Statement).toMatchObject({
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['events:PutEvents'],
    Condition: { ArnNotLike: { 'aws:PrincipalArn': ours('reconcile', 'build') } },
  });
});

describe('the table', () => {
  const writers = (from = template) => {
    const [table] = resourcesOf(from, 'AWS::DynamoDB::Table');
    const policy = table?.Properties.ResourcePolicy as {
      readonly PolicyDocument: {
        readonly Statement: readonly (Statement & { Action: string[] })[];
      };
    };
    return policy.PolicyDocument.Statement;
  };

  test.each([
    ['ecs/*', 'reconcile'],
    ['slipway/budget', 'reconcile'],
    ['slipway/sweep', 'tick'],
    ['git/*', 'build'],
    ['feedback/*', 'feedback'],
  ])('refuses a write of %s to everybody but %s', (key, name) => {
    const found = writers().filter(({ Condition }) =>
      JSON.stringify(Condition['ForAnyValue:StringLike']).includes(`"${key}"`),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': [...ours(name), role(BREAK_GLASS)] } },
    });
    expect(found[0]?.Action).toEqual(
      expect.arrayContaining([
        'dynamodb:PutItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
      ]),
    );
  });

  test('names no role that is not there', () => {
    const statements = writers(templateOf(pipelineWith({ web: {} })));
    expect(JSON.stringify(statements)).not.toMatch(/slipway-(build|feedback)-/);
  });
});

describe('a queue of commands for some targets', () => {
  const two = pipelineWith({ web: { commandQueue: 'web' }, worker: {} });
  const people = { command: ['Deployers'], commandQueues: { web: ['WebTeam'] } };
  const made = templateOf(two, settingsFor(two, { people }));

  test('refuses our own roles, and whoever is named for neither it nor all of them', () => {
    expect(Object.keys(refusals('NoneOfOurRoles', made))).toEqual(['commands', 'commandsweb']);
    expect(refusals('OnlyTheNamedPeople', made)).toEqual({
      commands: { ArnNotLike: { 'aws:PrincipalArn': [role('Deployers')] } },
      commandsweb: {
        ArnNotLike: { 'aws:PrincipalArn': [role('WebTeam'), role('Deployers')] },
      },
    });
  });

  test('is read by reconcile, which has room for it', () => {
    const names = resourcesOf(made, 'AWS::SQS::Queue').map(
      ({ Properties }) => Properties.QueueName,
    );
    expect(names).toEqual(
      expect.arrayContaining(['slipway-commands-web', 'slipway-commands-web-dead']),
    );
    const reconcile = resourcesOf(made, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === 'slipway-reconcile',
    );
    // 10 + 10, and 2 for each queue of commands.
    expect(reconcile?.Properties.ReservedConcurrentExecutions).toBe(24);
  });

  test('that no target has is no queue to name people for', () => {
    const wrong = { commandQueues: { shop: ['WebTeam'] } };
    expect(() => templateOf(two, settingsFor(two, { people: wrong }))).toThrow(
      /people.commandQueues.shop.*people for a commandQueue of a target; those are web/,
    );
  });
});
