/** The policies of our queues and of our bus: what `permissions/senders.ts` says, put on them. */
import { aws_events as events, aws_iam as iam, type aws_sqs as sqs } from 'aws-cdk-lib';
import type { Pipeline } from '../shared/config/config.ts';
import { announcementRoute, queueNames } from '../shared/runtime/routing.ts';
import { UNHEARD_QUEUE } from './names.ts';
import type { Permission } from './permissions/permission.ts';
import {
  commandSenders,
  namedPeople,
  onlyOurAnnouncements,
  onlyOurSenders,
  type ResourceStatement,
} from './permissions/senders.ts';
import { type Queues, queueOf } from './queues.ts';
import type { CheckedPeople } from './settings-check-trust.ts';

export interface SendersProps {
  readonly pipeline: Pipeline;
  readonly permissions: readonly Permission[];
  readonly people: CheckedPeople;
  /** ARNs of the roles of the builds, in which runs what anybody pushed. */
  readonly builders: readonly string[];
}

/**
 * Dead-letter queues are left as they are: SQS itself fills them, and whether it would heed such a
 * policy is written nowhere.
 */
export function limitSenders(queues: Queues, bus: events.EventBus, props: SendersProps): void {
  const { pipeline, permissions, people, builders } = props;
  const { command, breakGlass } = people;
  const commands = queueOf(queues, 'commands');
  add(commands, commandSenders(pipeline, builders));
  if (command !== undefined) add(commands, namedPeople(pipeline, [...command, ...breakGlass]));
  const fedByRule = announcementRoute(pipeline)?.queue;
  for (const { name, queue } of queues.all.filter((each) => each.name !== 'commands')) {
    const senders = { permissions, breakGlass, events: name === fedByRule };
    add(queue, onlyOurSenders(pipeline, queueNames[name], senders));
  }
  const failing = { permissions, breakGlass, events: true };
  add(queues.unheard, onlyOurSenders(pipeline, UNHEARD_QUEUE, failing));
  const statement = onlyOurAnnouncements(pipeline, permissions);
  new events.CfnEventBusPolicy(bus, 'senders', {
    eventBusName: bus.eventBusName,
    statementId: statement.Sid,
    statement,
  });
}

function add(queue: sqs.Queue, statement: ResourceStatement): void {
  queue.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
}
