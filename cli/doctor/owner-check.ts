/** Does another pipeline of this account and region release the service as well? The gate says so, by the same words. */
import type { Target } from '../../shared/config/config.ts';
import { ownedByAnother } from '../../shared/core/gates/owner-gate.ts';
import type { TaskDefinitionArn } from '../../shared/core/model/image.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { ofPipeline } from '../../shared/core/model/release-tag.ts';
import { type Check, failed, ok } from './check.ts';

/** `release`: the tag of the revision that runs. */
export function ownerCheck(
  { rules }: Pick<Target, 'rules'>,
  stored: Pick<TargetRecord, 'rollbackCandidates' | 'runs' | 'lastEnded'> | undefined,
  seen: { readonly revision: string; readonly release: string | undefined },
): Check {
  const name = 'pipeline';
  const revision = seen.revision as TaskDefinitionArn;
  const { release } = seen;
  const record = { rollbackCandidates: [], ...stored, rules };
  const definition = { revision, containers: {}, ...(release !== undefined && { release }) };
  const gate = ownedByAnother(record, { service: { primary: { revision } }, definition });
  if (gate !== undefined) return failed(name, gate.because, gate.next);
  if (release === undefined) return ok(name, 'no other one released what runs');
  const isOwn = ofPipeline(release).pipeline === rules.pipeline;
  return ok(name, isOwn ? 'this one released what runs' : 'this one releases the service now');
}
