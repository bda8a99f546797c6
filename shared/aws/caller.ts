/**
 * Who one is for AWS: STS, GetCallerIdentity, which needs no permission. Asked through the signer and
 * the connection of a client that is there anyway: it is one call, and needs no client of its own.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Caller {
  readonly account: string;
  /** `arn:aws:sts::123456789012:assumed-role/Deployer/ada` */
  readonly arn: string;
}

const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';

/**
 * `endpoint` in place of the region's own; unless given, the environment may name one, as for every
 * client of the SDK (SDKs and tools reference guide, "Service-specific endpoints"). Throws an error with AWS's code as its name, like an
 * error of the SDK, or what the credential chain and the connection throw.
 */
export async function askCaller(
  { config }: DynamoDBClient,
  endpoint: string | undefined,
): Promise<Caller> {
  const region = await config.region();
  const { AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL } = process.env;
  const named = endpoint ?? AWS_ENDPOINT_URL_STS ?? AWS_ENDPOINT_URL;
  const url = new URL(named ?? `https://sts.${region}.${domainOf(region)}`);
  const signer = await config.signer({
    name: 'sigv4',
    signingName: 'sts',
    signingRegion: region,
    properties: {},
  });
  const request = await signer.sign({
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    method: 'POST',
    path: '/',
    query: {},
    headers: {
      host: url.host,
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'content-length': String(BODY.length),
    },
    body: BODY,
  });
  // The handler's own class of requests has methods that it does not call.
  const { response } = await config.requestHandler.handle(request as never);
  const xml = new TextDecoder().decode(await config.streamCollector(response.body));
  const [account, arn] = [textOf(xml, 'Account'), textOf(xml, 'Arn')];
  if (response.statusCode === 200 && account !== undefined && arn !== undefined) {
    return { account, arn };
  }
  throw refusal(response.statusCode, xml);
}

/** General reference, "AWS Security Token Service endpoints". */
function domainOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com';
}

/** These elements hold words without markup, and stand in the answer once. */
function textOf(xml: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]{1,2048})</${element}>`).exec(xml)?.[1];
}

function refusal(httpStatusCode: number, xml: string): Error {
  const message = textOf(xml, 'Message') ?? `sts:GetCallerIdentity answered ${httpStatusCode}`;
  return Object.assign(new Error(message), {
    name: textOf(xml, 'Code') ?? 'UnknownError',
    $metadata: { httpStatusCode },
  });
}
