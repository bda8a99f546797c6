/** Deliveries of webhooks: their signatures, their way, what is remembered of them. */
import { verify } from '@octokit/webhooks-methods';
import { beforeEach, describe, expect, it } from 'vitest';
import { gitPush } from '../../github/commits/push.ts';
import { addWebhook, loseWebhooks, WEBHOOK_SECRET } from '../../github/setup.ts';
import {
  deliveriesOf,
  drainWebhooks,
  ping,
  recordAnswer,
  redeliver,
  signaturesOf,
} from '../../github/webhooks/deliveries.ts';
import { functionUrlEvent, httpApiEvent } from '../../github/webhooks/http-events.ts';
import type { World } from '../../kernel/world.ts';
import { advance } from '../../services.ts';
import { arriving, githubWorld, octokitOf, refusal, SHOP, START } from './github-world.ts';

const MAIN = { repository: 'acme/shop', branch: 'main' } as const;
const DAY = 24 * 3_600_000;
let world: World;

beforeEach(() => {
  world = githubWorld();
});

function arrived() {
  const [delivery, ...more] = arriving(world);
  if (delivery === undefined || more.length > 0) throw new Error('one delivery was expected');
  return delivery;
}

function hookOf(target: string, more: { contentType?: 'form'; secret?: string } = {}) {
  const shop = world.github.repositories['acme/shop'];
  if (shop === undefined) throw new Error('no acme/shop');
  for (const hook of shop.hooks) hook.active = false;
  return addWebhook(world, shop, { target, ping: false, ...more });
}

describe('a delivery', () => {
  it("is signed as GitHub's documentation says", () => {
    expect(signaturesOf(WEBHOOK_SECRET, 'Hello, World!')['x-hub-signature-256']).toBe(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
  });

  it('has the headers of GitHub, and a signature that its own library verifies', async () => {
    gitPush(world, { ...MAIN, message: 'Grüße, 東京 🚀' });
    const { headers, body, guid } = arrived();
    expect(headers).toEqual({
      accept: '*/*',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\/[0-9a-f]{7}$/),
      'x-github-delivery': guid,
      'x-github-event': 'push',
      'x-github-hook-id': '1001',
      'x-github-hook-installation-target-id': '80410101',
      'x-github-hook-installation-target-type': 'repository',
      'x-hub-signature': expect.stringMatching(/^sha1=[0-9a-f]{40}$/),
      'x-hub-signature-256': expect.stringMatching(/^sha256=[0-9a-f]{64}$/),
    });
    const signature = headers['x-hub-signature-256'] ?? '';
    expect(await verify(WEBHOOK_SECRET, body, signature)).toBe(true);
    expect(await verify('another secret', body, signature)).toBe(false);
  });

  it('of a form is signed as a form', async () => {
    hookOf('github-push', { contentType: 'form' });
    gitPush(world, { ...MAIN, message: 'a & b = ü' });
    const { headers, body } = arrived();
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(body.startsWith('payload=%7B')).toBe(true);
    const payload = JSON.parse(new URLSearchParams(body).get('payload') ?? '');
    expect(payload.head_commit.message).toBe('a & b = ü');
    expect(await verify(WEBHOOK_SECRET, body, headers['x-hub-signature-256'] ?? '')).toBe(true);
  });

  it('of a hook without a secret is not signed', () => {
    hookOf('github-push', { secret: '' });
    gitPush(world, MAIN);
    expect(Object.keys(arrived().headers).filter((name) => name.includes('hub-sig'))).toEqual([]);
  });

  it('takes half a second to two, and is drained once', () => {
    gitPush(world, MAIN);
    advance(world, START + 300);
    expect(drainWebhooks(world)).toEqual([]);
    advance(world, START + 2_000);
    expect(drainWebhooks(world)).toHaveLength(1);
    expect(drainWebhooks(world)).toEqual([]);
  });

  it('larger than 25 MB is never sent', () => {
    const earlier = [{ message: 'x'.repeat(26 * 1_024 * 1_024) }];
    expect(gitPush(world, { ...MAIN, earlier }).deliveries).toEqual([]);
  });

  it('is a ping for a new hook, and whenever asked', () => {
    const hook = hookOf('new');
    ping(world, 'acme/shop', hook.id);
    const { event, body } = arrived();
    expect(event).toBe('ping');
    expect(JSON.parse(body)).toMatchObject({
      zen: expect.any(String),
      hook_id: hook.id,
      hook: { type: 'Repository', name: 'web', events: ['push'], config: { content_type: 'json' } },
      repository: { full_name: 'acme/shop', created_at: '2026-11-21T10:00:00Z' },
    });
    expect(body).not.toContain(WEBHOOK_SECRET);
    const shop = world.github.repositories['acme/shop'];
    if (shop !== undefined) addWebhook(world, shop, { target: 'another' });
    expect(arrived()).toMatchObject({ event: 'ping', target: 'another' });
  });
});

describe('after a failure', () => {
  it('GitHub sends nothing again by itself', () => {
    gitPush(world, MAIN);
    recordAnswer(world, arrived().id, 500);
    expect(arriving(world, 3_600)).toEqual([]);
    expect(deliveriesOf(world)).toMatchObject([
      { answer: { statusCode: 500, status: 'Invalid HTTP Response: 500' } },
    ]);
  });

  it('a redelivery has the same GUID and the same bytes, and an id of its own', async () => {
    gitPush(world, MAIN);
    const first = arrived();
    recordAnswer(world, first.id, 'timeout');
    const path = 'POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts';
    const ids = { hook_id: first.hookId, delivery_id: first.id };
    const answer = await octokitOf(world).request(path, { ...SHOP, ...ids });
    expect(answer).toMatchObject({ status: 202, data: {} });
    const second = arrived();
    expect(second).toMatchObject({ guid: first.guid, redelivery: true, headers: first.headers });
    expect(second.body).toBe(first.body);
    expect(second.id).not.toBe(first.id);
    recordAnswer(world, second.id, 202);
    const listed = await octokitOf(world).request(
      'GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries',
      { ...SHOP, hook_id: first.hookId },
    );
    expect(listed.data).toMatchObject([
      { id: second.id, guid: first.guid, redelivery: true, status: 'OK', status_code: 202 },
      { id: first.id, redelivery: false, status: 'timed out', status_code: 504, event: 'push' },
    ]);
  });

  it('deliveries are kept for three days', async () => {
    gitPush(world, MAIN);
    const { id, hookId } = arrived();
    advance(world, START + 3 * DAY);
    redeliver(world, id);
    advance(world, START + 3 * DAY + 1);
    const asked = octokitOf(world).request(
      'POST /repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts',
      { ...SHOP, hook_id: hookId, delivery_id: id },
    );
    expect(await refusal(asked)).toMatchObject({ status: 404 });
  });

  it('a lost delivery reaches nobody, and can be asked for', () => {
    loseWebhooks(world, 1);
    const { deliveries } = gitPush(world, MAIN);
    expect(arriving(world)).toEqual([]);
    expect(deliveriesOf(world)).toMatchObject([{ answer: { statusCode: 502 } }]);
    redeliver(world, deliveries[0] ?? 0);
    expect(arrived().redelivery).toBe(true);
  });
});

describe('as Lambda gets it', () => {
  it('through a function URL: an anonymous account', () => {
    gitPush(world, MAIN);
    const delivery = arrived();
    const event = functionUrlEvent(world, delivery);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/webhooks/github',
      body: delivery.body,
      isBase64Encoded: false,
      headers: delivery.headers,
      requestContext: {
        accountId: 'anonymous',
        domainName: expect.stringMatching(/^[0-9a-f]{32}\.lambda-url\.eu-central-1\.on\.aws$/),
        http: { method: 'POST', protocol: 'HTTP/1.1' },
        requestId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        time: '21/Nov/2026:10:00:05 +0000',
        timeEpoch: START + 5_000,
      },
    });
  });

  it('through an HTTP API: its account and route; a form comes in base64', () => {
    hookOf('github-push', { contentType: 'form' });
    gitPush(world, MAIN);
    const delivery = arrived();
    const event = httpApiEvent(world, delivery);
    expect(event).toMatchObject({
      routeKey: 'POST /webhooks/github',
      isBase64Encoded: true,
      requestContext: {
        accountId: '123456789012',
        domainName: expect.stringMatching(
          /^[0-9a-f]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/,
        ),
      },
    });
    expect(Buffer.from(event.body ?? '', 'base64').toString()).toBe(delivery.body);
  });
});
