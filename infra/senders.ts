/** The policies of our queues and of our bus: what `permissions/senders.ts` says, put on them. */
import {
  CfnResource,
  type aws_events as events,
  aws_iam as iam,
  type aws_sqs as sqs,
} from 'aws-cdk-lib';
import type { Pipeline } from '../shared/config/config.ts';
import {
  announcementRoute,
  type CommandQueue,
  commandQueuesOf,
  deadLetterQueueName,
  kindOf,
  queueName,
} from '../shared/runtime/routing.ts';
import { unheardQueueName } from './names.ts';
import type { Permission } from './permissions/permission.ts';
import {
  commandSenders,
  namedPeople,
  onlyDeadLetters,
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

export function limitSenders(queues: Queues, bus: events.EventBus, props: SendersProps): void {
  const { pipeline, permissions, people, builders } = props;
  const { breakGlass } = people;
  for (const name of commandQueuesOf(pipeline)) {
    const queue = queueOf(queues, name);
    add(queue, commandSenders(pipeline, builders, name));
    const named = whoMayCommand(people, name);
    if (named !== undefined) add(queue, namedPeople(pipeline, [...named, ...breakGlass], name));
  }
  const fedByRule = announcementRoute(pipeline)?.queue;
  for (const { name, queue } of queues.all.filter((each) => kindOf(each.name) !== 'commands')) {
    const senders = { permissions, breakGlass, events: name === fedByRule };
    add(queue, onlyOurSenders(pipeline, queueName(pipeline, name), senders));
  }
  for (const { name, dead } of queues.all) {
    add(dead, onlyDeadLetters(pipeline, deadLetterQueueName(pipeline, name), breakGlass));
  }
  const failing = { permissions, breakGlass, events: true };
  add(queues.unheard, onlyOurSenders(pipeline, unheardQueueName(pipeline), failing));
  const statement = onlyOurAnnouncements(pipeline, permissions);
  // The class for it reads a property of its own that is deprecated, and warns at each synth.
  new CfnResource(bus, 'senders', {
    type: 'AWS::Events::EventBusPolicy',
    properties: {
      EventBusName: bus.eventBusName,
      StatementId: statement.Sid,
      Statement: statement,
    },
  });
}

/** Those of the queue, and those of all queues; undefined: nobody is named. */
function whoMayCommand(
  { command, commandQueues }: CheckedPeople,
  queue: CommandQueue,
): readonly string[] | undefined {
  const own = commandQueues[queue.replace(/^commands-?/, '')];
  return own === undefined ? command : [...own, ...(command ?? [])];
}

function add(queue: sqs.Queue, statement: ResourceStatement): void {
  queue.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
}
