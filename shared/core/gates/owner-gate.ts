/**
 * A service belongs to one pipeline. Each of two that name it would take the other's releases for somebody's
 * deployments, and bring its own newest image over them: so nothing starts by itself over what another
 * pipeline released. A person's deploy does, and takes the service over, since it leaves a tag of its own; so
 * it stays where that release is sent back, and the other's revision runs again.
 */
import type { TaskDefinitionArn } from '../model/image.ts';
import type { Observation, PrimaryDeployment } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { ofPipeline } from '../model/release-tag.ts';
import type { Gate } from './gate.ts';

type Remembered = Pick<TargetRecord, 'rules' | 'rollbackCandidates' | 'runs' | 'lastEnded'>;
interface RunsHere extends Pick<Observation, 'definition'> {
  readonly service: { readonly primary: Pick<PrimaryDeployment, 'revision'> };
}

export function ownedByAnother(
  record: Remembered,
  { service: { primary }, definition }: RunsHere,
): Gate | undefined {
  if (definition?.release === undefined || definition.revision !== primary.revision) return;
  const { rules, rollbackCandidates } = record;
  const { pipeline, release } = ofPipeline(definition.release);
  if (pipeline === rules.pipeline) return undefined;
  // A pipeline that was given a name and kept its table: it is in its own record, and not as adopted.
  const isOurs = rollbackCandidates.some(
    ({ revision, changed }) => revision === primary.revision && changed.length > 0,
  );
  if (isOurs || isReturnedTo(record, primary.revision)) return undefined;
  const other = pipeline === undefined ? 'the pipeline without a name' : `the pipeline ${pipeline}`;
  return {
    reason: 'owner',
    because: `what runs here was released by ${other} (${release}): two pipelines would undo each other's releases`,
    next: 'take the service out of one of the two configs; if this one keeps it, deploy by hand: that is not held, and takes it over',
  };
}

/** A release of this pipeline was the last that ended, and this is what it left: nobody deployed since. */
function isReturnedTo({ runs, lastEnded }: Remembered, revision: TaskDefinitionArn): boolean {
  if (runs?.revision !== revision || lastEnded?.release === undefined) return false;
  const hasGone = lastEnded.kind === 'rolled-back' || lastEnded.kind === 'failed';
  return hasGone && runs.since <= lastEnded.at;
}
