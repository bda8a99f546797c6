/** Where a scenario is played: with Slipway in it, or with ECS alone. */
import type { WebhookDelivery } from '@slipway/local-cloud/github/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Answered } from '@slipway/local-cloud/wire/signed-call.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import type { FunctionName } from '../../shared/runtime/sizes.ts';
import type { ImageNames } from './image-names.ts';

export interface Stage {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly labels: ImageNames;
  /** Lets everything happen up to this moment. */
  runUntil(until: number): Promise<void>;
  /** The next events of this kind never come. */
  lose(detailType: string, count: number): void;
  /** An event comes as it is to whoever listens to its like. */
  deliver(event: unknown): void;
  /** How Slipway names the newest release of the target that brought this image, and was proven. */
  releaseNamed(target: Target, tag: string): string | undefined;
  /** What a rollback of the target would leave now; absent: nobody knows. */
  wouldLeave(target: Target): Promise<string | undefined>;
  /** A person's word for a target; it may be on its way for so long. */
  /** The id of what waits longest for a second person, if something does: what who approves sees. */
  pendingOf?(target: Target): Promise<string | undefined>;
  ask(target: Target, word: PersonCommand, lateMs?: number): void;
  /** A person holds every target at once, or lets them go on. */
  stopAll(on: boolean, word: { readonly by: string; readonly because: string }): Promise<void>;
  /** AWS throttles this operation of Slipway's, like `ecs:UpdateService`, up to this moment. */
  throttle(operation: string, until: number): void;
  /** A line of the story. */
  tell(text: string): void;
  /** What thieves can do; absent: there is nothing to steal. */
  readonly attacks?: Attacks;
  /** A commit was pushed; absent: GitHub's webhook says it. */
  pushed?(push: CommitPushed): void;
}

/** Whose credentials were stolen: a role of ours, that of a build, or those of an administrator. */
export type Attacker =
  | FunctionName
  | 'build project'
  | 'administrator'
  /** A person with this policy and no other. */
  | `may-${string}`
  | 'break-glass';

export interface Attacks {
  call(as: Attacker, service: string, operation: string, input: unknown): Promise<Answered>;
  /** The status of the answer. */
  deliver(delivery: WebhookDelivery): Promise<number>;
  /** With the token of Slipway: the status of the answer. */
  github(method: string, path: string, body: unknown): Promise<number>;
}

/** As the queue takes it: with digests in place of tags. */
export interface PersonCommand {
  readonly type: 'CommandReceived';
  readonly by: string;
  readonly because: string;
  readonly saidAt: number;
  readonly command:
    | { readonly do: 'deploy'; readonly images: Readonly<Record<string, NamedImage>> }
    | {
        readonly do: 'rollback';
        readonly to?: string | undefined;
        readonly leaves?: string | undefined;
      }
    | { readonly do: 'unquarantine'; readonly digest: string }
    | { readonly do: 'approve' | 'reject'; readonly of: string }
    | { readonly do: 'hold' | 'resume' };
}

interface NamedImage {
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

export interface CommitPushed {
  /** `acme/shop` */
  readonly repository: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly commit: string;
  readonly paths: readonly string[];
}
