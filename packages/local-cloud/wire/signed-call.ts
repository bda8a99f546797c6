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

/** `ok`, or the name of the error. */
export function outcomeOf({ statusCode, headers, body }: WireResponse): string {
  if (statusCode < 300) return 'ok';
  const { __type } = JSON.parse(new TextDecoder().decode(body)) as { __type?: string };
  const name = headers['x-amzn-errortype'] ?? __type ?? String(statusCode);
  return name.replace(/^.*#/, '');
}
