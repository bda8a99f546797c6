/** What each operation of SNS asks of IAM. */
import { type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { snsOperations } from './operations.ts';

export const snsNeeds: NeedsOf<typeof snsOperations> = {
  Publish: (_: World, { TopicArn = '' }: { readonly TopicArn?: string }) => [
    need('sns:Publish', TopicArn),
  ],
};
