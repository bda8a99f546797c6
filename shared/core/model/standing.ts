/**
 * Where a target stands, in one word for people and for lists: its phase, or what stands beside the
 * phase and matters more. No decision asks for it.
 */

import type { Standing } from './record/phase.ts';
import type { TargetRecord } from './record/target-record.ts';

export function standingOf(record: TargetRecord): Standing {
  const { phase } = record;
  if (record.retired) return 'retired';
  switch (phase.phase) {
    case 'idle':
      if (record.needsAttention !== undefined) return 'needs-attention';
      return record.runs === undefined ? 'new' : 'idle';
    case 'deploying':
      return phase.goal === 'forward' ? 'deploying' : 'rolling-back';
    case 'baking':
      return phase.of === 'release' ? 'baking' : 'watching';
  }
}
