/** One call to AWS with somebody's access key and no SDK: the request, and what the answer is called. */
import type { WireRequest, WireResponse } from '../kernel/http.ts';
import { modelOf } from '../models/model.ts';

export interface SignedCall {
  readonly accessKeyId: string;
  readonly region: string;
  /** By the name that SigV4 signs with. */
  readonly service: string;
  readonly operation: string;
  readonly input: object;
}

/** AWS JSON, which every service of the local AWS speaks but STS. */
export function signedCall({
  accessKeyId,
  region,
  service,
  operation,
  input,
}: SignedCall): WireRequest {
  const prefix = service === 'dynamodb' ? 'DynamoDB_20120810' : modelOf(service).targetPrefix;
  const scope = `${accessKeyId}/20260101/${region}/${service}/aws4_request`;
  return {
    method: 'POST',
    path: '/',
    headers: {
      host: `${service}.${region}.amazonaws.com`,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${prefix}.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  };
}

export interface Answered {
  /** `ok`, or the name of the error. */
  readonly outcome: string;
  /** What AWS says of the error. */
  readonly message: string;
}

export function answeredWith({ statusCode, headers, body }: WireResponse): Answered {
  if (statusCode < 300) return { outcome: 'ok', message: '' };
  const error = JSON.parse(new TextDecoder().decode(body)) as Readonly<Record<string, string>>;
  const name = headers['x-amzn-errortype'] ?? error.__type ?? String(statusCode);
  return { outcome: name.replace(/^.*#/, ''), message: error.message ?? error.Message ?? '' };
}
