/** A release that ECS was not asked for: its images wait again, except where a newer one waits already. */
import { asWaiting } from '../../gates/asked-again.ts';
import { announce, enter } from '../../model/decision.ts';
import { mapValues, pick } from '../../model/entries.ts';
import type { Observation } from '../../model/observation.ts';
import { orderOf } from '../../model/record/newest.ts';
import type { Forward } from '../../model/record/phase.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';

export function backToWaiting(
  record: TargetRecord,
  { release }: Pick<Forward, 'release'>,
  { at }: Observation,
): TargetRecord {
  const newer = pick(release.images, Object.keys(record.waiting));
  const waiting = { ...inTheirPlace(record, asWaiting(release)), ...record.waiting };
  const { word } = release;
  const said = word?.before === 'start' ? { startWord: word } : {};
  const back = enter({ ...record, waiting, ...said }, { phase: 'idle' });
  if (Object.keys(newer).length === 0) return back;
  return announce(back, 'superseded', {
    at,
    release: release.id,
    images: newer,
    because: 'a newer image waits, and takes its place',
    next: 'nothing: it was never started',
  });
}

/** What was offered stands in the order as before; what a person deploys has no place there. */
function inTheirPlace(
  { newest }: TargetRecord,
  waiting: TargetRecord['waiting'],
): TargetRecord['waiting'] {
  return mapValues(waiting, (one, name) => {
    const place = newest[name];
    const isOffered = one.by === undefined && place?.digest === one.image.digest;
    return isOffered ? { ...one, order: orderOf(place) } : one;
  });
}
