/** What the way from a push to a build needs: the secrets that the config names. Whether pushes come at all, the records say. */
import type { Examiner } from '../../shared/aws/examine.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { webhookSecrets } from '../../shared/config/git/webhook-secrets.ts';
import { type Check, judged, ok, skipped } from './check.ts';
import { claimsChecks, type LoadClaims } from './claims-check.ts';
import { type LoadSource, webhookChecks } from './webhook-check.ts';

/** Each secret is asked for by its name, and none is opened. */
export async function githubChecks(
  pipeline: Pipeline,
  examiner: Pick<Examiner, 'secret'>,
  loadSource: LoadSource & LoadClaims,
): Promise<readonly Check[]> {
  if (Object.keys(pipeline.sources).length === 0) {
    return [skipped('webhook', 'no source: nothing is built, and no push is heard of')];
  }
  const secrets = [
    ...webhookSecrets(pipeline).map((id) => [id, 'no delivery of GitHub is believed'] as const),
    [pipeline.github.credentials, withoutCredentials(pipeline)] as const,
  ];
  const needed = Object.values(pipeline.sources).filter(
    ({ rules }) => rules.elsewhere === undefined,
  );
  const asked = secrets.map(async ([id, without]) => {
    const name = `secret ${id}`;
    const isSpare =
      id !== pipeline.github.credentials &&
      needed.every(({ webhookSecret }) => webhookSecret !== id);
    const missing = {
      says: `Secrets Manager has no such secret: ${without}`,
      fix: `aws secretsmanager create-secret --name ${id} --secret-string …, as infra/README.md says; or mend its name in pipeline.config.ts`,
    };
    const found = await examiner.secret(id);
    if (isSpare && found.state === 'missing') return skipped(name, NOT_NEEDED);
    return judged(name, found, missing, () => ok(name, 'is there'));
  });
  return [
    ...(await Promise.all(asked)),
    ...(await webhookChecks(pipeline, loadSource)),
    ...(await claimsChecks(pipeline, loadSource)),
  ];
}

/** Of images that others build. */
const NOT_NEEDED =
  "no such secret, so no push is heard of; with builtBy: 'elsewhere' a commit is placed when its image comes";

function withoutCredentials({ sources }: Pipeline): string {
  const all = Object.values(sources).map(({ rules }) => rules.elsewhere !== undefined);
  const lost = [
    ...(all.includes(false) ? ['nothing is built'] : []),
    ...(all.includes(true) ? ['no image that others build is deployed'] : []),
  ];
  return `no commit can be confirmed, so ${lost.join(' and ')}`;
}
