/**
 * Who may send to our queues and speak on our bus: said by these themselves, whatever the policies of
 * others allow. Plain data: the stack puts it on them, and the local AWS evaluates that of the commands.
 * (What AWS does with these statements was not tried in an account.)
 */
import type { Pipeline } from '../../shared/config/config.ts';
import { type CommandQueue, queueName } from '../../shared/runtime/routing.ts';
import { arnIn, busName, functionRoleName, functionsOf, roleArn } from '../names.ts';
import type { Conditions, Permission } from './permission.ts';

/** A statement of a resource's own policy. */
export interface ResourceStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: { readonly AWS: '*' };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: Conditions;
}

/**
 * A command is a person's: a function that was taken over must not speak in a person's name. `builders`:
 * ARNs of the roles of the builds, in which runs what anybody pushed.
 */
export function commandSenders(
  pipeline: Pipeline,
  builders: readonly string[],
  queue: CommandQueue = 'commands',
): ResourceStatement {
  const ours = functionsOf(pipeline).map((name) =>
    roleArn(pipeline, functionRoleName(pipeline, name)),
  );
  return {
    Sid: 'NoneOfOurRoles',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['sqs:SendMessage'],
    Resource: [arnIn(pipeline, 'sqs', queueName(pipeline, queue))],
    // Of a session of a role it is the role's ARN. (reference_policies_condition-keys)
    Condition: { ArnEquals: { 'aws:PrincipalArn': [...ours, ...builders] } },
  };
}

/** Of the persons, those whom the settings name, if they name some; ARNs, `*` for a part. */
export function namedPeople(
  pipeline: Pipeline,
  people: readonly string[],
  queue: CommandQueue,
): ResourceStatement {
  const arn = arnIn(pipeline, 'sqs', queueName(pipeline, queue));
  return refusal('OnlyTheNamedPeople', 'sqs:SendMessage', arn, {
    ArnNotLike: { 'aws:PrincipalArn': people },
  });
}

export interface Senders {
  readonly permissions: readonly Permission[];
  /** ARNs of who may send besides, `*` for a part. */
  readonly breakGlass: readonly string[];
  /** EventBridge sends there, too: it speaks as itself, and has no ARN of a role. */
  readonly events?: boolean;
}

/**
 * Nobody sends to this queue but the functions that have the right to: a developer with all of SQS
 * speaks to no function.
 */
export function onlyOurSenders(
  pipeline: Pipeline,
  queue: string,
  { permissions, breakGlass, events = false }: Senders,
): ResourceStatement {
  const arn = arnIn(pipeline, 'sqs', queue);
  const roles = rolesThatMay(pipeline, permissions, 'sqs:SendMessage', arn);
  return refusal('OnlyOurSenders', 'sqs:SendMessage', arn, {
    ArnNotLike: { 'aws:PrincipalArn': [...roles, ...breakGlass] },
    ...(events ? { Bool: { 'aws:PrincipalIsAWSService': ['false'] } } : {}),
  });
}

/**
 * Dead letters are SQS's to write, which does so as nobody with an ARN: whoever has one is refused. A
 * letter that somebody forged would be put back by a person as what it claims to be.
 */
export function onlyDeadLetters(
  pipeline: Pipeline,
  queue: string,
  breakGlass: readonly string[],
): ResourceStatement {
  return refusal('OnlyDeadLetters', 'sqs:SendMessage', arnIn(pipeline, 'sqs', queue), {
    Null: { 'aws:PrincipalArn': ['false'] },
    ...(breakGlass.length === 0 ? {} : { ArnNotLike: { 'aws:PrincipalArn': breakGlass } }),
  });
}

/** What is announced becomes statuses on GitHub: nobody else announces in our name. */
export function onlyOurAnnouncements(
  pipeline: Pipeline,
  permissions: readonly Permission[],
): ResourceStatement {
  const arn = arnIn(pipeline, 'events', `event-bus/${busName(pipeline)}`);
  return refusal('OnlyOurAnnouncements', 'events:PutEvents', arn, {
    ArnNotLike: {
      'aws:PrincipalArn': rolesThatMay(pipeline, permissions, 'events:PutEvents', arn),
    },
  });
}

function refusal(
  Sid: string,
  action: string,
  resource: string,
  Condition: Conditions,
): ResourceStatement {
  return {
    Sid,
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: [action],
    Resource: [resource],
    Condition,
  };
}

/** By the permissions of the functions, so that there is one list. */
function rolesThatMay(
  pipeline: Pipeline,
  permissions: readonly Permission[],
  action: string,
  resource: string,
): readonly string[] {
  const names = permissions
    .filter(({ actions, resources }) => actions.includes(action) && resources.includes(resource))
    .map((permission) => permission.function);
  return [...new Set(names)].map((name) => roleArn(pipeline, functionRoleName(pipeline, name)));
}
