/** What each operation of Secrets Manager asks of IAM. */
import { arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { secretsOperations } from './operations.ts';

interface Input {
  readonly SecretId?: string;
  readonly Name?: string;
}

function onSecret(action: string) {
  return (world: World, { SecretId, Name }: Input): readonly Need[] => [
    need(`secretsmanager:${action}`, secretArn(world, SecretId ?? Name ?? '')),
  ];
}

/** Six characters that nobody chooses follow the name; of a secret that is not there nobody knows them. */
function secretArn(world: World, id: string): string {
  if (id.startsWith('arn:')) return id;
  const known = world.secrets.secrets[id];
  return known?.arn ?? arnOf(world, 'secretsmanager', `secret:${id}-AbCdEf`);
}

export const secretsNeeds: NeedsOf<typeof secretsOperations> = {
  CreateSecret: onSecret('CreateSecret'),
  PutSecretValue: onSecret('PutSecretValue'),
  GetSecretValue: onSecret('GetSecretValue'),
  DescribeSecret: onSecret('DescribeSecret'),
};
