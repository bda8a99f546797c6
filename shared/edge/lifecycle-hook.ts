/**
 * ECS asks at a stage of a deployment that shifts traffic, by invoking a function and waiting for what it
 * returns. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
import * as z from 'zod/mini';
import type { HookAnswer, HookAsk } from '../core/hook/ask.ts';
import { lastPart, type Moment } from '../core/model/image.ts';
import { text } from '../parsing/fields.ts';
import { SERVICE_ARN } from '../parsing/names.ts';
import { read } from '../parsing/unreadable.ts';

const WHAT = 'lifecycle hook of ECS';
const STAGE = 'a stage like PRE_PRODUCTION_TRAFFIC_SHIFT';
/** `arn:aws:ecs:<region>:<account>:service-deployment/<cluster>/<service>/<id>` */
const DEPLOYMENT_ARN =
  /^arn:aws[a-z-]{0,20}:ecs:[a-z0-9-]{1,32}:\d{12}:service-deployment\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,64}$/;

const weights = z.optional(
  z.record(z.string(), z.number({ error: 'a weight' }).check(z.minimum(0, { error: 'a weight' }))),
);

const hookEvent = z.object({
  lifecycleStage: text(/^[A-Z_]{1,100}$/, STAGE),
  resourceArn: text(DEPLOYMENT_ARN, 'the ARN of an ECS service deployment'),
  executionDetails: z.object({
    serviceArn: text(SERVICE_ARN, 'the ARN of an ECS service'),
    targetServiceRevisionArn: z.string({ error: 'the ARN of a service revision' }),
    testTrafficWeights: weights,
    productionTrafficWeights: weights,
  }),
  hookDetails: z.optional(z.unknown()),
});

/** What our last answer left with ECS, which passes it on within one deployment. */
const memory = z.object({
  stage: z.string(),
  share: z.exactOptional(z.number()),
  since: z.number(),
  wentOnAt: z.exactOptional(z.number()),
});
type Memory = z.infer<typeof memory>;

export interface HookCall {
  readonly cluster: string | undefined;
  readonly service: string;
  readonly ask: HookAsk;
}

/** Throws `UnreadableEvent`. `at`: our clock. */
export function parseHookEvent(event: unknown, at: Moment): HookCall {
  const {
    lifecycleStage: stage,
    resourceArn,
    executionDetails,
    hookDetails,
  } = read(WHAT, hookEvent, event);
  const { serviceArn, targetServiceRevisionArn: comes } = executionDetails;
  const names = SERVICE_ARN.exec(serviceArn)?.groups;
  const production = shareOf(comes, executionDetails.productionTrafficWeights);
  const test = shareOf(comes, executionDetails.testTrafficWeights);
  const before = memoryOf(hookDetails);
  const isSame = before?.stage === stage && before.share === production;
  const returns =
    (stage === 'PRODUCTION_TRAFFIC_SHIFT' && production === 0) ||
    (stage === 'TEST_TRAFFIC_SHIFT' && test === 0);
  return {
    cluster: names?.cluster,
    service: names?.service ?? '',
    ask: {
      deployment: resourceArn,
      stage,
      ...(production !== undefined && { share: production }),
      ...(returns && { returns }),
      since: isSame ? before.since : at,
      ...(before?.wentOnAt !== undefined && { wentOnAt: before.wentOnAt }),
    },
  };
}

/** Weights are no percents: ECS was seen to write 950 and 50. Undefined: there are none. */
function shareOf(comes: string, all: Readonly<Record<string, number>> = {}): number | undefined {
  const total = Object.values(all).reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return undefined;
  // The keys are whole ARNs in the documents, and `<cluster>/<id>` in a published event.
  const own = Object.entries(all).find(([name]) => lastPart(name) === lastPart(comes));
  return (own?.[1] ?? 0) / total;
}

/** Whatever else somebody wrote into the hook's details is none of ours. */
function memoryOf(details: unknown): Memory | undefined {
  if (typeof details !== 'object' || details === null || !Object.hasOwn(details, 'slipway')) return;
  const result = z.safeParse(memory, (details as { readonly slipway: unknown }).slipway);
  return result.success ? result.data : undefined;
}

/** As ECS reads it: anything else, and it takes the traffic back. */
export interface HookResponse {
  readonly hookStatus: HookAnswer['status'];
  readonly callBackDelay?: number;
  readonly hookDetails?: { readonly slipway: Memory & { readonly because: string } };
}

/** `at`: our clock. */
export function hookResponse(answer: HookAnswer, at: Moment, ask?: HookAsk): HookResponse {
  const { status, because } = answer;
  return {
    hookStatus: status,
    ...(answer.status === 'IN_PROGRESS' && { callBackDelay: answer.seconds }),
    ...(ask && { hookDetails: { slipway: { ...memoryFor(answer, at, ask), because } } }),
  };
}

function memoryFor(
  { status }: HookAnswer,
  at: Moment,
  { stage, share, since, ...ask }: HookAsk,
): Memory {
  const goesOn = status === 'SUCCEEDED' && stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT';
  const wentOnAt = goesOn ? at : ask.wentOnAt;
  return {
    ...{ stage, since },
    ...(share !== undefined && { share }),
    ...(wentOnAt !== undefined && { wentOnAt }),
  };
}
