/** What the way from a push to a build needs: the secrets that the config names. Whether pushes come at all, the records say. */
import type { Examiner } from '../../shared/aws/examine.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { webhookSecrets } from '../../shared/config/git/webhook-secrets.ts';
import { type Check, judged, ok, skipped } from './check.ts';
import { type LoadSource, webhookChecks } from './webhook-check.ts';

/** Each secret is asked for by its name, and none is opened. */
export async function githubChecks(
  pipeline: Pipeline,
  examiner: Pick<Examiner, 'secret'>,
  loadSource: LoadSource,
): Promise<readonly Check[]> {
  if (Object.keys(pipeline.sources).length === 0) {
    return [skipped('webhook', 'no source: nothing is built, and no push is heard of')];
  }
  const secrets = [
    ...webhookSecrets(pipeline).map((id) => [id, 'no delivery of GitHub is believed'] as const),
    [pipeline.github.credentials, 'no commit can be confirmed, so nothing is built'] as const,
  ];
  const asked = secrets.map(async ([id, without]) => {
    const name = `secret ${id}`;
    const missing = {
      says: `Secrets Manager has no such secret: ${without}`,
      fix: `aws secretsmanager create-secret --name ${id} --secret-string …, as infra/README.md says; or mend its name in pipeline.config.ts`,
    };
    return judged(name, await examiner.secret(id), missing, () => ok(name, 'is there'));
  });
  return [...(await Promise.all(asked)), ...(await webhookChecks(pipeline, loadSource))];
}
