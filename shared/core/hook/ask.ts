/** What ECS asks of our hook at a stage, what is found out for the answer, and the answer. */
import type { Moment } from '../model/image.ts';
import type { Observation } from '../model/observation.ts';

/** One call of the hook. ECS asks again while it is told to wait, and may ask twice or late. */
export interface HookAsk {
  /** ARN of the service deployment. */
  readonly deployment: string;
  /** `PRE_PRODUCTION_TRAFFIC_SHIFT`; an open string, since ECS has brought new ones. */
  readonly stage: string;
  /** Of the production traffic, what the revision that comes has: 0 to 1; absent: this stage does not tell. */
  readonly share?: number;
  /** ECS takes the traffic back: the revision that came is left with none. */
  readonly returns?: true;
  /** When this stage was asked about first, at this share. */
  readonly since: Moment;
  /** When ECS was last told to go on with a step; absent: never, or it is not known. */
  readonly wentOnAt?: Moment;
}

/** What was found out for the answer: `alarms` absent where CloudWatch did not answer. */
export type HookSeen = Pick<Observation, 'at' | 'stop' | 'alarms'>;

export type HookAnswer =
  | { readonly status: 'SUCCEEDED' | 'FAILED'; readonly because: string }
  /** ECS asks again after so many seconds. */
  | { readonly status: 'IN_PROGRESS'; readonly because: string; readonly seconds: number };
