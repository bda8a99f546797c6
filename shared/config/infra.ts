/**
 * `infra` of the config: what only the infrastructure needs to know, the rights of `reconcile` first. The
 * part that your security team reads. Here stands which shape it has; what could not work in the account
 * of this pipeline is refused by infra/settings-check.ts, before anything is created.
 */
import * as z from 'zod';
import { ECS_NAME } from '../parsing/names.ts';
import { account, externalId, pipelineName, region } from './promotion/upstream.ts';
import { byName, entries, oneOf, settings } from './settings.ts';

export interface Settings {
  /**
   * For each target that acts (mode 'act'), by its name. Slipway registers
   * revisions of these families only, and hands no other role to a task.
   */
  readonly taskDefinitions?: Readonly<Record<string, TaskDefinitionRights>>;
  /** Name of the table; another one after a restore: docs/restore.md. Default `slipway`. */
  readonly table?: string;
  /** Who speaks to Slipway, by roles: names, with the path if they have one, or ARNs; `*` for a part. */
  readonly people?: PeopleSettings;
  /** Where announcements are kept so that no role of this account can change them. Default: nowhere. */
  readonly trail?: TrailSettings;
  /** ARNs of the customer keys of KMS under which the secrets for GitHub are, if they are under some. */
  readonly secretKeys?: readonly string[];
  /** Name or ARN of a managed policy that bounds every role of the stack. */
  readonly permissionsBoundary?: string;
  /** ARN of an SNS topic for the alarms that watch the pipeline itself. Without one they show on the dashboard only. */
  readonly alarmTopic?: string;
  /** How long the functions' logs are kept. Default 30; one of the numbers that CloudWatch Logs has. */
  readonly logDays?: number;
  /** How long history entries are kept, 1 to 3650. Default 90. */
  readonly historyDays?: number;
  /**
   * How many messages of each queue are handled at a time, 2 to 100. The sum of `urgent`,
   * `releases` and `commands` is reserved from the account's Lambda concurrency, of which Lambda wants
   * 100 left over. Default 10, 10 and 2. `alarms`, 1 to 100, is how many alarms
   * are heard at a time: 10, reserved as well. Only with sources: `builds` 5, `feedback` 2; and `webhook`, 1 to 100, is how many deliveries
   * of GitHub are answered at a time, by default 10, which are reserved as well.
   */
  readonly concurrency?: {
    readonly urgent?: number;
    readonly releases?: number;
    readonly commands?: number;
    readonly builds?: number;
    readonly feedback?: number;
    readonly alarms?: number;
    readonly webhook?: number;
  };
  /** Of the CodeBuild projects that the stack makes for the sources. */
  readonly builds?: BuildSettings;
  /**
   * Pipelines of other accounts that may read what is proven here (their `upstream`): for each account a role
   * that its function `reconcile` alone takes on, with the external id, and that reads those records alone.
   */
  readonly readBy?: readonly ReaderSettings[];
}

export interface ReaderSettings {
  readonly account: string;
  /** Where that pipeline is. Default: the region of this one. */
  readonly region?: string;
  /** Its `name`; left out where it has none. */
  readonly pipeline?: string;
  /** A text of 8 to 128 characters that nobody guesses; its `upstream` says the same. */
  readonly externalId: string;
  /** Targets of this config whose records it reads. Default: all. */
  readonly targets?: readonly string[];
}

export interface PeopleSettings {
  /**
   * They alone may send commands. Without it everybody in the account may whose own policies allow it;
   * Slipway's own roles never.
   */
  readonly command?: readonly string[];
  /**
   * By the name of a queue of commands (`commandQueue` of targets): they may send to that one as well, and
   * where some are named for it, nobody else but those of `command` may.
   */
  readonly commandQueues?: Readonly<Record<string, readonly string[]>>;
  /** They may also put dead letters back, and write the table: docs/break-glass.md. */
  readonly breakGlass?: readonly string[];
}

export interface TrailSettings {
  /** A bucket of your own with object lock, in this account or another one; without it the stack makes one. */
  readonly bucket?: string;
  /** How long the stack's own bucket keeps each object, whoever asks: 1 to 36500 days. Default 365. */
  readonly days?: number;
}

export interface BuildSettings {
  /**
   * ARN of a connection of CodeConnections to GitHub, whose app may read the repositories. A public
   * repository needs none; without one CodeBuild uses the account's own credential, if it has one.
   */
  readonly codeConnectionArn?: string;
  /** Size of the machine: SMALL has 2 processors and 3 or 4 GB, each next one about twice that. Default MEDIUM. */
  readonly compute?: 'SMALL' | 'MEDIUM' | 'LARGE' | 'XLARGE' | '2XLARGE';
  /** A build that takes longer is ended by CodeBuild, 5 to 2160. Default 60. */
  readonly timeoutMinutes?: number;
  /**
   * Builds of one project at a time, 1 to 1000; a further one is refused by CodeBuild and tried again
   * by us. Without it they queue for the account's own limit, above which this may not be: a new account's
   * may be 1, so there is no default. Of each branch five builds of an image run at a time in any case.
   */
  readonly parallel?: number;
  /**
   * Why the builds of all refs of a source may share their layers, although what one build leaves there
   * the next one takes. Without it only sources that build one single ref keep layers.
   */
  readonly sharedLayersBecause?: string;
  /**
   * Images of the tools that build, each by its digest. Those of Docker Hub are pulled without a login,
   * which has a limit.
   */
  readonly tools?: Partial<BuildTools>;
  /**
   * ECR repositories of this account and region that builds may pull from: base images, or a pull
   * through cache of Docker Hub. Names, `*` for a part: `docker-hub/*`.
   */
  readonly pullsFrom?: readonly string[];
}

export interface BuildTools {
  /** Default `moby/buildkit:v0.33.1`. */
  readonly buildkit: string;
  /** Writes the SBOM. Default `docker/buildkit-syft-scanner:stable-1`. */
  readonly sbom: string;
  /** Emulates ARM on x86 for images of two platforms. Default `tonistiigi/binfmt:qemu-v10.2.3`. */
  readonly emulator: string;
}

export interface TaskDefinitionRights {
  /** `family` in the service's task definition; its ARN ends in `task-definition/<family>:<number>`. */
  readonly family: string;
  /** `taskRoleArn` and `executionRoleArn` of the task definition, by name; with the path, if they have one. */
  readonly roles: readonly string[];
  /** Its containers are privileged, which they can be on EC2 only. Default false: then Slipway may not register such a revision. */
  readonly privileged?: boolean;
}

const text = (what: string) => z.string({ error: what });
const number = z.number({ error: 'a number' });
const texts = (what: string) =>
  entries(z.array(text(what), { error: `a list; each of it ${what}` }));
const people = texts("a role, by its name or ARN, like 'deployers'");
const image = text("an image by its digest: 'name@sha256:…'").optional();

const taskDefinition = settings("{ family: 'web', roles: ['web-task', 'web-execution'] }", {
  family: text("the family of its task definition, like 'web'"),
  roles: texts("a role's name, with its path if it has one"),
  privileged: z.boolean({ error: 'true or false' }).optional(),
});

const concurrency = settings('{ urgent: 10, releases: 10 }', {
  urgent: number.optional(),
  releases: number.optional(),
  commands: number.optional(),
  builds: number.optional(),
  feedback: number.optional(),
  alarms: number.optional(),
  webhook: number.optional(),
});

const builds = settings("{ compute: 'MEDIUM' }", {
  codeConnectionArn: text('the ARN of a connection of CodeConnections').optional(),
  compute: oneOf(['SMALL', 'MEDIUM', 'LARGE', 'XLARGE', '2XLARGE']).optional(),
  timeoutMinutes: number.optional(),
  parallel: number.optional(),
  sharedLayersBecause: text('the reason, in words').optional(),
  tools: settings("{ buildkit: 'moby/buildkit@sha256:…' }", {
    buildkit: image,
    sbom: image,
    emulator: image,
  }).optional(),
  pullsFrom: texts('the name of an ECR repository, with * for a part of it').optional(),
});

export const infraSchema = settings("{ taskDefinitions: { web: { family: '…', roles: ['…'] } } }", {
  taskDefinitions: byName(
    'the name of a target',
    ECS_NAME,
    taskDefinition,
    "{ web: { family: '…', roles: ['…'] } }",
  ).optional(),
  table: text('the name of a DynamoDB table').optional(),
  people: settings("{ command: ['deployers'] }", {
    command: people.optional(),
    commandQueues: byName(
      'the name of a commandQueue',
      ECS_NAME,
      people,
      "{ shop: ['shop-deployers'] }",
    ).optional(),
    breakGlass: people.optional(),
  }).optional(),
  trail: settings('{ days: 365 }', {
    bucket: text('the name of a bucket, not its ARN').optional(),
    days: number.optional(),
  }).optional(),
  secretKeys: texts('the ARN of a key of KMS').optional(),
  permissionsBoundary: text('the name or ARN of a managed policy').optional(),
  alarmTopic: text('the ARN of an SNS topic').optional(),
  logDays: number.optional(),
  historyDays: number.optional(),
  concurrency: concurrency.optional(),
  builds: builds.optional(),
  readBy: entries(
    z.array(
      settings("{ account: '…', externalId: '…' }", {
        account,
        region: region.optional(),
        pipeline: pipelineName.optional(),
        externalId,
        targets: texts('the name of a target').optional(),
      }),
      { error: "a list, like [{ account: '…', externalId: '…' }]" },
    ),
  ).optional(),
});
