/** Which version of Slipway was deployed to where this table is: a tag that the stack puts on it. */
import { ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { VERSION_TAG } from '../../runtime/version.ts';
import type { Table } from './items.ts';

/** Undefined: it does not say. 0.2.0 did not, and a restored table has no tags. */
export async function deployedVersion({ client }: Table, arn: string): Promise<string | undefined> {
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
  return Tags.find(({ Key }) => Key === VERSION_TAG)?.Value;
}
