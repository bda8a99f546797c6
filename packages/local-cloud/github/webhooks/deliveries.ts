/**
 * Webhook deliveries of the local GitHub: signed as GitHub signs them, on their way for a moment, then
 * in the outbox until the outer wiring takes them. GitHub never sends one again by itself (docs,
 * handling-failed-webhook-deliveries); a person or a program asks for a redelivery.
 */
import { createHmac } from 'node:crypto';
import { random, randomHex, randomUuid } from '../../kernel/random.ts';
import { schedule } from '../../kernel/timers.ts';
import type { World } from '../../kernel/world.ts';
import { repositoryOf } from '../commits/refs.ts';
import { notFound } from '../errors.ts';
import type { GithubHook, GithubRepository, WebhookDelivery } from '../state.ts';
import { pingPayload } from './payloads.ts';

/** docs, redelivering-webhooks: deliveries of the past three days. */
const KEPT_MS = 3 * 24 * 3_600_000;
/** docs, webhook-events-and-payloads: "If an event generates a larger payload, it will not be fired." */
const BODY_MOST = 25 * 1_024 * 1_024;
/** From the push to the request; unverified. */
const ON_ITS_WAY_MS = [400, 1_600] as const;

/** Sends an event to every active hook of the repository that wants it; the ids of the deliveries. */
export function deliver(
  world: World,
  repository: GithubRepository,
  event: string,
  payload: object,
): readonly number[] {
  return repository.hooks
    .filter(({ active, events }) => active && (events.includes(event) || events.includes('*')))
    .flatMap((hook) => send(world, repository, hook, event, payload));
}

/** What GitHub sends when a hook is made, and whenever somebody asks for it. */
export function ping(world: World, fullName: string, hookId: number): readonly number[] {
  const repository = repositoryOf(world, fullName);
  const hook = repository.hooks.find(({ id }) => id === hookId);
  if (hook === undefined) throw new Error(`${fullName} has no webhook ${hookId}`);
  return send(world, repository, hook, 'ping', pingPayload(repository, hook));
}

/**
 * Sends a delivery once more: the same GUID and the same bytes, an id of its own.
 * Throws a GithubError (404) for one that is unknown or older than three days.
 */
export function redeliver(world: World, deliveryId: number): WebhookDelivery {
  const known = deliveriesOf(world).find(({ id }) => id === deliveryId);
  if (known === undefined) throw notFound();
  const { answer: _, ...request } = known;
  return sendOff(world, { ...request, id: ++world.github.lastId, redelivery: true, at: world.now });
}

/** What is remembered, oldest first. */
export function deliveriesOf(world: World): readonly WebhookDelivery[] {
  const { github } = world;
  github.deliveries = github.deliveries.filter(({ at }) => at >= world.now - KEPT_MS);
  return github.deliveries;
}

/** Takes everything that has arrived. What is still on its way waits for a timer. */
export function drainWebhooks(world: World): readonly WebhookDelivery[] {
  const due = world.github.outbox;
  if (due.length === 0) return [];
  world.github.outbox = [];
  return due.flatMap((id) => world.github.deliveries.find((one) => one.id === id) ?? []);
}

/** Notes what the receiver answered: an HTTP status, or `timeout` (docs: more than ten seconds). */
export function recordAnswer(world: World, deliveryId: number, code: number | 'timeout'): void {
  const delivery = world.github.deliveries.find(({ id }) => id === deliveryId);
  if (delivery === undefined) return;
  delivery.answer = answerOf(code);
}

/** Wording and codes where nobody answered: unverified. */
function answerOf(code: number | 'timeout' | 'lost') {
  if (code === 'timeout') return { statusCode: 504, status: 'timed out' };
  if (code === 'lost') return { statusCode: 502, status: 'failed to connect to host' };
  const isFine = code >= 200 && code < 300;
  return { statusCode: code, status: isFine ? 'OK' : `Invalid HTTP Response: ${code}` };
}

function send(
  world: World,
  repository: GithubRepository,
  hook: GithubHook,
  event: string,
  payload: object,
): readonly number[] {
  const json = JSON.stringify(payload);
  const isForm = hook.contentType === 'form';
  const body = isForm ? new URLSearchParams({ payload: json }).toString() : json;
  if (Buffer.byteLength(body) > BODY_MOST) return [];
  const guid = randomUuid(world.github);
  const headers = {
    accept: '*/*',
    'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': `GitHub-Hookshot/${randomHex(world.github, 7)}`,
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-id': String(repository.id),
    'x-github-hook-installation-target-type': 'repository',
    ...(hook.secret !== '' && signaturesOf(hook.secret, body)),
  };
  const { id } = sendOff(world, {
    id: ++world.github.lastId,
    guid,
    hookId: hook.id,
    repository: repository.fullName,
    target: hook.target,
    event,
    redelivery: false,
    at: world.now,
    headers,
    body,
  });
  return [id];
}

/** docs, validating-webhook-deliveries: over the bytes of the body, hexadecimal. */
export function signaturesOf(secret: string, body: string) {
  const hmac = (algorithm: string) => createHmac(algorithm, secret).update(body).digest('hex');
  return {
    'x-hub-signature': `sha1=${hmac('sha1')}`,
    'x-hub-signature-256': `sha256=${hmac('sha256')}`,
  };
}

function sendOff(world: World, delivery: WebhookDelivery): WebhookDelivery {
  deliveriesOf(world);
  world.github.deliveries.push(delivery);
  const [least, most] = ON_ITS_WAY_MS;
  const at = world.now + Math.round(least + random(world.github) * (most - least));
  schedule(world, at, 'github.deliver', { id: delivery.id });
  return delivery;
}

export const githubTimers = {
  'github.deliver': (world: World, data: Record<string, unknown>): void => {
    const delivery = world.github.deliveries.find(({ id }) => id === data.id);
    if (delivery === undefined) return;
    if (world.github.deliveriesToLose > 0) {
      world.github.deliveriesToLose--;
      delivery.answer = answerOf('lost');
    } else world.github.outbox.push(delivery.id);
  },
};
