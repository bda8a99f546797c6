/** The cause of a release's end, out of its stopped tasks, the events of its service and what was announced. */
import { defined } from '../model/defined.ts';
import type { Moment } from '../model/image.ts';
import type { StoppedTask } from '../model/observation.ts';
import { causeOfServiceEvent, causeOfTask } from '../release/cause/cause.ts';
import { failureOf } from '../release/cause/diagnosis.ts';
import type { Cause } from '../release/cause/start-causes.ts';
import { isByAlarm, type LastRelease } from './last-release.ts';

export interface ServiceMessage {
  readonly at: Moment;
  readonly text: string;
}

export interface Facts {
  readonly last: LastRelease | undefined;
  /** Of its revision, newest last. */
  readonly tasks: readonly StoppedTask[];
  /** Since it began. */
  readonly messages: readonly ServiceMessage[];
}

export interface Diagnosis {
  readonly kind: Cause['kind'] | 'alarm' | 'person' | 'none';
  readonly says: string;
  readonly todo: string;
  readonly evidence: readonly Exhibit[];
  /** Whose log is worth reading; absent: no task of it failed, as far as ECS still knows. */
  readonly failed?: { readonly task: string; readonly container?: string };
}

export interface Exhibit {
  readonly from: 'Slipway' | 'CloudWatch' | 'stopped task' | 'service event' | 'load balancer';
  readonly text: string;
  readonly at?: Moment;
}

const EXHIBITS_MAX = 4;

export function diagnose({ last, tasks, messages }: Facts): Diagnosis {
  const failed = tasks.filter((task) => failureOf(task) !== undefined);
  const worst = failed.at(-1) ?? tasks.filter(isWorthTelling).at(-1);
  const evidence = exhibits(last, worst === undefined ? [] : [worst], messages);
  const because = last?.because;
  const byAlarm = isByAlarm(because);
  if (worst !== undefined && (!byAlarm || failed.length > 0)) {
    const cause = causeOfTask(worst);
    const same = failed.filter((task) => causeOfTask(task).kind === cause.kind).length;
    const count = same > 1 ? ` (${same} tasks)` : '';
    return { ...cause, says: `${cause.says}${count}`, evidence, failed: whoFailed(worst) };
  }
  const isGood = last?.became === 'proven' || last?.became === 'adopted';
  if (isGood) return { ...NOTHING, evidence };
  if (byAlarm) {
    return {
      kind: 'alarm',
      says: because,
      todo: 'compare what it answers with the release before; its log tells what the errors are',
      evidence,
    };
  }
  const event = messages
    .map(({ text }) => causeOfServiceEvent(text))
    .find((one) => one !== undefined);
  if (event !== undefined) return { ...event, evidence };
  if (because === undefined) return { ...NOTHING, evidence };
  const kind = /\basked: /.test(because) ? 'person' : 'none';
  const todo = 'see what was announced of it: slipway history';
  return { kind, says: because, todo, evidence };
}

const NOTHING = { kind: 'none', says: 'nothing speaks against it', todo: 'nothing' } as const;

/** What ECS took away, or could not start, though nobody is to blame for it. */
function isWorthTelling(task: StoppedTask): boolean {
  const { kind } = causeOfTask(task);
  return kind !== 'scaled-in' && kind !== 'stopped-by-person';
}

function whoFailed(task: StoppedTask): NonNullable<Diagnosis['failed']> {
  const container =
    failureOf(task)?.container ??
    task.containers.find(({ exitCode, reason }) => exitCode || reason)?.name ??
    task.containers[0]?.name;
  return defined({ task: task.id, container });
}

function exhibits(
  last: LastRelease | undefined,
  tasks: readonly StoppedTask[],
  messages: readonly ServiceMessage[],
): readonly Exhibit[] {
  const told = messages.filter(({ text }) => causeOfServiceEvent(text) !== undefined);
  const all: readonly Exhibit[] = [
    ...(last?.because === undefined
      ? []
      : [{ from: 'Slipway', text: last.because, at: last.at } as const]),
    ...(last?.aws === undefined ? [] : [{ from: 'CloudWatch', text: last.aws } as const]),
    ...tasks.map(exhibitOf),
    ...told.map(({ at, text }) => ({ from: 'service event', text, at }) as const),
  ];
  return all.slice(0, EXHIBITS_MAX);
}

function exhibitOf(task: StoppedTask): Exhibit {
  const { id, stoppedReason, stoppedAt, containers } = task;
  const ends = containers.flatMap(({ name, exitCode, reason }) => {
    const code = exitCode === undefined ? '' : `exit code ${exitCode}`;
    const said = [code, reason === stoppedReason ? '' : reason].filter(Boolean).join(' ');
    return said === '' ? [] : [`${name}: ${said}`];
  });
  const text = [`task ${id.slice(0, 8)}`, stoppedReason, ...ends].filter(Boolean).join('; ');
  return defined({ from: 'stopped task', text, at: stoppedAt });
}
