/** Whether a target could roll back now, for the page: what the command would refuse is not open here either. */
import { couldReturn } from '../../shared/core/explain/can-roll-back.ts';
import { bundled } from '../slipway/policies.ts';
import type { Cloud } from '../slipway/slipway-cloud.ts';
import { wayBack } from '../stories/outcome.ts';

/** `running`: the digests that ECS is on its way to. */
export function wayBackNow(
  { world, pipeline }: Pick<Cloud, 'world' | 'pipeline'>,
  record: Awaited<ReturnType<Cloud['recordOf']>>,
  running: readonly string[],
): ReturnType<typeof wayBack> {
  const said = record && couldReturn(record, world.now);
  if (said?.possible === false) return said;
  const others = (record?.rollbackCandidates ?? []).filter(({ images }) =>
    Object.values(images).some(({ digest }) => !running.includes(digest)),
  );
  return wayBack(world, others, bundled(pipeline).taskRights?.roles);
}
