/** Images that others build: which of them wait for GitHub's word, and which one was not taken last. */
import type { Pipeline } from '../../shared/config/config.ts';
import type { SourceRecord } from '../../shared/core/source/record.ts';
import { sourceKey } from '../../shared/route/find-sources.ts';
import { type Check, failed, ok, skipped } from './check.ts';

export type LoadClaims = (
  key: string,
) => Promise<{ readonly record: Pick<SourceRecord, 'claims' | 'refused'> } | undefined>;

/** Of each source whose images are built elsewhere: it has one branch. */
export async function claimsChecks(
  { sources, github }: Pick<Pipeline, 'sources' | 'github'>,
  load: LoadClaims,
): Promise<readonly Check[]> {
  const asked = Object.values(sources).flatMap(({ repository, heads: [ref], rules }) =>
    rules.elsewhere === undefined || ref === undefined ? [] : [{ repository, ref }],
  );
  return await Promise.all(
    asked.map(async ({ repository, ref }) => {
      const name = `images of ${repository} ${ref.replace('refs/heads/', '')}`;
      try {
        return seen(name, await load(sourceKey(repository, ref)), github.credentials);
      } catch (error) {
        return skipped(name, error instanceof Error ? error.message : String(error));
      }
    }),
  );
}

function seen(name: string, stored: Awaited<ReturnType<LoadClaims>>, credentials: string): Check {
  if (stored === undefined) {
    return skipped(
      name,
      'none was heard of yet: push one whose tag the config takes, and ask again',
    );
  }
  const { claims = [], refused: [last] = [] } = stored.record;
  const waiting = claims.find(({ waits }) => waits !== undefined);
  if (waiting?.waits !== undefined) {
    const says = `${waiting.tag} waits: ${waiting.waits.because}`;
    return failed(
      name,
      says,
      `wait, or see whether the secret ${credentials} may read the repository`,
    );
  }
  return ok(
    name,
    last === undefined
      ? 'each that came was taken, or is asked of now'
      : `the last that was not taken is ${last.tag}, at ${new Date(last.at).toISOString()}: ${last.because}`,
  );
}
