/** intendedSourceCall(record, observation) -> the call that `decideSource` wrote into the record, or nothing. Pure. */

import type { CommitSha } from '../model/image.ts';
import type { SourceObservation } from './observation.ts';
import type { SourceRecord } from './record.ts';
import type { BuildRules, ImageName } from './rules.ts';

/** A value: print it, test it, or carry it out. */
export type SourceAction = StartBuild | StopBuild;

/** CodeBuild StartBuild. Asked twice within five minutes with one token, it starts one build. */
export interface StartBuild {
  readonly type: 'StartBuild';
  readonly image: ImageName;
  readonly rules: BuildRules;
  readonly commit: CommitSha;
  readonly tag: string;
  readonly token: string;
}

/** CodeBuild StopBuild. */
export interface StopBuild {
  readonly type: 'StopBuild';
  readonly id: string;
}

/** Only for the handler whose observation decided: its id stands in the record. */
export function intendedSourceCall(
  record: SourceRecord,
  observation: SourceObservation,
): SourceAction | undefined {
  for (const [image, { running }] of Object.entries(record.builds)) {
    const rules = record.rules.images[image];
    for (const { id, stop, request, commit, tag, token } of running) {
      if (id !== undefined && stop?.observation === observation.id)
        return { type: 'StopBuild', id };
      if (id === undefined && request.observation === observation.id && rules !== undefined) {
        return { type: 'StartBuild', image, rules, commit, tag, token };
      }
    }
  }
  return undefined;
}
