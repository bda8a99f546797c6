/** A look while nothing of ours is on its way: who runs, and may a waiting image start? */
import { isLateCall } from './attempt.ts';
import { beginReturn } from './condemn.ts';
import { because, type Decision, revisionName } from './decision.ts';
import { observe, watchDeployment, whileObserving } from './observing.ts';
import type { Running, TargetRecord } from './record.ts';
import type { FoundService, Seen } from './seen.ts';
import { start } from './starting.ts';
import { wouldReturn } from './watch-mode.ts';

export function whileResting(record: TargetRecord, seen: Seen): Decision {
  const { service } = seen;
  if (service.state === 'missing') return start(record, seen);
  const { runs } = record;
  if (runs === undefined) {
    const observing = watchDeployment(record, service.primary, 0);
    return observing.phase.phase === 'observing'
      ? whileObserving(observing, observing.phase, seen)
      : because(observing, 'first look');
  }
  if (service.primary.revision !== runs.revision && service.primary.createdAt > runs.since) {
    return displaced(record, runs, service, seen);
  }
  return start(record, seen);
}

/** Something else runs than what we left. */
function displaced(
  record: TargetRecord,
  runs: Running,
  { primary }: FoundService,
  seen: Seen,
): Decision {
  if (!isLateCall(record, primary)) {
    return observe(record, primary, seen.at);
  }
  const sentence = `a late call of ours started ${revisionName(primary.revision)} in place of ${revisionName(runs.revision)}`;
  if (record.rules.mode === 'watch') return wouldReturn(record, sentence, seen.at);
  const returning = beginReturn(
    record,
    {
      revision: primary.revision,
      images: {},
      because: sentence,
      alarms: [],
      rollbackMinutes: record.rules.rollbackMinutes,
    },
    seen.at,
  );
  return because(returning, sentence);
}
