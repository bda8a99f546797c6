/** A webhook delivery as Lambda gets it: through a function URL or an HTTP API (payload format 2.0). */
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { World } from '../../kernel/world.ts';
import type { WebhookDelivery } from '../state.ts';

const PATH = '/webhooks/github';
/** Out of the ranges that GitHub publishes for its hooks (`GET /meta`). */
const SOURCE = '140.82.115.10';

/** AuthType NONE: the account is `anonymous` (docs, Lambda, urls-invocation). */
export function functionUrlEvent(
  { region, now }: Pick<World, 'region' | 'now'>,
  delivery: WebhookDelivery,
): APIGatewayProxyEventV2 {
  const apiId = lettersOf(`url ${delivery.target}`, 32);
  const { guid } = delivery;
  return eventOf(delivery, {
    at: now,
    accountId: 'anonymous',
    apiId,
    domainName: `${apiId}.lambda-url.${region}.on.aws`,
    requestId: `${guid.slice(0, 8)}-${lettersOf(String(delivery.id), 4)}${guid.slice(13)}`,
    routeKey: '$default',
  });
}

export function httpApiEvent(
  { region, account, now }: Pick<World, 'region' | 'account' | 'now'>,
  delivery: WebhookDelivery,
): APIGatewayProxyEventV2 {
  const apiId = lettersOf(`api ${delivery.target}`, 10);
  return eventOf(delivery, {
    at: now,
    accountId: account,
    apiId,
    domainName: `${apiId}.execute-api.${region}.amazonaws.com`,
    requestId: Buffer.from(lettersOf(String(delivery.id), 11)).toString('base64'),
    routeKey: `POST ${PATH}`,
  });
}

interface Door {
  /** When it comes in. */
  readonly at: number;
  readonly accountId: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly requestId: string;
  readonly routeKey: string;
}

function eventOf(delivery: WebhookDelivery, door: Door): APIGatewayProxyEventV2 {
  const { body, headers } = delivery;
  const { at } = door;
  const isText = /^(application\/json|text\/)/.test(headers['content-type'] ?? '');
  const seconds = Math.floor(at / 1_000).toString(16);
  return {
    version: '2.0',
    routeKey: door.routeKey,
    rawPath: PATH,
    rawQueryString: '',
    headers: {
      ...headers,
      host: door.domainName,
      'x-forwarded-for': SOURCE,
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      'x-amzn-trace-id': `Root=1-${seconds}-${lettersOf(`trace ${delivery.id}`, 24)}`,
    },
    requestContext: {
      accountId: door.accountId,
      apiId: door.apiId,
      domainName: door.domainName,
      domainPrefix: door.apiId,
      http: {
        method: 'POST',
        path: PATH,
        protocol: 'HTTP/1.1',
        sourceIp: SOURCE,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: door.requestId,
      routeKey: door.routeKey,
      stage: '$default',
      time: commonLogTime(at),
      timeEpoch: at,
    },
    // What is neither JSON nor text comes in base64: a form too (AWS's slides on function URLs; reports
    // of Slack's forms at HTTP APIs, middy#603).
    body: isText ? body : Buffer.from(body).toString('base64'),
    isBase64Encoded: !isText,
  };
}

/** Hexadecimal digits that stay the same for a name. */
function lettersOf(name: string, count: number): string {
  return createHash('sha256').update(name).digest('hex').slice(0, count);
}

/** `20/Nov/2026:15:08:21 +0000` */
function commonLogTime(at: number): string {
  const [, day, month, year, time] =
    /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
