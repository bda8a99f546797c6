/** How far a release of ours has come with its traffic, as the last look heard it. */
import { defined } from '../model/defined.ts';
import { type Moment, revisionName, type TaskDefinitionArn } from '../model/image.ts';
import { forwardOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { shareAt } from '../traffic/course.ts';

export interface ShiftNow {
  /** In ECS's own word; absent: it told none. */
  readonly stage?: string;
  readonly stageSince?: Moment;
  /** By revision (`web:7`), 0 to 1; absent: no load balancer was heard, as with Service Connect. */
  readonly shares?: Readonly<Record<string, number>>;
  /** When the load balancer was heard. */
  readonly heardAt?: Moment;
}

/** Undefined: no traffic of it is being shifted. */
export function shiftNow({ phase, runs }: TargetRecord): ShiftNow | undefined {
  const { course, revision } = forwardOf(phase)?.attempt ?? {};
  if (course === undefined || revision === undefined) return undefined;
  const { stage, stageSince, heardAt } = course;
  if (stage === undefined && heardAt === undefined) return undefined;
  const before = runs === undefined || runs.revision === revision ? undefined : runs.revision;
  const shares =
    heardAt === undefined ? undefined : sharesOf(shareAt(course, heardAt), revision, before);
  return defined({ stage, stageSince, shares, heardAt });
}

function sharesOf(
  share: number,
  revision: TaskDefinitionArn,
  before: TaskDefinitionArn | undefined,
): Readonly<Record<string, number>> {
  return {
    [revisionName(revision)]: rounded(share),
    ...(before !== undefined && { [revisionName(before)]: rounded(1 - share) }),
  };
}

/** 1 - 0.95 is off by a hair. */
function rounded(share: number): number {
  return Math.round(share * 1e6) / 1e6;
}
