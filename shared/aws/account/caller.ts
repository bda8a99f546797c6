/** Who one is for AWS: STS, GetCallerIdentity, which needs no permission. Only the commands ask it. */
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';

export interface Caller {
  readonly account: string;
  /** `arn:aws:sts::123456789012:assumed-role/Deployer/ada` */
  readonly arn: string;
}

/** Throws AWS's error, or what the credential chain and the connection throw. */
export async function askCaller(client: STSClient): Promise<Caller> {
  const { Account, Arn } = await client.send(new GetCallerIdentityCommand());
  if (Account !== undefined && Arn !== undefined) return { account: Account, arn: Arn };
  throw new Error('sts:GetCallerIdentity answered without an account, as a proxy would');
}
