/** What the user writes in `pipeline.config.ts`. Types and comments only: they show in the editor. */
import type { AnnouncementKind } from '../core/model/announcement.ts';
import type { ApprovedStep } from '../core/model/approval.ts';
import type { CircuitBreaker, Rules, ScanRules, Strategy } from '../core/model/rules.ts';
import type { SourceRules } from '../core/source/rules.ts';
import type { OwnRequestsInput } from './gates.ts';
import type { Settings } from './infra.ts';
import type { Rolling } from './strategies.ts';
import type { Newer, TagFilter } from './tags.ts';

export interface PipelineInput {
  /**
   * Of this pipeline, where an account and region has several: up to 16 small letters, digits and -. All
   * that it has there begins with it: `shop` makes `shop-slipway-reconcile`. Left out, all begins with
   * `slipway`. A name that is changed makes another pipeline beside the old one.
   */
  readonly name?: string | undefined;
  /** The AWS account, twelve digits in quotes. Events of other accounts are ignored. */
  readonly account: string;
  /** The region of services, images and alarms: `eu-central-1`. */
  readonly region: string;
  /** What is deployed to, each under a name of yours. The name is a label, used in messages. */
  readonly targets: Readonly<Record<string, EcsServiceTarget>>;
  /** Which git repositories are built, each under a name of yours. Leave it out to push images yourself. */
  readonly sources?: Readonly<Record<string, SourceInput>> | undefined;
  /**
   * Targets of other pipelines, in other accounts, each under a name of yours that `after` may say: only
   * what is proven there starts here by itself.
   */
  readonly upstream?: Readonly<Record<string, UpstreamInput>> | undefined;
  /**
   * What a second person must approve, in all targets; one of a target's own takes its place. Left out,
   * one person is enough.
   */
  readonly approvals?: ApprovalsInput | undefined;
  /** Times in which nothing new starts, in all targets. A person's deploy does, and rollbacks always go. */
  readonly freeze?: FreezeInput | undefined;
  /**
   * Where people are told what became of releases: topics of SNS, of which mail and AWS's chat service are
   * subscribed by you. Left out, nobody is told, and the deploy says so.
   */
  readonly notices?: NoticesInput | undefined;
  /** How GitHub is reached. Needed by `sources`; what is left out has a default. */
  readonly github?: GitHubInput | undefined;
  /**
   * What only the infrastructure needs to know: the rights of Slipway and of people, where it keeps what.
   * The part that your security team reads.
   */
  readonly infra?: Settings | undefined;
}

/** A target of another pipeline, whose config lets this one read its record: `infra.readBy`. */
export interface UpstreamInput {
  readonly account: string;
  /** Default: the region of this pipeline. */
  readonly region?: string | undefined;
  /** The `name` of that pipeline; left out where it has none. */
  readonly pipeline?: string | undefined;
  readonly cluster: string;
  readonly service: string;
  /** The one that `infra.readBy` has there: a text that nobody guesses. */
  readonly externalId: string;
  /** The name of its table, where `infra.table` says another one there. */
  readonly table?: string | undefined;
}

/** At least one topic, in the account and region of the pipeline; a FIFO topic takes no mail and no chat. */
export interface NoticesInput {
  /** ARN of a topic of SNS that gets a subject and plain text: for subscriptions by mail. */
  readonly mail?: string | undefined;
  /**
   * ARN of a topic that gets the custom notifications of Amazon Q Developer in chat applications (before:
   * AWS Chatbot), which shows them in Slack and Teams, those of a release in one thread.
   */
  readonly chat?: string | undefined;
  /** Which announcements. Default rolled-back, failed, needs-attention, refused and proven. */
  readonly of?: readonly AnnouncementKind[] | undefined;
}

/**
 * Who is who is what SQS says of the sender (`SenderId`), not what a message says: of a role its session,
 * so let people have sessions that they cannot name themselves (IAM Identity Center, or a trust policy
 * with `sts:RoleSessionName`).
 */
export interface ApprovalsInput {
  /** 1: another person must approve what somebody deploys by hand. */
  readonly deploy?: 1 | undefined;
  /** 1: another person must approve that a quarantine is lifted. */
  readonly unquarantine?: 1 | undefined;
  /** A person's word about each release, those of a push too. Default: none is wanted. */
  readonly release?: ReleaseApprovalInput | undefined;
  /**
   * Who may approve: sessions (`ada@example.com`), or whole SenderIds (`AROAEXAMPLE:*`), `*` for a part.
   * Left out, whoever may command. Nobody approves what they asked for.
   */
  readonly by?: readonly string[] | undefined;
  /** How long a command waits for the second person, 5 to 1440. Default 60. */
  readonly minutes?: number | undefined;
}

export interface ReleaseApprovalInput {
  /**
   * start: before it starts. traffic: its tasks run, and no user has met it. full: before the step that
   * gives it all of the traffic. A target that shifts no traffic always waits before the start.
   */
  readonly before: ApprovedStep;
  /** How long the word is awaited: `'30m'`, `'4h'`, `'2d'`; `'5m'` to `'14d'`, in a shift to `'23h'`. */
  readonly within: string;
  /**
   * With no word until then: rollback (before the start: the image is refused), or proceed. Default
   * rollback. Whom nobody answered is not quarantined.
   */
  readonly otherwise?: 'rollback' | 'proceed' | undefined;
  /** Who may say yes, in place of `approvals.by`. */
  readonly by?: readonly string[] | undefined;
}

/** One repository on GitHub: a push to it becomes images. */
export interface SourceInput {
  /** Owner and name on GitHub: `acme/shop`. */
  readonly repository: string;
  /** Globs of the branches that are built; `*` does not cross a slash. Default `['main']`. */
  readonly branches?: readonly string[] | undefined;
  /** Globs of the git tags that are built: `['v*']`. Default none. */
  readonly tags?: readonly string[] | undefined;
  /** The images that it makes, each under a name of yours: several for a monorepo. */
  readonly images: Readonly<Record<string, SourceImageInput>>;
  /**
   * Who builds the images. slipway: CodeBuild, for each push. elsewhere: GitHub Actions or anything else pushes
   * them to ECR, and GitHub is asked which commit of the branch each one is of. Default slipway.
   */
  readonly builtBy?: 'slipway' | 'elsewhere' | undefined;
  /**
   * With `builtBy: 'elsewhere'`: where an image says its commit, the first that says one counts. `'label'` is
   * `org.opencontainers.image.revision`; anything else is a whole tag with `{sha}` in it, and `{branch}` where the
   * branch stands. Default `['label', '{branch}-{sha}', '{sha}']`.
   */
  readonly commitIn?: readonly string[] | undefined;
  /** A newer commit comes while an image is still being built: stop that build, or let it finish. Default stop. */
  readonly whileBuilding?: SourceRules['whileBuilding'] | undefined;
  /**
   * Name of the secret that signs the webhook of this repository. Default `github.webhookSecret`, which whoever
   * administers one of the repositories knows for all of them.
   */
  readonly webhookSecret?: string | undefined;
}

export interface SourceImageInput {
  /** The ECR repository that receives the image, tagged `<branch>-<commit>`. */
  readonly repository: string;
  /** Only a push that changes one of these paths builds it; globs, `**` crosses slashes. Default all. */
  readonly paths?: readonly string[] | undefined;
  /** A CodeBuild project of your own. Left out, the pipeline stack makes one. */
  readonly project?: string | undefined;
  /** Of the project that the stack makes: path of the Dockerfile. Default `Dockerfile`. */
  readonly dockerfile?: string | undefined;
  /** Of the project that the stack makes: the directory that is sent to the build. Default `.`. */
  readonly context?: string | undefined;
  /** Of the project that the stack makes: one or both. Default `['linux/amd64']`. */
  readonly platforms?: readonly Platform[] | undefined;
}

export type Platform = 'linux/amd64' | 'linux/arm64';

export interface GitHubInput {
  /**
   * Name of the secret in Secrets Manager that signs the webhook of sources that name none of their own. When
   * it is rotated, its previous version is accepted for a day more. Default `slipway/github-webhook`.
   */
  readonly webhookSecret?: string | undefined;
  /**
   * Name of the secret that lets us write statuses and deployments and compare commits: JSON, either
   * `{"token":"…"}` or `{"appId":"…","installationId":"…","privateKey":"…"}`. Default `slipway/github`.
   */
  readonly credentials?: string | undefined;
  /** Of GitHub Enterprise Server: `https://github.example.com/api/v3`. Default `https://api.github.com`. */
  readonly apiUrl?: string | undefined;
  /**
   * Where whoever clicks on a commit's status finds `slipway view`: `http://127.0.0.1:4580` if each runs it
   * on the own machine. The status links to its release there. Absent: to the log of that time in the console.
   */
  readonly viewUrl?: string | undefined;
}

/** One ECS service. */
export interface EcsServiceInput {
  /** The cluster's name, not its ARN. */
  readonly cluster: string;
  /** The service's name, not its ARN. It exists already. */
  readonly service: string;
  /** The containers that are deployed, by their name in the task definition; others stay as they are. */
  readonly containers: Readonly<Record<string, ContainerInput>>;
  /**
   * CloudWatch alarms, metric or composite, by name. One that rises during a release or its bake
   * brings the last proven release back. A service without alarms says so: `noAlarms('why')`.
   */
  readonly alarms: readonly [string, ...string[]] | NoAlarms;
  /** How ECS rolls out. What is left out stays as the service has it. */
  readonly rollout?: RolloutInput | undefined;
  /**
   * How traffic comes to a release: `rolling()`, `blueGreen({ … })`, `canary({ … })`, `linear({ … })` or `judged()`.
   * Default: ECS's rolling update.
   */
  readonly strategy?: Rolling | Strategy | 'rolling' | undefined;
  /**
   * Compares each release with the revision before it, over the same minutes (docs/judge.md). watch: says
   * what it would have done. act: rolls back what is worse, and holds an alarm that rises for both. Default
   * watch with a strategy that shifts traffic, and off with `rolling()`, where nothing can be compared.
   */
  readonly judge?: 'off' | 'watch' | 'act' | undefined;
  /**
   * With `judge: 'act'`: a share that the judge could not call harmless within twenty minutes. proceed: it grows
   * by one step, and is judged again. hold: it stays until the judge can say it. Default: proceed if some minute
   * of it was measured, and hold if none was.
   */
  readonly afterInconclusive?: 'proceed' | 'hold' | undefined;
  /**
   * The judge compares slow answers, too: those that take longer than this, 1 to 600000 ms. The 95th percentile of
   * what runs is a good one. Default: errors alone are compared.
   */
  readonly slowMs?: number | undefined;
  /**
   * With `judge: 'act'`: before the first step GETs of our own to the test listener, which must be reached from the
   * internet (docs/judge.md). A release that fails them goes back before anybody has met it. Default: none.
   */
  readonly ownRequests?: OwnRequestsInput | undefined;
  /** How long a release is watched after ECS says that it succeeded, 1 to 1440. Default 10. */
  readonly bakeMinutes?: number | undefined;
  /** This many failed tasks between start and end of bake condemn a release, 1 to 1000. Default 3. */
  readonly maxTaskFailures?: number | undefined;
  /** A rollout that takes longer is given up and rolled back, 1 to 1440. Default 60. */
  readonly rolloutMinutes?: number | undefined;
  /** A way back that takes longer is given up for the next one, 1 to 1440. Default 30. */
  readonly rollbackMinutes?: number | undefined;
  /**
   * A new image while one of the alarms is red. proceed: it starts, since it may be the fix, and is
   * proven when the alarm has been OK for the bake. hold: it waits until the alarm is OK. What a
   * person deploys is not held for alarms. Default proceed.
   */
  readonly whileAlarmRed?: Rules['whileAlarmRed'] | undefined;
  /** How long an image may be held for its alarms, 1 to 10080 minutes. Default 240. */
  readonly holdMinutes?: number | undefined;
  /** When it has lasted that long: refuse the image, go on with it, or ask a person. Default ask. */
  readonly afterHold?: Rules['afterHold'] | undefined;
  /**
   * What an image's scan in ECR may have found, basic or enhanced; of a multi-arch image that of the
   * platform which the service runs. Without it nobody asks. A deploy by hand is held to it as well,
   * a rollback is not.
   */
  readonly scan?: ScanInput | undefined;
  /**
   * Who must have signed an image, with cosign or another tool of Sigstore. Without it nobody asks.
   * A deploy by hand is held to it as well, a rollback is not.
   */
  readonly signature?: SignatureInput | undefined;
  /** What a second person must approve here, in place of what the pipeline says; `{}`: nothing. */
  readonly approvals?: ApprovalsInput | undefined;
  /**
   * Targets that must have proven an image, the same digest, before it starts here by itself, and how long it
   * must have stood there since, 0 to 10080 minutes (default 0). What a person deploys does not wait.
   */
  readonly after?:
    | readonly string[]
    | { readonly targets: readonly string[]; readonly soakMinutes?: number | undefined }
    | undefined;
  /** Times in which nothing new starts here, in place of what the pipeline says; `'none'`: none. */
  readonly freeze?: FreezeInput | 'none' | undefined;
  /**
   * Targets with the same name here take commands by a queue of their own, `slipway-commands-<name>`, and
   * by no other: so IAM says who may command which targets. Default: the queue of all others.
   */
  readonly commandQueue?: string | undefined;
  /**
   * A task that is run once for each release, by its new revision and before any of its tasks serve: a
   * migration of the database. When it fails, the release is refused.
   */
  readonly migration?: MigrationInput | undefined;
  /**
   * The task definition in git: a file of JSON in the repository of the source, read at the commit of the image.
   * What it names is taken, what it does not name stays as it runs (docs/recipes/definition-in-git.md). Default: a release
   * changes images and nothing else.
   */
  readonly definition?: string | DefinitionInput | undefined;
  /**
   * A tag or a release: what was proven before it cannot be returned to, since it changed something that
   * older versions do not know. No rollback crosses it, unless a person names a release below it.
   */
  readonly notSafeBelow?: string | undefined;
  /** watch: say what would be done, and change nothing in AWS. act: deploy and roll back. Default watch. */
  readonly mode?: Rules['mode'] | undefined;
}

export interface DefinitionInput {
  /** Its path in the repository: `web/taskdef.json`. */
  readonly file: string;
  /** The container whose image's commit counts; needed with several containers. */
  readonly of?: string | undefined;
  /**
   * What stays as it runs, whatever the file says, since Terraform or CDK owns it: `taskRoleArn`,
   * `containerDefinitions.*.logConfiguration`, `containerDefinitions.app.environment.DATABASE_URL`.
   */
  readonly leave?: readonly string[] | undefined;
}

export interface FreezeInput {
  /** Of the IANA database: `Europe/Berlin`. Its change of clocks is minded. */
  readonly timeZone: string;
  /** 1 to 20. Those that follow each other without a gap are one. */
  readonly windows: readonly {
    /** A time of each day (`18:00`), of each week (`Fri 16:00`), or once (`2026-12-24 18:00`, or the day alone). */
    readonly from: string;
    /** Of the same kind as `from`; a day alone is frozen to its end. */
    readonly to: string;
    /** Told to whoever waits, 1 to 100 characters. */
    readonly because: string;
  }[];
}

export interface MigrationInput {
  /** What runs in place of the container's own command: `['npm', 'run', 'migrate']`. */
  readonly command: readonly string[];
  /** In which container; the others of the task definition run beside it. */
  readonly container: string;
  /** It must have ended well by then, 1 to 240. Default 15. It is not stopped in the middle. */
  readonly minutes?: number | undefined;
  /** The log group of that container: Slipway may read it, and tells its last lines when it fails. */
  readonly logGroup?: string | undefined;
}

export interface ContainerInput {
  /** The name of the ECR repository, slashes included: `shop/web`. */
  readonly repository: string;
  /**
   * Which tags deploy: `{ glob: 'main-*' }`, several in a list; `{ semver: '>=1.2' }`, without
   * pre-releases; `{ regex: '^build-(\\d+)$' }`, which is anchored only where it says so.
   */
  readonly tags: TagFilter;
  /**
   * Which of two images is newer: the one pushed later, the one of the higher version, the one of
   * the higher number, or the one built from the later commit. Version and number are the first
   * capture group of a regex; without one, the whole tag and its last group of digits (at most 15).
   * Default: the later commit when a source builds this repository, else the later push.
   */
  readonly newer?: Newer | undefined;
  /**
   * Only what Slipway built starts by itself: whoever may push to the repository deploys nothing with
   * that. A person may still deploy any image of the repository by hand. Default: true when a source
   * builds this repository. False: what is pushed is deployed, whoever pushed it.
   */
  readonly onlyBuilt?: boolean | undefined;
  /**
   * The source, and globs of its branches, whose images start by themselves here: a tag is a text, and
   * another branch may be named so that its tag looks like that of `main`. Default: any ref that is built.
   */
  readonly from?: FromInput | undefined;
}

export interface FromInput {
  /** The name of a source that builds this repository. */
  readonly source: string;
  /** Globs of branches; `*` does not cross a slash. */
  readonly branches: readonly string[];
}

export interface ScanInput {
  /**
   * The highest severity that is let through: INFORMATIONAL < LOW < MEDIUM < HIGH < CRITICAL. A
   * finding that nobody has ranked yet (UNDEFINED, UNTRIAGED) is below all of them. NONE: no finding
   * at all. CRITICAL: any finding, but there must be a scan.
   */
  readonly highest: ScanRules['highest'];
  /** Findings that are let through all the same, each until the end of a day (UTC) and for a reason. */
  readonly except?: ScanRules['except'] | undefined;
  /** How long an image waits for its scan, from when it was offered, 1 to 1440. Default 30. */
  readonly waitMinutes?: number | undefined;
  /**
   * When it has waited that long: refuse the image, go on without a scan, or ask a person. Default ask.
   * Of an image that cannot be scanned, `proceed` asks as well: who pushes it chooses that.
   */
  readonly afterWait?: ScanRules['afterWait'] | undefined;
  /** An older result counts as none, 1 to 365: have the image scanned again. Default: however old. */
  readonly notOlderThanDays?: number | undefined;
}

export type SignatureInput = (KeyInput | IdentityInput) & {
  /** One signs after the push: so long an image may be unsigned, 0 to 1440 minutes. Default 10. */
  readonly waitMinutes?: number | undefined;
};

interface KeyInput {
  /** ECDSA or RSA, PEM, as `cosign public-key` prints it. The key is the whole trust: no log is asked. */
  readonly publicKey: string;
}

/** Keyless: a certificate of Sigstore's public instance, in its transparency log. */
interface IdentityInput {
  /** Who vouches for the signer: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /**
   * Who signs, exactly as the certificate has it, or an expression for the whole of it:
   * `{ regex: 'https://github\\.com/acme/.*' }`.
   */
  readonly identity: string | { readonly regex: string };
}

export interface RolloutInput {
  /** Tasks that must stay healthy, in percent of the desired count, rounded up; 0 to 100. */
  readonly minimumHealthyPercent?: number | undefined;
  /** Tasks that may exist, in percent of the desired count, rounded down; 100 to 1000. */
  readonly maximumPercent?: number | undefined;
  /** ECS's own guard against tasks that do not start or do not get healthy. */
  readonly circuitBreaker?: CircuitBreakerInput | undefined;
  /** ECS's own bake, before it says that a rollout succeeded, 0 to 1440. Default: as the service has it. */
  readonly ecsBakeMinutes?: number | undefined;
}

export interface CircuitBreakerInput {
  readonly enable: boolean;
  /** true (ECS's default): a healthy task sets the count of failures back to 0. */
  readonly resetOnHealthyTask?: boolean | undefined;
  /** COUNT: so many failures. The others: percent of the desired count, BOUNDED to 3 to 200. */
  readonly threshold?: NonNullable<CircuitBreaker['threshold']> | undefined;
}

/** Made by `noAlarms`. */
export interface NoAlarms {
  readonly noAlarmsBecause: string;
}

/** Made by `ecsService`. Other types of target come later. */
export interface EcsServiceTarget extends EcsServiceInput {
  readonly type: 'ecs-service';
}
