/**
 * An image in the registry of another account. ECR asks two policies before it gives such an image away: what the
 * caller may, and whom the repository lets in; its refusal names the one that said no. (ECR user guide, "Private
 * repository policies"; IAM user guide, "Troubleshoot access denied error messages")
 */
import { BatchGetImageCommand, type ECRClient } from '@aws-sdk/client-ecr';

export interface ForeignImage {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  /** A tag or a digest. */
  readonly version: string;
}

/** `closed`: its repository does not let this account in. */
export type Doorway = 'open' | 'closed';

/** Undefined: there is no such image. Throws what the SDK throws, a refusal of this account's own policies too. */
export async function doorwayOf(
  client: ECRClient,
  { account, repository, version }: ForeignImage,
): Promise<Doorway | undefined> {
  const id = version.startsWith('sha256:') ? { imageDigest: version } : { imageTag: version };
  const input = { registryId: account, repositoryName: repository, imageIds: [id] };
  try {
    const { images = [] } = await client.send(new BatchGetImageCommand(input));
    return images.length === 0 ? undefined : 'open';
  } catch (error) {
    if (error instanceof Error && /no resource-based policy allows/.test(error.message)) {
      return 'closed';
    }
    throw error;
  }
}
