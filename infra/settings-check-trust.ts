/** Refuses settings of whom the stack trusts: persons, keys, a boundary, the place of the trail. */
import type { Pipeline } from '../shared/config/config.ts';
import type {
  PeopleSettings,
  ReaderSettings,
  Settings,
  TrailSettings,
} from '../shared/config/infra.ts';
import { type ConfigProblem, problem } from '../shared/config/problems.ts';
import { isPipeline } from '../shared/config/promotion/upstream.ts';
import { partitionOf } from '../shared/parsing/names.ts';
import { commandQueuesOf } from '../shared/runtime/routing.ts';
import { roleArn } from './names.ts';

/** ARNs, `*` for a part. */
export interface CheckedPeople {
  /** Absent: whoever the account's own policies allow it to. */
  readonly command?: readonly string[];
  /** By the name of a queue of commands. */
  readonly commandQueues: Readonly<Record<string, readonly string[]>>;
  readonly breakGlass: readonly string[];
}

export interface CheckedTrail {
  readonly bucket?: string;
  readonly days: number;
}

const TRAIL_DAYS = 365;
/** IAM: a name of up to 64 characters with a path before it; `*` for a part of one. */
const ROLE = /^(?:[\w+=,.@*-]{1,128}\/){0,8}[\w+=,.@*-]{1,64}$/;
const PERSON_ARN =
  /^arn:(?<partition>aws[a-z-]{0,20}):iam::(?<account>\d{12}):(?:role|user)\/(?<name>.+)$/;
const KEY = /^arn:(aws[a-z-]{0,20}):kms:([a-z0-9-]+):\d{12}:key\/[A-Za-z0-9-]{1,64}$/;
const POLICY_ARN = /^arn:(aws[a-z-]{0,20}):iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/;
const POLICY = /^(?:[\w+=,.@-]{1,128}\/){0,8}[\w+=,.@-]{1,128}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** CreateTable. */
const TABLE = /^[A-Za-z0-9_.-]{3,255}$/;

export function trustProblems(pipeline: Pipeline, settings: Settings): readonly ConfigProblem[] {
  const { table, people = {}, trail, secretKeys = [], permissionsBoundary } = settings;
  const at = (...path: readonly PropertyKey[]) => ['infra', ...path];
  const named = 'the name of a DynamoDB table: 3 to 255 letters, digits, _ . and -';
  return [
    ...(table === undefined || TABLE.test(table) ? [] : [problem(at('table'), table, named)]),
    ...(['command', 'breakGlass'] as const).flatMap((list) =>
      (people[list] ?? []).flatMap((person, index) =>
        isPerson(pipeline, person)
          ? []
          : [problem(at('people', list, index), person, personIn(pipeline))],
      ),
    ),
    ...Object.entries(people.commandQueues ?? {}).flatMap(([queue, list]) =>
      queueProblems(pipeline, at('people', 'commandQueues', queue), queue, list),
    ),
    ...(people.command?.length === 0
      ? [problem(at('people', 'command'), [], 'at least one role, or no such key')]
      : []),
    ...trailProblems(trail),
    ...readerProblems(pipeline, settings.readBy ?? []),
    ...secretKeys.flatMap((key, index) =>
      isKey(pipeline, key)
        ? []
        : [
            problem(
              at('secretKeys', index),
              key,
              `the ARN of a key of KMS in ${pipeline.region}: arn:…:kms:…:key/…`,
            ),
          ],
    ),
    ...(permissionsBoundary === undefined ||
    POLICY_ARN.test(permissionsBoundary) ||
    POLICY.test(permissionsBoundary)
      ? []
      : [
          problem(
            at('permissionsBoundary'),
            permissionsBoundary,
            'the name or ARN of a managed policy',
          ),
        ]),
  ];
}

/** Of a role's policies IAM takes 10,240 characters, and the rest of this one is some hundreds. (IAM quotas) */
const KEYS_MAX = 9_000;
const NEITHER_NONE_NOR_TOO_MANY =
  'at least one target, and no more than a policy has room for (some two hundred); or no such key: then all';

/** For each account there is one role, by its name. */
function readerProblems(
  own: Pipeline,
  readers: readonly ReaderSettings[],
): readonly ConfigProblem[] {
  const { targets } = own;
  const keyOf = (id: string) => (Object.hasOwn(targets, id) ? targets[id]?.key : undefined) ?? '';
  return readers.flatMap((reader, index) => {
    const { account, targets: ids } = reader;
    const at = (...rest: readonly PropertyKey[]) => ['infra', 'readBy', index, ...rest];
    const before = readers.slice(0, index).some((other) => other.account === account);
    const ownOne = 'another pipeline: in this one, `after` names the target itself';
    return [
      ...(isPipeline(own, reader) ? [problem(at('account'), account, ownOne)] : []),
      ...(before ? [problem(at('account'), account, 'each account once')] : []),
      ...(ids?.length === 0 || JSON.stringify(ids?.map(keyOf) ?? []).length > KEYS_MAX
        ? [problem(at('targets'), ids, NEITHER_NONE_NOR_TOO_MANY)]
        : []),
      ...(ids ?? []).flatMap((id, i) =>
        Object.hasOwn(targets, id)
          ? []
          : [
              problem(
                at('targets', i),
                id,
                `the name of a target; those are ${Object.keys(targets).join(', ')}`,
              ),
            ],
      ),
    ];
  });
}

function queueProblems(
  pipeline: Pipeline,
  path: readonly PropertyKey[],
  queue: string,
  list: readonly string[],
): readonly ConfigProblem[] {
  const known = commandQueuesOf(pipeline).flatMap((name) => name.split('commands-')[1] ?? []);
  if (!known.includes(queue)) {
    const names = known.length === 0 ? 'no target has one' : `those are ${known.join(', ')}`;
    return [problem(path, list, `people for a commandQueue of a target; ${names}`)];
  }
  if (list.length === 0) return [problem(path, [], 'at least one role, or no such key')];
  return list.flatMap((person, index) =>
    isPerson(pipeline, person) ? [] : [problem([...path, index], person, personIn(pipeline))],
  );
}

export function checkedPeople(pipeline: Pipeline, people: PeopleSettings = {}): CheckedPeople {
  const arns = (list: readonly string[]) => list.map((person) => personArn(pipeline, person));
  const { command, commandQueues = {}, breakGlass = [] } = people;
  return {
    ...(command === undefined ? {} : { command: arns(command) }),
    commandQueues: Object.fromEntries(
      Object.entries(commandQueues).map(([queue, list]) => [queue, arns(list)]),
    ),
    breakGlass: arns(breakGlass),
  };
}

export function checkedTrail({ bucket, days = TRAIL_DAYS }: TrailSettings): CheckedTrail {
  return { ...(bucket === undefined ? {} : { bucket }), days };
}

export function boundaryArn({ account, region }: Pipeline, policy: string): string {
  if (POLICY_ARN.test(policy)) return policy;
  return `arn:${partitionOf(region)}:iam::${account}:policy/${policy}`;
}

function personArn(pipeline: Pipeline, person: string): string {
  return PERSON_ARN.test(person) ? person : roleArn(pipeline, person);
}

/** Everybody is no person: `*` alone would say that nobody is refused. */
function isPerson({ account, region }: Pipeline, person: string): boolean {
  const arn = PERSON_ARN.exec(person)?.groups;
  if (arn !== undefined && (arn.account !== account || arn.partition !== partitionOf(region))) {
    return false;
  }
  const name = arn?.name ?? person;
  return ROLE.test(name) && !/^[*/]+$/.test(name);
}

function personIn({ account }: Pipeline): string {
  return `a role of account ${account}, by name or ARN, with * for a part, and not for all of it`;
}

function isKey({ region }: Pipeline, key: string): boolean {
  const [, partition, home] = KEY.exec(key) ?? [];
  return partition === partitionOf(region) && home === region;
}

function trailProblems(trail: TrailSettings | undefined): readonly ConfigProblem[] {
  if (trail === undefined) return [];
  const { bucket, days } = trail;
  const path = ['infra', 'trail'];
  return [
    ...(bucket === undefined || BUCKET.test(bucket)
      ? []
      : [problem([...path, 'bucket'], bucket, 'the name of a bucket, not its ARN')]),
    ...(bucket !== undefined && days !== undefined
      ? [problem([...path, 'days'], days, 'no such key: a bucket of your own has its own')]
      : []),
    ...(days === undefined || (Number.isInteger(days) && days >= 1 && days <= 36_500)
      ? []
      : [problem([...path, 'days'], days, 'whole days from 1 to 36500')]),
  ];
}
