/** How many functions Lambda lets an account run at a time in a region: one call, for `slipway doctor`. */
import { GetAccountSettingsCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type Found, look } from '../examine.ts';

export interface ConcurrencyFacts {
  readonly limit: number;
  /** What is left to those for which none is reserved. */
  readonly unreserved: number;
}

export interface AccountConcurrency {
  concurrency(): Promise<Found<ConcurrencyFacts>>;
}

export function createAccountConcurrency(lambda: LambdaClient): AccountConcurrency {
  return {
    concurrency: async () =>
      await look('lambda:GetAccountSettings', [], async () => {
        const { AccountLimit = {} } = await lambda.send(new GetAccountSettingsCommand({}));
        const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } =
          AccountLimit;
        return limit === undefined || unreserved === undefined ? undefined : { limit, unreserved };
      }),
  };
}
