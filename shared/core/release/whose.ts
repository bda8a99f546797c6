/** Whose is what runs? Answered here for every phase, and nowhere else. */
import type { Moment, TaskDefinitionArn } from '../model/image.ts';
import type { Observation } from '../model/observation.ts';
import { provenAs } from '../model/record/known.ts';
import type { Back } from '../model/record/phase.ts';
import type { Running, TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { CLOCK_MARGIN_MS } from './attempt.ts';

/**
 * A request is written down before its call, and no handler outlives half a minute: what ECS made later
 * than this after it, by clocks that differ, is no late call of ours.
 */
const LATE_CALL_MS = MINUTE + CLOCK_MARGIN_MS;

export type Whose =
  /** What we left, or asked for. */
  | 'ours'
  /** ECS's reads lag behind by seconds: this ran before. */
  | 'stale'
  /** A paused or repeated call of ours made it. */
  | 'late-call'
  /** ECS took back somebody's deployment by itself. */
  | 'ecs-return'
  /** Somebody put a proven release back. */
  | 'proven'
  | 'external';

/** A PRIMARY deployment, or a rollout that came after ours. */
export interface Deployed {
  readonly revision: TaskDefinitionArn;
  readonly createdAt: Moment;
  /** ECS says that it is rolling back to it. */
  readonly returnedByEcs?: true;
}

export function whose(
  record: TargetRecord,
  deployed: Deployed,
  { at }: Pick<Observation, 'at'>,
): Whose {
  const { revisions, since } = whatWeLeft(record);
  if (revisions.includes(deployed.revision)) return 'ours';
  // One that is older, and that shows long after the one we know was made, is no echo: ECS returned to
  // it, and it keeps its own number.
  if (deployed.createdAt <= since) return at < since + CLOCK_MARGIN_MS ? 'stale' : 'ecs-return';
  if (deployed.returnedByEcs) return 'ecs-return';
  if (isLateCall(record, deployed)) return 'late-call';
  return provenAs(record, deployed.revision) === undefined ? 'external' : 'proven';
}

interface Left {
  readonly revisions: readonly (string | undefined)[];
  readonly since: Moment;
}

/** The revisions that may run without anybody else, and how old the newest of them that we know is. */
function whatWeLeft({ phase, runs }: TargetRecord): Left {
  const before = runs?.since ?? 0;
  switch (phase.phase) {
    case 'deploying':
      if (phase.goal === 'back') return whatBackLeft(phase, runs);
      return phase.attempt.request === undefined
        ? { revisions: [phase.attempt.base], since: before }
        : {
            revisions: [phase.attempt.revision],
            since: phase.attempt.rollout?.createdAt ?? before,
          };
    case 'baking':
      return phase.of === 'release'
        ? { revisions: [phase.attempt.revision], since: phase.rollout.createdAt }
        : { revisions: [phase.revision], since: phase.createdAt };
    case 'idle':
      return { revisions: [runs?.revision], since: before };
  }
}

function whatBackLeft({ step, condemned }: Back, runs: Running | undefined): Left {
  const before = runs?.since ?? 0;
  if (step.step !== 'selecting') {
    const { revision, rollout } = step.attempt;
    return { revisions: [revision], since: rollout?.createdAt ?? before };
  }
  return { revisions: [condemned.revision, runs?.revision, step.returnedTo], since: before };
}

/** Only a dated request of ours can be late: the same revision a day later is somebody's. */
function isLateCall({ requests }: TargetRecord, { revision, createdAt }: Deployed): boolean {
  return requests.some(
    (request) =>
      request.revision === revision &&
      createdAt >= request.at - CLOCK_MARGIN_MS &&
      createdAt <= request.at + LATE_CALL_MS,
  );
}
