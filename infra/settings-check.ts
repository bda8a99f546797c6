/** Refuses settings and targets that could not work, before anything is created. */
import { ConfigError, type Pipeline } from '../shared/config/config.ts';
import type { ReaderSettings, Settings, TaskDefinitionRights } from '../shared/config/infra.ts';
import { type ConfigProblem, problem } from '../shared/config/problems.ts';
import { defined } from '../shared/core/model/defined.ts';
import { partitionOf } from '../shared/parsing/names.ts';
import { HISTORY_DAYS } from '../shared/runtime/environment.ts';
import { roleArn, tableName } from './names.ts';
import { buildProblems, type CheckedBuilds, checkedBuilds } from './settings-check-builds.ts';
import {
  boundaryArn,
  type CheckedPeople,
  type CheckedTrail,
  checkedPeople,
  checkedTrail,
  trustProblems,
} from './settings-check-trust.ts';
import { type Concurrency, concurrencyOf, LOG_DAYS } from './sizes.ts';

/** Settings with every default filled in, and roles as ARNs. */
export interface CheckedSettings {
  readonly taskDefinitions: Readonly<Record<string, TaskDefinitionRights>>;
  readonly table: string;
  readonly people: CheckedPeople;
  readonly trail?: CheckedTrail;
  readonly readBy: readonly ReaderSettings[];
  readonly secretKeys: readonly string[];
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  readonly alarmTopic?: string;
  readonly logDays: number;
  readonly historyDays: number;
  readonly concurrency: Concurrency;
  readonly builds: CheckedBuilds;
}

/** RegisterTaskDefinition: up to 255 letters, digits, underscores and hyphens. */
const FAMILY = /^[A-Za-z0-9_-]{1,255}$/;
/** IAM: a name of up to 64 characters, and a path before it. */
const ROLE = /^(?:[\w+=,.@-]{1,128}\/){0,8}[\w+=,.@-]{1,64}$/;
const ROLE_ARN = /^arn:aws[a-z-]{0,20}:iam::(?<account>\d{12}):role\/(?<name>.+)$/;
const TOPIC = /^arn:(aws[a-z-]{0,20}):sns:([a-z0-9-]+):(\d{12}):[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/;
/** PutRetentionPolicy takes no other numbers. */
const LOG_DAYS_ALLOWED = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557],
  ...[2922, 3288, 3653],
];

/** Throws `ConfigError` with everything that is wrong, in the words that the pipeline config has. */
export function checkSettings(
  pipeline: Pipeline,
  settings: Settings = pipeline.infra,
): CheckedSettings {
  const problems = [
    ...Object.entries(pipeline.targets).flatMap(([id, target]) => [
      ...alarmProblems(id, target.rules.alarms),
      ...(target.rules.mode === 'act' ? rightsProblems(id, pipeline, settings) : []),
    ]),
    ...unknownTargets(pipeline, settings),
    ...topicProblems(pipeline, settings.alarmTopic),
    ...trustProblems(pipeline, settings),
    ...numberProblems(settings),
    ...buildProblems(pipeline, settings.builds ?? {}),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return defined({
    taskDefinitions: Object.fromEntries(
      Object.entries(settings.taskDefinitions ?? {}).map(([id, { roles, ...rights }]) => [
        id,
        { ...rights, roles: roles.map((role) => roleArn(pipeline, nameOf(role))) },
      ]),
    ),
    table: settings.table ?? tableName(pipeline),
    readBy: settings.readBy ?? [],
    people: checkedPeople(pipeline, settings.people),
    trail: settings.trail && checkedTrail(settings.trail),
    secretKeys: settings.secretKeys ?? [],
    permissionsBoundary:
      settings.permissionsBoundary && boundaryArn(pipeline, settings.permissionsBoundary),
    alarmTopic: settings.alarmTopic,
    logDays: settings.logDays ?? LOG_DAYS,
    historyDays: settings.historyDays ?? HISTORY_DAYS,
    concurrency: concurrencyOf(settings),
    builds: checkedBuilds(settings.builds ?? {}),
  });
}

/** DescribeAlarms finds alarms by name, in its own account and region. */
function alarmProblems(id: string, alarms: readonly string[]): readonly ConfigProblem[] {
  const expected =
    'the name of an alarm in the same account and region; alarms of others cannot be read';
  return alarms.flatMap((alarm, index) =>
    alarm.startsWith('arn:') ? [problem(['targets', id, 'alarms', index], alarm, expected)] : [],
  );
}

function rightsProblems(
  id: string,
  pipeline: Pipeline,
  { taskDefinitions = {} }: Settings,
): readonly ConfigProblem[] {
  const path = ['infra', 'taskDefinitions', id];
  const rights = taskDefinitions[id];
  if (rights === undefined) {
    const expected =
      `{ family: '…', roles: ['…'] }, since targets.${id} acts: without it Slipway may not ` +
      "register its revisions. Or let the target start with mode: 'watch'";
    return [problem(path, undefined, expected)];
  }
  const family = FAMILY.test(rights.family)
    ? []
    : [problem([...path, 'family'], rights.family, 'the family of its task definition')];
  return [
    ...family,
    ...rights.roles.flatMap((role, index) =>
      roleProblem([...path, 'roles', index], role, pipeline),
    ),
  ];
}

function roleProblem(
  path: readonly PropertyKey[],
  role: string,
  { account, region }: Pipeline,
): readonly ConfigProblem[] {
  const arn = ROLE_ARN.exec(role)?.groups;
  if (arn !== undefined && arn.account !== account) {
    return [problem(path, role, `a role of account ${account}: nobody may pass another one's`)];
  }
  const name = nameOf(role);
  if (name.startsWith('aws-service-role/')) {
    const expected = 'a role that tasks may have: a service-linked one cannot be passed';
    return [problem(path, role, expected)];
  }
  if (!ROLE.test(name) || (arn !== undefined && !role.startsWith(`arn:${partitionOf(region)}:`))) {
    const expected = "a role's name, with its path if it has one, without wildcards";
    return [problem(path, role, expected)];
  }
  return [];
}

function unknownTargets(
  pipeline: Pipeline,
  { taskDefinitions = {} }: Settings,
): readonly ConfigProblem[] {
  return Object.keys(taskDefinitions)
    .filter((id) => pipeline.targets[id] === undefined)
    .map((id) =>
      problem(
        ['infra', 'taskDefinitions', id],
        taskDefinitions[id],
        `a target of the config: ${Object.keys(pipeline.targets).join(' ')}`,
      ),
    );
}

function topicProblems(pipeline: Pipeline, topic: string | undefined): readonly ConfigProblem[] {
  if (topic === undefined) return [];
  const [, partition, region, account] = TOPIC.exec(topic) ?? [];
  const home = partitionOf(pipeline.region);
  if (partition === home && region === pipeline.region && account === pipeline.account) return [];
  const expected = `the ARN of an SNS topic in ${pipeline.account}, ${pipeline.region}: an alarm tells no other`;
  return [problem(['infra', 'alarmTopic'], topic, expected)];
}

function numberProblems({ logDays, historyDays, concurrency }: Settings): readonly ConfigProblem[] {
  const bad = (path: string, value: number | undefined, isGood: boolean, expected: string) =>
    value === undefined || isGood ? [] : [problem(['infra', ...path.split('.')], value, expected)];
  const within = (value: number | undefined, min: number, max: number) =>
    Number.isInteger(value) && Number(value) >= min && Number(value) <= max;
  const parallel = 'a whole number of messages from 2 to 100';
  const { commands, urgent, releases, builds, feedback, alarms, webhook } = concurrency ?? {};
  const some = 'a whole number from 1 to 100';
  return [
    ...bad('logDays', logDays, LOG_DAYS_ALLOWED.includes(logDays ?? 0), LOG_DAYS_ALLOWED.join(' ')),
    ...bad('historyDays', historyDays, within(historyDays, 1, 3650), 'whole days from 1 to 3650'),
    ...bad('concurrency.commands', commands, within(commands, 2, 100), parallel),
    ...bad('concurrency.urgent', urgent, within(urgent, 2, 100), parallel),
    ...bad('concurrency.releases', releases, within(releases, 2, 100), parallel),
    ...bad('concurrency.builds', builds, within(builds, 2, 100), parallel),
    ...bad('concurrency.feedback', feedback, within(feedback, 2, 100), parallel),
    ...bad('concurrency.alarms', alarms, within(alarms, 1, 100), some),
    ...bad('concurrency.webhook', webhook, within(webhook, 1, 100), some),
  ];
}

/** `team/web-task` of an ARN or of itself. */
function nameOf(role: string): string {
  return ROLE_ARN.exec(role)?.groups?.name ?? role;
}
