/**
 * What ECS tells about a service. All of it is only a hint to look: names, order and reasons of these
 * events are not promised, and a rollback shows as one more deployment in progress.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_cwe_events.html
 */
import * as z from 'zod/mini';
import type { HintAbout } from '../core/model/event.ts';
import { isOrdinaryStop } from '../core/model/task-stop.ts';
import { text } from '../parsing/fields.ts';
import { CLUSTER_ARN, ECS_NAME, SERVICE_ARN } from '../parsing/names.ts';
import { read, shown, UnreadableEvent } from '../parsing/unreadable.ts';
import { type AwsEvent, ignored, type ParsedEvent } from './event.ts';

const WORD = 'a word like SERVICE_STEADY_STATE';
const word = text(/^[A-Za-z_]{1,100}$/, WORD);
const CLUSTER = 'the ARN of an ECS cluster';
const clusterArn = text(CLUSTER_ARN, CLUSTER);

const serviceEvent = z.object({ eventName: word, clusterArn: z.optional(clusterArn) });

/** "ECS Deployment State Change" and "ECS Service Action": the service stands in `resources` alone. */
export function parseServiceEvent(event: AwsEvent): ParsedEvent {
  const detail = read(event.what, serviceEvent, event.detail, 'detail');
  const arn = event.resources[0];
  const names = SERVICE_ARN.exec(arn ?? '')?.groups;
  const service = names?.service;
  if (service === undefined) {
    throw new UnreadableEvent(`${event.what}, resources.0`, arn, 'the ARN of an ECS service');
  }
  const cluster = names?.cluster ?? clusterOf(detail.clusterArn);
  return hint(event, detail.eventName, cluster, service, ABOUT[detail.eventName]);
}

/** Both kinds of events use these names, and tell of the same moment. */
const ABOUT: Readonly<Record<string, HintAbout>> = {
  SERVICE_DEPLOYMENT_IN_PROGRESS: 'rollout-began',
  SERVICE_DEPLOYMENT_COMPLETED: 'rollout-ended',
  SERVICE_DEPLOYMENT_FAILED: 'rollout-ended',
  SERVICE_STEADY_STATE: 'steady',
};

const taskEvent = z.object({
  lastStatus: word,
  clusterArn,
  group: z.optional(z.string({ error: 'service:<name> or family:<name>' })),
  stopCode: z.optional(z.unknown()),
  stoppedReason: z.optional(z.unknown()),
});

/** "ECS Task State Change": `group` says whose task it is. */
export function parseTaskEvent(event: AwsEvent): ParsedEvent {
  const detail = read(event.what, taskEvent, event.detail, 'detail');
  const service = detail.group?.startsWith('service:') ? detail.group.slice(8) : undefined;
  if (service === undefined) {
    return ignored(`the task belongs to ${shown(detail.group)}, not to a service`);
  }
  if (!ECS_NAME.test(service)) {
    throw new UnreadableEvent(`${event.what}, detail.group`, detail.group, 'service:<name>');
  }
  // Each rollout stops as many tasks as it replaces: they say nothing that its own end does not.
  if (isOrdinaryStop(textOf(detail.stopCode), textOf(detail.stoppedReason))) {
    return ignored(`the task was stopped in good order (${shown(detail.stopCode)})`);
  }
  return hint(event, detail.lastStatus, clusterOf(detail.clusterArn), service);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function hint(
  event: AwsEvent,
  word: string,
  cluster: string | undefined,
  service: string,
  about?: HintAbout,
): ParsedEvent {
  const cause = `${event.cause.detailType} ${word}`;
  return {
    kind: 'parsed',
    message: {
      type: 'Hinted',
      cause,
      happenedAt: event.time,
      ...(about !== undefined && { about }),
      ...(cluster !== undefined && { cluster }),
      service,
    },
    cause: event.cause,
  };
}

function clusterOf(arn: string | undefined): string | undefined {
  return CLUSTER_ARN.exec(arn ?? '')?.groups?.cluster;
}
