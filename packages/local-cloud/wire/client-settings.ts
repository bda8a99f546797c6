/** How a client of the real AWS SDK is made that talks to a world in this process. */
import type { World } from '../kernel/world.ts';
import type { Transport } from './transport.ts';

/** Constructor options of clients that talk to the transport, never wait and read no configuration. */
export function clientSettings({
  world,
  transport,
  accessKeyId = 'local',
}: {
  readonly world: World;
  readonly transport: Transport;
  /** Whose, an authorizer knows. */
  readonly accessKeyId?: string;
}) {
  return {
    region: world.region,
    credentials: { accessKeyId, secretAccessKey: 'local' },
    signer: signerAs(accessKeyId),
    requestHandler: transport,
    retryStrategy: retriesWithoutWaiting(),
    maxAttempts: ATTEMPTS_MAX,
    defaultsMode: 'standard' as const,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
  };
}

const ATTEMPTS_MAX = 3;

interface Signed {
  readonly signingRegion?: string;
  readonly signingService?: string;
}

/**
 * Names who asks and the service that a request is for, as a signature does, and signs nothing: nobody in this
 * process checks it, and hashing would be a tenth of all that a call costs.
 */
function signerAs(accessKeyId: string) {
  return {
    sign: async <R>(request: R, { signingRegion = '', signingService = '' }: Signed = {}) => {
      const scope = `${accessKeyId}/20260101/${signingRegion}/${signingService}/aws4_request`;
      const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
      const { headers } = request as { headers: Record<string, string> };
      Object.assign(headers, { authorization, 'x-amz-date': '20260101T000000Z' });
      return request;
    },
  };
}

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** The SDK's standard strategy (same attempts, same errors), with delays of zero. */
function retriesWithoutWaiting() {
  const token = (count: number): RetryToken => ({
    getRetryCount: () => count,
    getRetryDelay: () => 0,
  });
  return {
    acquireInitialRetryToken: async (_scope: string): Promise<RetryToken> => token(0),
    refreshRetryTokenForRetry: async (
      { getRetryCount }: RetryToken,
      { errorType }: { readonly errorType: string },
    ): Promise<RetryToken> => {
      const retryable = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
      if (!retryable || getRetryCount() + 1 >= ATTEMPTS_MAX) throw new Error('No attempts left.');
      return token(getRetryCount() + 1);
    },
    recordSuccess: (_token: RetryToken): void => {},
  };
}
