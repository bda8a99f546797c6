/**
 * What a call asks of IAM, and whom it is asked of: each operation says what it needs, and whoever
 * stands behind `Authorizer` says whether the caller has it. Without one everybody may do everything.
 */
import type { World } from './world.ts';

/** Values of condition keys, by their names. */
export type ContextKeys = Readonly<Record<string, string | readonly string[]>>;

/** One right that a call needs; a call on several resources has several. */
export interface Need {
  /** `ecs:UpdateService` */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resources. */
  readonly resource: string;
  readonly context?: ContextKeys;
}

/** Who calls, as AWS tells others of him. */
export interface Caller {
  /** `arn:aws:sts::123456789012:assumed-role/slipway-tick/slipway-tick` */
  readonly arn: string;
  /** What SQS calls the sender, and STS the user id: `AROA…:session`, `AIDA…`. */
  readonly userId: string;
}

export interface Authorizer {
  /** Whose access key this is; every key is somebody's. */
  callerOf(accessKeyId: string | undefined): Caller;
  /** AWS's own sentence of why not; undefined: it is allowed. */
  refusalOf(caller: Caller, need: Need): string | undefined;
}

/**
 * What each operation of a service needs, by its name. Actions, resources and condition keys are those of
 * the Service Authorization Reference, unless a line says otherwise; an input that AWS would refuse
 * for its form may name nothing.
 */
export type NeedsOf<Operations> = {
  readonly [Name in keyof Operations]: (world: World, input: never) => readonly Need[];
};

/** For an action that has no resources, and for a resource that is not told apart here. */
export const ANY = '*';

export function need(action: string, resource: string, context: ContextOf = {}): Need {
  const given = Object.entries(context).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? { action, resource }
    : { action, resource, context: Object.fromEntries(given) as ContextKeys };
}

type ContextOf = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `arnOf(world, 'sqs', 'name')` is `arn:aws:sqs:eu-central-1:123456789012:name`. */
export function arnOf(
  { region, account }: Pick<World, 'region' | 'account'>,
  service: string,
  resource: string,
): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
