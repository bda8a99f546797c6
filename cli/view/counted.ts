/**
 * What the load balancer counted in the time of a release: of both revisions, where each has a target group
 * of its own, and of all answers together by the metrics of an alarm. What cannot be had is told, and takes
 * only its own part away.
 */
import type { Answered } from '../../shared/aws/bad-answers.ts';
import type { Target } from '../../shared/config/config.ts';
import type { ShownMinutes } from '../../shared/judge/clock-minutes.ts';
import type { Connection } from '../connect/connection.ts';
import { minutesOf, type PastRelease } from '../judge/past-release.ts';
import { says } from './says.ts';

export interface CountedMinutes {
  /** Absent: `notes` says why. */
  readonly both?: ShownMinutes;
  readonly all?: Answered;
  readonly notes: readonly string[];
}

/** `past`: the release of this time; `afterMs`: how long after its end is shown. */
export async function countedIn(
  connection: Connection,
  target: Target,
  past: PastRelease | undefined,
  span: { readonly from: number; readonly to: number; readonly afterMs: number },
): Promise<CountedMinutes> {
  const [both, all] = await Promise.all([
    past === undefined ? undefined : seen(bothIn(connection, target, past, span.afterMs)),
    seen(connection.aws.answers(target.rules.alarms, span)),
  ]);
  const notes = [
    ...(typeof both === 'string' ? [`Old and new are not told apart: ${both}.`] : []),
    ...(typeof all === 'string' ? [`All answers together could not be read: ${all}.`] : []),
    ...(all === undefined
      ? [
          'No alarm of this target watches the errors of a load balancer: all answers together are not known.',
        ]
      : []),
  ];
  return {
    notes,
    ...(both === undefined || typeof both === 'string' ? {} : { both }),
    ...(all === undefined || typeof all === 'string' ? {} : { all }),
  };
}

async function bothIn(
  connection: Connection,
  target: Target,
  past: PastRelease,
  afterMs: number,
): Promise<ShownMinutes | string> {
  const read = await minutesOf(connection, target, past, afterMs);
  return 'state' in read ? read.because : read;
}

async function seen<T>(asked: Promise<T>): Promise<T | string> {
  try {
    return await asked;
  } catch (error) {
    return says(error);
  }
}
