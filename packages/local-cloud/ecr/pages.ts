/** Pages of the local ECR's lists. API reference: 100 results a page unless told otherwise, 1,000 at most. */
import { AwsError } from '../kernel/errors.ts';

const PAGE_DEFAULT = 100;
const PAGE_MOST = 1000;

interface PageRequest {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

export function paginate<T>(all: readonly T[], { nextToken, maxResults }: PageRequest) {
  const size = maxResults ?? PAGE_DEFAULT;
  if (size < 1 || size > PAGE_MOST) {
    throw new AwsError(
      'InvalidParameterException',
      `Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must be between 1 and ${PAGE_MOST}, inclusive'`,
    );
  }
  const start = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new AwsError('InvalidParameterException', 'Invalid nextToken.');
  }
  const end = start + size;
  const page = all.slice(start, end);
  const more = end < all.length;
  return { page, nextToken: more ? Buffer.from(String(end)).toString('base64') : undefined };
}
