/** What the next look must find out: only what the record's phase needs, since each answer is a call. */
import type { Image, Moment, TaskDefinitionArn } from './image.ts';
import type { Rung } from './record.ts';

export interface Question {
  /** Service deployments since then, with their revisions; `known` spares DescribeServiceRevisions. */
  readonly rollouts?: { readonly since: Moment; readonly known: Readonly<Record<string, TaskDefinitionArn>> };
  /** The containers of the PRIMARY's task definition. */
  readonly definition?: true;
  /** The digests that the PRIMARY really runs. */
  readonly images?: true;
  /** States of these alarms. */
  readonly alarms?: readonly string[];
  /** Every rise of these alarms since then. */
  readonly rises?: { readonly alarms: readonly string[]; readonly since: Moment };
  readonly stoppedTasks?: true;
  /** Could we return to this one? */
  readonly rung?: Rung;
  /** Are these still in the registry? */
  readonly candidates?: readonly Image[];
}
