/** A paused or repeated call of ours landed late: what it started goes again. */

import { because, type Decision } from '../model/decision.ts';
import type { Moment } from '../model/image.ts';
import { revisionName } from '../model/image.ts';
import type { PrimaryDeployment } from '../model/observation.ts';
import type { Running, TargetRecord } from '../model/record/target-record.ts';
import { beginReturn } from './condemn.ts';

/** The newest proven release is put back. Its images are not known, so none is quarantined. */
export function removeLateCall(
  record: TargetRecord,
  { revision }: Pick<PrimaryDeployment, 'revision'>,
  sentence: string,
  at: Moment,
): Decision {
  const { rollbackMinutes } = record.rules;
  const condemned = { revision, images: {}, because: sentence, alarms: [], rollbackMinutes };
  return because(beginReturn(record, condemned, at), sentence);
}

export function describeLateCall(
  { revision }: Pick<PrimaryDeployment, 'revision'>,
  runs: Running | undefined,
): string {
  const instead = runs === undefined ? '' : ` in place of ${revisionName(runs.revision)}`;
  return `a late call of ours started ${revisionName(revision)}${instead}`;
}
