/**
 * The EventBridge patterns and the queues: what reaches which function. Read by the infrastructure
 * and by the local world alike, so that an event travels the same way in both. Only what the config
 * names is asked for, in the configured account and region.
 */
import type { Pipeline, Target } from '../config/config.ts';
import type { Message } from '../edge/message.ts';
import { clusterArn, repositoryArn, serviceArn } from '../parsing/names.ts';
import { type Named, prefixOf } from '../parsing/pipeline-name.ts';

/** EventBridge's limit for one pattern, in characters of JSON. */
export const PATTERN_MAX = 2_048;

/**
 * Rules for one list of names; a bus has 300 for everybody. Longer lists are cut to common
 * beginnings, and the functions, which search the config anyway, leave out what is not ours.
 */
export const RULES_MAX = 20;

export interface Route {
  /** Of the rule: `image-pushed-1`. */
  readonly name: string;
  readonly function: 'image-pushed' | 'rollout-changed' | 'alarm-changed' | 'build-changed';
  readonly pattern: Pattern;
}

export interface Pattern {
  readonly [field: string]: Pattern | readonly Condition[];
}

type Condition = string | { readonly prefix: string } | { readonly exists: boolean };

/**
 * Two queues for what happens to targets, so that no alarm waits behind a thousand pushes; one for
 * `build`, which must not be able to deploy; one for what GitHub is told, which may be out of reach for
 * hours.
 */
export type FunctionQueue = 'urgent' | 'releases' | 'builds' | 'feedback';

/** And one for what persons say, to which no function of ours may send. */
export type Queue = 'commands' | FunctionQueue;

/** That of the targets without one of their own, or of those that name the same: `commands-shop`. */
export type CommandQueue = 'commands' | `commands-${string}`;
export type AnyQueue = CommandQueue | FunctionQueue;

/** Each has a dead-letter queue beside it. */
export function queueName(pipeline: Named, queue: AnyQueue): string {
  return `${prefixOf(pipeline)}-${queue}`;
}

export function deadLetterQueueName(pipeline: Named, queue: AnyQueue): string {
  return `${queueName(pipeline, queue)}-dead`;
}

/** Whoever may send to it commands this target, and those that share it. */
export function commandQueueOf({ commandQueue }: Pick<Target, 'commandQueue'>): CommandQueue {
  return commandQueue === undefined ? 'commands' : `commands-${commandQueue}`;
}

export function commandQueuesOf({ targets }: Pick<Pipeline, 'targets'>): readonly CommandQueue[] {
  const own = Object.values(targets).map(commandQueueOf);
  return ['commands', ...sorted(own.filter((queue) => queue !== 'commands'))] as CommandQueue[];
}

/** What its size and its reader are told by. */
export function kindOf(queue: AnyQueue): Queue {
  return queue === 'commands' || queue.startsWith('commands-')
    ? 'commands'
    : (queue as FunctionQueue);
}

/** The queues of this pipeline: without sources nothing is built, and nobody waits to be told. */
export function queuesOf(pipeline: Pick<Pipeline, 'sources' | 'targets'>): readonly AnyQueue[] {
  const always = [...commandQueuesOf(pipeline), 'urgent', 'releases'] as const;
  return Object.keys(pipeline.sources).length === 0 ? always : [...always, 'builds', 'feedback'];
}

/** Those that `tick` sends looks to. */
export function lookQueuesOf(pipeline: Pick<Pipeline, 'sources'>): readonly FunctionQueue[] {
  const always = ['urgent', 'releases'] as const;
  return Object.keys(pipeline.sources).length === 0 ? always : [...always, 'builds'];
}

/** Those that `image-pushed` sends to: of what others build, the commit is to be found. */
export function imageQueuesOf({ sources }: Pick<Pipeline, 'sources'>): readonly FunctionQueue[] {
  const always = ['urgent', 'releases'] as const;
  return Object.values(sources).some(({ rules }) => rules.elsewhere !== undefined)
    ? [...always, 'builds']
    : always;
}

/** urgent: alarms, and hints of targets that are on their way back. */
export function queueFor(message: Message): 'commands' | 'urgent' | 'releases' {
  switch (message.type) {
    case 'CommandReceived':
      return 'commands';
    case 'AlarmChanged':
      return 'urgent';
    case 'Hinted':
      return message.urgent === true ? 'urgent' : 'releases';
    case 'ImagePushed':
      return 'releases';
  }
}

/** The rules of this pipeline, in an order that does not change while the config does not. */
export function routes(pipeline: Pipeline): readonly Route[] {
  const targets = Object.values(pipeline.targets);
  const repositories = targets.flatMap(({ rules }) =>
    Object.values(rules.containers).map(({ repository }) => repository),
  );
  const services = targets.map(({ cluster, service }) => serviceArn(pipeline, cluster, service));
  const groups = targets.map(({ service }) => `service:${service}`);
  const projects = Object.values(pipeline.sources).flatMap(({ rules }) =>
    Object.values(rules.images).map(({ project }) => project),
  );
  const clusters = sorted(targets.map(({ cluster }) => clusterArn(pipeline, cluster)));
  const from = (source: string, ...detailTypes: string[]) => ({
    source: [source],
    'detail-type': detailTypes,
    account: [pipeline.account],
    region: [pipeline.region],
  });

  const scanned = targets
    .filter(({ rules }) => rules.scan !== undefined)
    .flatMap(({ rules }) => Object.values(rules.containers).map(({ repository }) => repository));

  return [
    ...rules('image-pushed', 'image-pushed', repositories, (names) => ({
      ...from('aws.ecr', 'ECR Image Action'),
      detail: {
        'action-type': ['PUSH'],
        result: ['SUCCESS'],
        'image-tag': [{ exists: true }],
        ...(names && { 'repository-name': names }),
      },
    })),
    ...rules('image-pushed', 'image-scanned', scanned, (names) => ({
      ...from('aws.ecr', 'ECR Image Scan'),
      ...(names && { detail: { 'repository-name': names } }),
    })),
    ...rules(
      'image-pushed',
      'image-scanned-enhanced',
      scanned.map((name) => repositoryArn(pipeline, name)),
      (arns) => ({
        ...from('aws.inspector2', 'Inspector2 Scan'),
        ...(arns && { detail: { 'repository-name': arns } }),
      }),
    ),
    ...rules('rollout-changed', 'rollout-changed-service', services, (arns) => ({
      ...from('aws.ecs', 'ECS Deployment State Change', 'ECS Service Action'),
      ...(arns && { resources: arns }),
    })),
    ...rules('rollout-changed', 'rollout-changed-task', groups, (names) => ({
      ...from('aws.ecs', 'ECS Task State Change'),
      // A task that starts or runs tells nothing that the service's own events do not.
      detail: {
        ...(areFew(clusters) && { clusterArn: clusters }),
        lastStatus: ['STOPPED'],
        group: names ?? [{ prefix: 'service:' }],
      },
    })),
    ...rules(
      'alarm-changed',
      'alarm-changed',
      targets.flatMap(({ rules: { alarms } }) => alarms),
      (names) => ({
        ...from('aws.cloudwatch', 'CloudWatch Alarm State Change'),
        ...(names && { detail: { alarmName: names } }),
      }),
    ),
    ...rules('build-changed', 'build-changed', projects, (names) => ({
      ...from('aws.codebuild', 'CodeBuild Build State Change'),
      ...(names && { detail: { 'project-name': names } }),
    })),
  ];
}

/** A rule on the bus of our own announcements, whose events go straight into a queue. */
export interface AnnouncementRoute {
  readonly name: string;
  readonly queue: 'feedback';
  readonly pattern: Pattern;
}

/** All that is announced; undefined: of no image is the commit known, so nobody waits to be told. */
export function announcementRoute({
  sources,
  account,
  region,
}: Pick<Pipeline, 'sources' | 'account' | 'region'>): AnnouncementRoute | undefined {
  if (Object.keys(sources).length === 0) return undefined;
  const pattern = { source: ['slipway'], account: [account], region: [region] };
  return { name: 'feedback', queue: 'feedback', pattern };
}

/** The rule on our bus whose events go to `notice`. */
export interface NoticeRoute {
  readonly name: string;
  readonly function: 'notice';
  readonly pattern: Pattern;
}

/** Of targets, the kinds that somebody wants; undefined: nobody wants to be told. */
export function noticeRoute({
  notices,
  account,
  region,
}: Pick<Pipeline, 'notices' | 'account' | 'region'>): NoticeRoute | undefined {
  if (notices === undefined) return undefined;
  const detail = { key: [{ prefix: 'ecs/' }], kind: notices.of };
  const pattern = { source: ['slipway'], account: [account], region: [region], detail };
  return { name: 'announced-notice', function: 'notice', pattern };
}

/** As few rules as hold all names; `undefined` asks for a pattern without them. */
function rules(
  to: Route['function'],
  name: string,
  names: readonly string[],
  patternOf: (names: readonly Condition[] | undefined) => Pattern,
): readonly Route[] {
  if (names.length === 0) return [];
  const room = PATTERN_MAX - JSON.stringify(patternOf([])).length;
  const lists = listsOf(sorted(names), room) ?? [undefined];
  return lists.map((list, index) => ({
    name: `${name}-${index + 1}`,
    function: to,
    pattern: patternOf(list),
  }));
}

/**
 * The names in lists that have room in a pattern, cut as little as `RULES_MAX` asks for; `undefined`
 * when not even their first letters have room. The longer the beginnings, the more lists.
 */
function listsOf(names: readonly string[], room: number): readonly Condition[][] | undefined {
  const listsFor = (length: number) => {
    const lists = split(cutTo(length, names), room);
    return lists === undefined || lists.length > RULES_MAX ? undefined : lists;
  };
  const longest = Math.max(...names.map((each) => each.length));
  const whole = listsFor(longest);
  if (whole !== undefined) return whole;
  let best: readonly Condition[][] | undefined;
  let [fits, tooLong] = [0, longest];
  while (tooLong - fits > 1) {
    const length = Math.floor((fits + tooLong) / 2);
    const lists = listsFor(length);
    if (lists === undefined) tooLong = length;
    else [fits, best] = [length, lists];
  }
  return best;
}

function cutTo(length: number, names: readonly string[]): readonly Condition[] {
  const prefixes = new Set(
    names.filter((each) => each.length > length).map((each) => each.slice(0, length)),
  );
  const whole = names.filter((each) => each.length <= length && !prefixes.has(each));
  return [...whole, ...[...prefixes].map((prefix) => ({ prefix }))];
}

/** `undefined`: one of them alone has no room. */
function split(conditions: readonly Condition[], room: number): Condition[][] | undefined {
  const lists: Condition[][] = [];
  let left = 0;
  for (const condition of conditions) {
    // With the comma before the next.
    const size = JSON.stringify(condition).length + 1;
    if (size > room) return undefined;
    if (lists.length === 0 || size > left) {
      lists.push([]);
      left = room;
    }
    lists.at(-1)?.push(condition);
    left -= size;
  }
  return lists;
}

/** Half of a pattern at most, so that there is room for the services. */
function areFew(clusters: readonly string[]): boolean {
  return JSON.stringify(clusters).length <= PATTERN_MAX / 2;
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
