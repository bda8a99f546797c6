/** `slipway doctor`: all that must be so for a release and its way back, each with what mends it. */
import { Option } from 'commander';
import type { Target } from '../shared/config/config.ts';
import type { TaskRights } from '../shared/core/model/rules.ts';
import { type CommandDefinition, GROUPS, TARGET } from './command.ts';
import { type Connection, connect } from './connect/connection.ts';
import { type CommonOptions, commonOptions } from './connect/options.ts';
import { targetsNamed } from './connect/targets.ts';
import type { Examined } from './doctor/check.ts';
import { EXIT, type ExitCode } from './output/exit.ts';
import { withProgress } from './output/progress.ts';

export const doctorCommand: CommandDefinition = {
  usage: 'doctor [target]',
  group: GROUPS.look,
  about: 'looks whether a release and its way back would work, with what mends each trouble',
  more: 'Reads only, with your rights; what they do not show is skipped and says which one is missing. Exit code 1: something failed.',
  arguments: { target: `${TARGET}; all of them unless named` },
  options: [
    new Option('--all', 'show what is well, too'),
    new Option('--secret-keys', 'read secrets for the names of their keys; no value is shown'),
  ],
  examples: ['slipway doctor', 'slipway doctor web --all --local'],
  run: async ([target], given) => {
    const asked = { all: given.all === true, readsSecrets: given.secretKeys === true };
    const options = { ...commonOptions(given), ...asked };
    return await doctor(await connect(options, target), target, options);
  },
};

export interface DoctorOptions extends CommonOptions {
  readonly all: boolean;
  readonly readsSecrets: boolean;
}

/** Targets that are looked at at a time: ECS lets an account read some tens a second. */
const AT_ONCE = 4;

export async function doctor(
  connection: Connection,
  name: string | undefined,
  options: DoctorOptions,
): Promise<ExitCode> {
  const targets = targetsNamed(connection.pipeline, name);
  const found = await withProgress('looking at everything', () =>
    examine(connection, targets, options.readsSecrets),
  );
  const { tellDoctor } = await import('./doctor/tree.ts');
  return tellDoctor(connection, found, options) ? EXIT.done : EXIT.no;
}

/** All that is looked at, of Slipway itself first. */
export async function examine(
  connection: Connection,
  targets: readonly Target[],
  readsSecrets: boolean,
): Promise<readonly Examined[]> {
  const [{ examineTarget }, { examineStack, readRecords }] = await Promise.all([
    import('./doctor/examine-target.ts'),
    import('./doctor/examine-stack.ts'),
  ]);
  const { aws } = connection;
  const names = [...new Set(targets.flatMap(({ rules }) => rules.alarms))];
  const [examiner, records, rights, alarms] = await Promise.all([
    aws.examiner(),
    readRecords(connection),
    rightsOf(connection),
    names.length === 0 ? {} : aws.alarms.states(names),
  ]);
  const now = connection.now();
  const [days, vcpus] = await Promise.all([
    examiner.alarmDays(names, now),
    examiner.fargateVcpus(now),
  ]);
  const seen = { alarms, days, vcpus, rights, readsSecrets };
  const examining = { connection, examiner, eyes: aws.eyes(), ...seen };
  const found: Examined[] = [
    { target: null, groups: [await examineStack(connection, records, examiner)] },
  ];
  for (let from = 0; from < targets.length; from += AT_ONCE) {
    const some = targets.slice(from, from + AT_ONCE).map(async (target) => ({
      target: target.id,
      groups: await examineTarget(examining, target, records.records?.get(target.key)),
    }));
    found.push(...(await Promise.all(some)));
  }
  return found;
}

/** What the policies of `reconcile` are made from; the local AWS makes its own. */
async function rightsOf({ isLocal, pipeline }: Connection): Promise<TaskRights | undefined> {
  if (isLocal) return undefined;
  const { roleArn } = await import('../infra/names.ts');
  const all = Object.values(pipeline.infra.taskDefinitions ?? {});
  return {
    families: all.map(({ family }) => family),
    roles: all.flatMap(({ roles }) => roles.map((role) => roleArn(pipeline, role))),
  };
}
