/** The samples of GitHub's webhooks in `events/`: their signatures, and where ours come from. */
import { readdirSync, readFileSync } from 'node:fs';
import { verify } from '@octokit/webhooks-methods';
import { WEBHOOK_SECRET } from '@slipway/local-cloud/github/setup.ts';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it, test } from 'vitest';
import { eventsFolder, githubSamples } from './github-samples.ts';

const files = readdirSync(eventsFolder).filter((file) => /^github-.*\.json$/.test(file));
const REFUSED = ['github-push-bad-signature.json', 'github-push-unsigned.json'];

function sample(file: string): APIGatewayProxyEventV2 {
  return JSON.parse(readFileSync(new URL(file, eventsFolder), 'utf8'));
}

function bodyOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
}

async function isSigned(event: APIGatewayProxyEventV2): Promise<boolean> {
  const signature = event.headers['x-hub-signature-256'];
  return signature !== undefined && (await verify(WEBHOOK_SECRET, bodyOf(event), signature));
}

test('there are samples, among them the two that are to be refused', () => {
  expect(files).toHaveLength(14);
  expect(files).toEqual(expect.arrayContaining(REFUSED));
});

describe.each(files.filter((file) => !REFUSED.includes(file)))('%s', (file) => {
  it('is signed with the secret of the documentation', async () => {
    expect(await isSigned(sample(file))).toBe(true);
  });

  it('says what its headers say', () => {
    const event = sample(file);
    const { 'content-type': type, 'content-length': length } = event.headers;
    expect(length).toBe(String(Buffer.byteLength(bodyOf(event))));
    const isForm = type === 'application/x-www-form-urlencoded';
    const json = isForm ? (new URLSearchParams(bodyOf(event)).get('payload') ?? '') : bodyOf(event);
    const expected = event.headers['x-github-event'] === 'ping' ? 'zen' : 'after';
    expect(JSON.parse(json)).toHaveProperty(expected);
  });
});

test.each(REFUSED)('%s does not verify', async (file) => {
  expect(await isSigned(sample(file))).toBe(false);
});

test('the samples of acme/shop are what the local GitHub sends', () => {
  for (const [file, event] of Object.entries(githubSamples())) {
    expect(sample(file), `${file}: write it anew with test/local/github-samples.ts`).toEqual(event);
  }
});
