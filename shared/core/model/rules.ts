/** What the user configured for one target, as the core needs it. Made by `config.ts`. */
import type { ApprovalRules } from './approval.ts';
import type { DefinitionRules } from './definition/file.ts';
import type { Freeze } from './freeze/freeze.ts';
import type { ContainerName, TargetKey } from './image.ts';

export interface Rules {
  /** The name of the pipeline, which marks what it registers; absent: it has none. */
  readonly pipeline?: string;
  /** watch: look, decide and announce; call nothing that changes AWS. */
  readonly mode: 'watch' | 'act';
  /** Which container takes images of which repository. */
  readonly containers: Readonly<Record<ContainerName, ContainerSource>>;
  /** Names of CloudWatch alarms, metric or composite. */
  readonly alarms: readonly string[];
  /** Ids of the other targets that name the same alarm, by alarm. */
  readonly alarmsSharedWith: Readonly<Record<string, readonly string[]>>;
  /** What to do with a release while one of its alarms is red before it starts. */
  readonly whileAlarmRed: 'hold' | 'proceed';
  /** How long a release is held for its alarms, and what happens then. */
  readonly holdMinutes: number;
  readonly afterHold: 'proceed' | 'refuse' | 'ask';
  /** How long a release is watched after ECS says SUCCESSFUL. */
  readonly bakeMinutes: number;
  /** This many failed tasks between start and end of bake condemn it; absent: by the desired count. */
  readonly maxTaskFailures?: number;
  /** A rollout that takes longer is condemned. */
  readonly rolloutMinutes: number;
  /** A way back that takes longer is given up: the next one is tried, or a person is asked. */
  readonly rollbackMinutes: number;
  readonly rollout: RolloutSettings;
  /** How traffic is shifted; absent: ECS's rolling update. */
  readonly strategy?: Strategy;
  /** Whom ECS asks at each stage of a shift; beside `strategy`. */
  readonly hook?: Hook;
  /** A one-off task of the new revision, before any of its tasks serve; absent: none. */
  readonly migration?: Migration;
  /** A tag or a release: what is older cannot be returned to. */
  readonly notSafeBelow?: string;
  /** Whether a release is compared with the revision before it, and what becomes of that; absent: it is not. */
  readonly judge?: 'watch' | 'act';
  /** Answers that take longer are slow, and judged as well; absent: errors alone. */
  readonly slowMs?: number;
  /** Requests of our own at the test listener come first; absent: none do. Where to, the config knows alone. */
  readonly ownRequests?: true;
  /** What becomes of a share that the judge cannot call harmless; absent: what was measured proceeds. */
  readonly afterInconclusive?: 'proceed' | 'hold';
  /** What an image's scan may have found; absent: nobody asks. */
  readonly scan?: ScanRules;
  /** Who must have signed an image; absent: nobody asks. */
  readonly signature?: SignatureRules;
  /** Targets that must have proven an image before it starts here; absent: none. */
  readonly after?: Promotion;
  /** When nothing new starts; absent: never. */
  readonly freeze?: Freeze;
  /** The task definition in git; absent: a release changes images and nothing else. */
  readonly definition?: DefinitionRules;
  /** What a second person must approve; absent: nothing. */
  readonly approvals?: ApprovalRules;
}

/** What is sent to a release before anybody else meets it. */
export interface OwnRequests {
  /** Where the test listener is: `https://test.shop.example:8443`. */
  readonly url: string;
  /** In turn; with `status` any other answer fails, without it a 5xx. */
  readonly paths: readonly { readonly path: string; readonly status?: number }[];
  readonly headers: Readonly<Record<string, string>>;
  readonly count: number;
}

export interface Promotion {
  readonly targets: readonly {
    readonly id: string;
    readonly key: TargetKey;
    /** It is of another pipeline; absent: of this one. */
    readonly elsewhere?: Elsewhere;
  }[];
  /** So long it must have stood there, after it was proven. */
  readonly soakMinutes: number;
}

/** Where the records of another pipeline are, and the role of theirs by which they may be read. */
export interface Elsewhere {
  readonly region: string;
  readonly table: string;
  /** ARN */
  readonly role: string;
  readonly externalId: string;
}

export interface Migration {
  readonly command: readonly string[];
  readonly container: ContainerName;
  /** It must have ended by then. */
  readonly minutes: number;
  /** Where that container logs: its last lines are told when it fails. */
  readonly logGroup?: string;
}

/** INFORMATIONAL < LOW < MEDIUM < HIGH < CRITICAL; UNDEFINED: the scanner has not ranked it. */
export type Severity = 'UNDEFINED' | 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';

export interface ScanRules {
  /** The highest severity that is let through; NONE: no finding at all. */
  readonly highest: 'NONE' | Exclude<Severity, 'UNDEFINED'>;
  /** Findings that are let through all the same, until their day is over. */
  readonly except: readonly ScanException[];
  /** How long an image waits for its scan, from when it was offered, and what happens then. */
  readonly waitMinutes: number;
  readonly afterWait: 'proceed' | 'refuse' | 'ask';
  /** An older result is none; absent: however old. */
  readonly notOlderThanDays?: number;
}

export interface ScanException {
  /** `CVE-2026-1234` */
  readonly id: string;
  /** Its last day, UTC: `2026-12-31`. */
  readonly until: string;
  readonly because: string;
}

export type SignatureRules = Signers & {
  /** How long an image may be without a signature: one signs after the push. */
  readonly waitMinutes: number;
};

export type Signers =
  /** PEM. */
  | { readonly publicKey: string }
  /** A certificate of Sigstore: who vouched for the signer, and who that is. */
  | { readonly issuer: string; readonly identity: string | { readonly regex: string } };

export interface ContainerSource {
  /** Host of the registry: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registry: string;
  readonly repository: string;
  /** Repositories on GitHub whose commits order its images: `acme/shop`; absent: another order. */
  readonly builtFrom?: readonly string[];
  /** Only what builds of ours made of these repositories starts by itself; absent: what is pushed. */
  readonly onlyBuiltFrom?: readonly string[];
  /** Only what was built from branches like these starts by itself: expressions of their names. */
  readonly branches?: readonly string[];
}

/** The part of ECS's `deploymentConfiguration` that the config names; what is absent stays as it is. */
export interface RolloutSettings {
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly circuitBreaker?: CircuitBreaker;
  /** ECS's own bake, before it says SUCCESSFUL. */
  readonly ecsBakeMinutes?: number;
}

/**
 * How ECS shifts the traffic of a release, as the config says it. Each is whole: nothing is left to ECS's
 * own defaults.
 */
export type Strategy = Steps & { readonly whenUnsure?: WhenUnsure };

/**
 * What our hook says shortly before ECS waits no longer, while it is still not known whether the release may
 * go on. `ask`, and absent: a person is asked before that, and it goes on waiting.
 */
export type WhenUnsure = 'ask' | 'proceed' | 'rollback';

type Steps =
  | {
      readonly kind: 'blueGreen';
      /** Both revisions run, the new one has all traffic, and going back is a change of a rule. */
      readonly bakeMinutes: number;
    }
  | {
      readonly kind: 'canary';
      /** The share of the new revision in its first step, 0.1 to 100. */
      readonly percent: number;
      /** How long that step lasts. */
      readonly canaryBakeMinutes: number;
      readonly bakeMinutes: number;
    }
  | {
      readonly kind: 'linear';
      /** By how much its share grows with each step, 3 to 100. */
      readonly stepPercent: number;
      readonly stepBakeMinutes: number;
      readonly bakeMinutes: number;
      /** ECS does not wait by itself: our hook holds each step until the judge lets it go on. */
      readonly heldByJudge?: true;
    };

export interface CircuitBreaker {
  readonly enable: boolean;
  readonly resetOnHealthyTask?: boolean;
  readonly threshold?: {
    readonly type: 'COUNT' | 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT';
    readonly value: number;
  };
}

export const MINUTE = 60_000;

/** A function that ECS invokes, and the role that it takes on for it: ARNs. */
export interface Hook {
  readonly function: string;
  readonly role: string;
}

/**
 * Before each step of the production traffic, and after the last. Not at the steps themselves: ECS asks
 * those on a way back, too, and one that cannot be asked then would leave the traffic split.
 */
export const ASKED_STAGES: readonly string[] = [
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];

/**
 * What IAM lets Slipway register and hand to tasks, for all targets together: made from the settings of
 * the stack, which are also what the policies are made from.
 */
export interface TaskRights {
  /** Of task definitions. */
  readonly families: readonly string[];
  /** ARNs. */
  readonly roles: readonly string[];
}
