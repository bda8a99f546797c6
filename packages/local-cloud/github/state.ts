/**
 * The local GitHub as plain data: repositories with their commits and refs, webhooks and what they
 * sent, who may ask, and how much. It draws from a chance of its own: what happens at GitHub must not
 * change what AWS does with the same seed.
 */
export interface GithubState {
  /** State of its random generator. */
  chance: number;
  /** The newest id given out: hooks, deliveries, statuses, deployments. */
  lastId: number;
  /** By lower-case full name: GitHub's names ignore case. */
  repositories: Record<string, GithubRepository>;
  /** What was sent within the last three days, oldest first. */
  deliveries: WebhookDelivery[];
  /** Ids of deliveries that are on their way out and not yet drained. */
  outbox: number[];
  /** So many of the next deliveries reach nobody. */
  deliveriesToLose: number;
  apps: Record<string, GithubApp>;
  installations: Record<string, GithubInstallation>;
  /** By the token itself. */
  tokens: Record<string, GithubToken>;
  /** Requests counted so far, by caller. */
  usage: Record<string, GithubUsage>;
  limits: GithubLimits;
  outage?: GithubOutage;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    github: GithubState;
  }
}

export interface GithubRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** `owner/name` as it is written. */
  readonly fullName: string;
  readonly ownerType: 'Organization' | 'User';
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly createdAt: number;
  pushedAt: number;
  /** By sha. What no ref reaches stays, as it does at GitHub for a long time. */
  commits: Record<string, GithubCommit>;
  /** `refs/heads/main` or `refs/tags/v1` -> sha. */
  refs: Record<string, string>;
  hooks: GithubHook[];
  /** Oldest first. */
  statuses: GithubStatus[];
  /** Oldest first. */
  deployments: GithubDeployment[];
}

export interface GithubCommit {
  readonly sha: string;
  /** Greater than that of every ancestor. */
  readonly order: number;
  readonly parents: readonly string[];
  readonly message: string;
  /** A login. */
  readonly author: string;
  readonly at: number;
  /** Against the first parent. */
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
  /** By path, of those that it adds or modifies; nobody keeps the others' contents. */
  readonly texts?: Readonly<Record<string, string>>;
}

export interface GithubHook {
  readonly id: number;
  /** A name that the outer wiring understands: the function behind the hook's URL. */
  readonly target: string;
  readonly secret: string;
  readonly contentType: 'json' | 'form';
  /** Names of events, or `*`; a ping always comes. */
  readonly events: readonly string[];
  active: boolean;
  readonly createdAt: number;
}

/** One request that a webhook makes. A redelivery is a delivery of its own with the same GUID. */
export interface WebhookDelivery {
  readonly id: number;
  readonly guid: string;
  readonly hookId: number;
  readonly repository: string;
  readonly target: string;
  readonly event: string;
  readonly redelivery: boolean;
  readonly at: number;
  /** All that GitHub itself sends, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The signed text; its UTF-8 bytes are what was signed. */
  readonly body: string;
  /** Absent while nobody answered. */
  answer?: { readonly statusCode: number; readonly status: string };
}

export type StatusState = 'error' | 'failure' | 'pending' | 'success';

export interface GithubStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: StatusState;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly at: number;
}

export interface GithubDeployment {
  readonly id: number;
  /** As it was asked for: a branch, a tag or a sha. */
  readonly ref: string;
  readonly sha: string;
  readonly task: string;
  readonly originalEnvironment: string;
  environment: string;
  readonly description: string | null;
  readonly payload: string | Readonly<Record<string, unknown>>;
  readonly isTransient: boolean;
  readonly isProduction: boolean;
  readonly creator: string;
  readonly at: number;
  updatedAt: number;
  /** Oldest first. */
  statuses: GithubDeploymentStatus[];
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success';

export interface GithubDeploymentStatus {
  readonly id: number;
  readonly state: DeploymentState;
  readonly description: string;
  readonly environment: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly creator: string;
  readonly at: number;
}

export interface GithubApp {
  readonly id: number;
  readonly slug: string;
  /** PEM. Without it the signature of a JSON web token is not looked at, only its shape. */
  readonly publicKey?: string;
}

export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

export interface GithubInstallation {
  readonly id: number;
  readonly appId: number;
  readonly permissions: Permissions;
  /** Full names; absent: all. */
  readonly repositories?: readonly string[];
}

export interface GithubToken {
  /** Whom it speaks for: a login, of a person or of `<slug>[bot]`. */
  readonly login: string;
  readonly installationId?: number;
  /** Absent: all. */
  readonly permissions?: Permissions;
  readonly repositories?: readonly string[];
  readonly expiresAt?: number;
}

export interface GithubUsage {
  /** When the hour of the primary limit began. */
  since: number;
  used: number;
  /** Requests of the last hour as the secondary limits count them, oldest first. */
  recent: { readonly at: number; readonly points: number; readonly isContent: boolean }[];
}

export interface GithubLimits {
  perHour: number;
  anonymousPerHour: number;
  contentPerMinute: number;
  contentPerHour: number;
  pointsPerMinute: number;
}

/** `unavailable`: every request is answered 503. `unreachable`: no connection comes about. */
export interface GithubOutage {
  readonly until: number;
  readonly how: 'unavailable' | 'unreachable';
}

/** docs, rate-limits-for-the-rest-api. */
const LIMITS: GithubLimits = {
  perHour: 5_000,
  anonymousPerHour: 60,
  contentPerMinute: 80,
  contentPerHour: 500,
  pointsPerMinute: 900,
};

export function emptyGithub(seed: number): GithubState {
  return {
    chance: (seed ^ 0x6769_7468) | 0,
    lastId: 1_000,
    repositories: {},
    deliveries: [],
    outbox: [],
    deliveriesToLose: 0,
    apps: {},
    installations: {},
    tokens: {},
    usage: {},
    limits: { ...LIMITS },
  };
}
