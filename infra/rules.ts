/** What reaches the functions by itself: EventBridge rules, from the same routing as locally, and the clock. */
import {
  Duration,
  aws_events as events,
  aws_iam as iam,
  type aws_lambda as lambda,
  aws_scheduler as scheduler,
  type aws_sqs as sqs,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import {
  type AnnouncementRoute,
  announcementRoute,
  type NoticeRoute,
  noticeRoute,
  queueName,
  type Route,
  routes,
} from '../shared/runtime/routing.ts';
import { TICK_EVERY_MINUTES } from '../shared/runtime/sizes.ts';
import { type Functions, functionOf } from './functions.ts';
import { arnIn, functionName, nameIn, scheduleGroupName } from './names.ts';
import { type Queues, queueOf } from './queues.ts';

export interface RulesProps {
  readonly pipeline: Pipeline;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly bus: events.EventBus;
}

/** Rules on the account's default bus, where AWS's own events are, and one on our own. */
export function createRules(scope: Construct, props: RulesProps): void {
  const { pipeline, functions, queues, bus } = props;
  const { unheard } = queues;
  const told = announcementRoute(pipeline);
  const notice = noticeRoute(pipeline);
  const rules = [
    ...routes(pipeline).map((route) =>
      createRule(scope, pipeline, route, functionOf(functions, route.function), unheard),
    ),
    ...(told === undefined
      ? []
      : [createAnnouncementRule(scope, pipeline, told, queueOf(queues, told.queue), bus, unheard)]),
    ...(notice === undefined
      ? []
      : [
          createRule(scope, pipeline, notice, functionOf(functions, notice.function), unheard, bus),
        ]),
  ];
  unheard.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'UndeliveredEventsOfOurRules',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [unheard.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rules } },
    }),
  );
}

/** The rule's ARN. */
function createRule(
  scope: Construct,
  pipeline: Pipeline,
  { name, pattern, function: to }: Route | NoticeRoute,
  target: lambda.Function,
  unheard: sqs.Queue,
  bus?: events.EventBus,
): string {
  const rule = new events.CfnRule(scope, name, {
    name: nameIn(pipeline, name),
    description: `To ${functionName(pipeline, to)}. From shared/runtime/routing.ts.`,
    ...(bus && { eventBusName: bus.eventBusName }),
    eventPattern: pattern,
    targets: [
      {
        id: to,
        arn: target.functionArn,
        // Lambda's own queue takes it at once; this is for when it does not, or may not.
        deadLetterConfig: { arn: unheard.queueArn },
      },
    ],
  });
  target.addPermission(name, {
    principal: new iam.ServicePrincipal('events.amazonaws.com'),
    sourceArn: rule.attrArn,
  });
  return rule.attrArn;
}

/** What is announced goes straight into a queue: no function stands between. The rule's ARN. */
function createAnnouncementRule(
  scope: Construct,
  pipeline: Pipeline,
  { name, queue, pattern }: AnnouncementRoute,
  target: sqs.Queue,
  bus: events.EventBus,
  unheard: sqs.Queue,
): string {
  const rule = new events.CfnRule(scope, `announced-${name}`, {
    name: nameIn(pipeline, `announced-${name}`),
    description: `From the bus to ${queueName(pipeline, queue)}. From shared/runtime/routing.ts.`,
    eventBusName: bus.eventBusName,
    eventPattern: pattern,
    targets: [{ id: queue, arn: target.queueArn, deadLetterConfig: { arn: unheard.queueArn } }],
  });
  target.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AnnouncementsOfOurRule',
      principals: [new iam.ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [target.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
    }),
  );
  return rule.attrArn;
}

/** Once a minute. One that is missed is not made up for: the next one finds everything. */
export function createTick(scope: Construct, pipeline: Pipeline, target: lambda.Function): void {
  const { account } = pipeline;
  const [groupName, name] = [scheduleGroupName(pipeline), nameIn(pipeline, 'tick')];
  const group = new scheduler.CfnScheduleGroup(scope, 'schedules', { name: groupName });
  const role = new iam.Role(scope, 'tick-schedule-role', {
    roleName: `${name}-schedule-${pipeline.region}`,
    description: `Lets the schedule invoke ${name}, and nothing else.`,
    assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
      // Scheduler compares with the group of a schedule, not with the schedule itself; so we have
      // a group of our own. (scheduler: cross-service-confused-deputy-prevention)
      conditions: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnEquals: {
          'aws:SourceArn': arnIn(pipeline, 'scheduler', `schedule-group/${groupName}`),
        },
      },
    }),
    inlinePolicies: {
      invoke: new iam.PolicyDocument({
        statements: [
          new iam.PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: [target.functionArn],
          }),
        ],
      }),
    },
  });
  new scheduler.CfnSchedule(scope, 'tick-schedule', {
    name,
    groupName: group.ref,
    description: `Wakes ${name} once a minute.`,
    scheduleExpression: events.Schedule.rate(Duration.minutes(TICK_EVERY_MINUTES)).expressionString,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: target.functionArn,
      roleArn: role.roleArn,
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: TICK_EVERY_MINUTES * 60 },
    },
  });
}
