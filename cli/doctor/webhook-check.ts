/**
 * Does GitHub's webhook reach us? What the records of the branches say: each delivery that came is remembered
 * there, and a branch of which no delivery came is known by what `tick` asks GitHub every 15 minutes.
 */
import type { Pipeline } from '../../shared/config/config.ts';
import type { SourceRecord } from '../../shared/core/source/record.ts';
import { sourceKey } from '../../shared/route/find-sources.ts';
import { type Check, failed, ok, skipped } from './check.ts';

export type LoadSource = (
  key: string,
) => Promise<{ readonly record: Pick<SourceRecord, 'commits' | 'deliveries'> } | undefined>;

const MEND =
  'on GitHub, Settings, Webhooks, Recent Deliveries: docs/troubleshooting.md says what each answer means';

/** Of each branch that the config names without a glob. */
export async function webhookChecks(
  { sources }: Pick<Pipeline, 'sources'>,
  load: LoadSource,
): Promise<readonly Check[]> {
  const heads = Object.values(sources).flatMap(({ repository, heads: refs, rules }) =>
    refs.map((ref) => ({ repository, ref, isBuilt: rules.elsewhere === undefined })),
  );
  if (heads.length === 0) {
    const patterns = 'no source names a branch without a glob, so no record is known to look into';
    return [skipped('webhook', patterns)];
  }
  return await Promise.all(
    heads.map(async ({ repository, ref, isBuilt }) => {
      const branch = `${repository} ${ref.replace('refs/heads/', '')}`;
      const name = `webhook of ${branch}`;
      try {
        return heard(name, await load(sourceKey(repository, ref)), isBuilt);
      } catch (error) {
        return skipped(name, error instanceof Error ? error.message : String(error));
      }
    }),
  );
}

function heard(name: string, stored: Awaited<ReturnType<LoadSource>>, isBuilt: boolean): Check {
  if (stored === undefined) {
    return skipped(name, 'no push of this branch was heard of yet: push, and ask again');
  }
  const { commits, deliveries } = stored.record;
  if (deliveries.length > 0) {
    const many =
      deliveries.length === 1 ? 'a delivery has' : `${deliveries.length} deliveries have`;
    return ok(name, `${many} come; whether the newest push was among them, GitHub knows`);
  }
  if (commits.length === 0) return skipped(name, 'nothing of this branch is known yet');
  const says =
    'no delivery of GitHub has ever come: the branch is known only since GitHub was asked';
  if (!isBuilt) return skipped(name, `${says}, or an image came; a commit is placed then, too`);
  return failed(name, `${says}, so a push is heard of up to 15 minutes late`, MEND);
}
