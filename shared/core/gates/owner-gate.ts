/**
 * A service belongs to one pipeline. Each of two that name it would take the other's releases for somebody's
 * deployments, and bring its own newest image over them: so nothing starts by itself over what another
 * pipeline released. A person's deploy does, and takes the service over, since it leaves a tag of its own.
 */
import type { FoundService, Observation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { ofPipeline } from '../model/release-tag.ts';
import type { Gate } from './gate.ts';

export function ownedByAnother(
  { rules, rollbackCandidates }: Pick<TargetRecord, 'rules' | 'rollbackCandidates'>,
  { primary }: { readonly primary: Pick<FoundService['primary'], 'revision'> },
  { definition }: Pick<Observation, 'definition'>,
): Gate | undefined {
  if (definition?.release === undefined || definition.revision !== primary.revision) return;
  const { pipeline, release } = ofPipeline(definition.release);
  if (pipeline === rules.pipeline) return undefined;
  // A pipeline that was given a name and kept its table: it is in its own record, and not as adopted.
  const isOurs = rollbackCandidates.some(
    ({ revision, changed }) => revision === primary.revision && changed.length > 0,
  );
  if (isOurs) return undefined;
  const other = pipeline === undefined ? 'the pipeline without a name' : `the pipeline ${pipeline}`;
  return {
    reason: 'owner',
    because: `what runs here was released by ${other} (${release}): two pipelines would undo each other's releases`,
    next: 'take the service out of one of the two configs; if this one keeps it, deploy by hand: that is not held, and takes it over',
  };
}
