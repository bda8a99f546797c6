/** What the local AWS with our functions in it is started with, and what of it can be kept. */
import type { Dynamo } from '@slipway/local-cloud/dynamodb/dynalite.ts';
import type { Hooks } from '@slipway/local-cloud/kernel/call.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import type { Invocation } from './lambda.ts';

export interface CloudOptions {
  /** Set up: what Slipway finds when it arrives. */
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly seed: number;
  /** Told of every call of our functions, and what goes wrong with it. */
  readonly hooks?: Hooks;
  /** Another one than the usual: restored, with `dynamo` and `saved`. */
  readonly table?: string;
  /**
   * Whether AWS throttles our functions as published. `caller`: whoever starts the cloud does it, in
   * `hooks`, since others ask the same account.
   */
  readonly limits?: 'published' | 'none' | 'caller';
  /** Every handler asks at once, as if there were no shared budget: to see what that does. */
  readonly withoutBudget?: boolean;
  /** With our table in it, if the cloud goes on from `saved`. */
  readonly dynamo?: Dynamo;
  /** Where it goes on, with the world as it was then. */
  readonly saved?: SavedCloud;
  /** Whether IAM is asked of every call of our functions; true unless told. */
  readonly iam?: boolean;
}

/** What a cloud knows beside its world and its DynamoDB. Plain data. */
export interface SavedCloud {
  readonly ids: { readonly chance: number };
  readonly pending: readonly Invocation[];
  readonly lost: readonly { readonly detailType: string; readonly left: number }[];
}
