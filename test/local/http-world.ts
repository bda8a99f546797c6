/** A local AWS on a free port, whose time stands still unless the test lets it pass. */
import { afterAll, afterEach } from 'vitest';
import {
  type LocalAws,
  type LocalAwsOptions,
  startLocalAws,
} from '../../local/server/local-aws.ts';
import pipeline from '../../pipeline.config.ts';

const running: LocalAws[] = [];
/** What the servers of this test warned of. */
export const warnings: string[] = [];

let shared: Promise<LocalAws> | undefined;

/** To be called by each file: files share this module, and hooks belong to the file that adds them. */
export function stopServersAfterwards(): void {
  afterEach(async () => {
    await Promise.all(running.splice(0).map((aws) => aws.stop()));
    warnings.length = 0;
  });
  afterAll(async () => {
    const last = await shared;
    shared = undefined;
    await last?.stop();
  });
}

/** One for all tests of the file that leave it as it was. */
export function sharedAws(): Promise<LocalAws> {
  shared ??= start({});
  return shared;
}

/** One for this test alone. */
export async function localAws(options: Partial<LocalAwsOptions> = {}): Promise<LocalAws> {
  const aws = await start(options);
  running.push(aws);
  return aws;
}

function start(options: Partial<LocalAwsOptions>): Promise<LocalAws> {
  return startLocalAws({
    pipeline,
    port: 0,
    host: '127.0.0.1',
    seed: 1,
    speed: 0,
    onWarning: (line) => warnings.push(line),
    ...options,
  });
}

/** Constructor options of an SDK client as a user has them, and no retries. */
export function clientOf({ url }: LocalAws) {
  return {
    endpoint: url,
    region: pipeline.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
}

/** Options of `fetch` for AWS JSON. */
export function jsonRequest(target: string, body: unknown, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

export const ECS = 'AmazonEC2ContainerServiceV20141113';

/** Any JSON, looked into without knowing its form. */
export interface Json {
  readonly [name: string]: Json;
}

/** What AWS JSON answered. */
export async function ask(aws: LocalAws, target: string, body: unknown) {
  const response = await fetch(aws.url, jsonRequest(target, body));
  const answer = (await response.json()) as Json;
  return { status: response.status, headers: response.headers, body: answer };
}

/** A control endpoint, asked with POST. */
export async function post(aws: LocalAws, name: string, body: unknown, headers = {}) {
  const response = await fetch(`${aws.url}/_slipway/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Json };
}
