/**
 * What `github-push` does: verify, then read, then find the source and hand over to the queue, so
 * that GitHub has its answer within its ten seconds. Nothing is decided here, and nothing here can
 * build or deploy. A delivery that comes again gives the same message again; who takes it from the
 * queue knows its id.
 */
import type { Pipeline } from '../config/config.ts';
import { bodyOf, type PushedMessage, type SourceEnvelope } from '../edge/message.ts';
import type { Push } from '../edge/push.ts';
import { readWebhook, type Webhook } from '../edge/webhook.ts';
import { type Refused, readRequest, type WebhookRequest } from '../edge/webhook-request.ts';
import { isSigned, secretIn, signedText, unsigned } from '../edge/webhook-signature.ts';
import { type Queues, type Secrets, TransientError } from '../ports.ts';
import { type BoundLog, withLog } from '../runtime/log.ts';
import { findSource, imageTagOf } from './find-sources.ts';

export interface WebhookDeps {
  readonly pipeline: Pipeline;
  readonly queues: Queues;
  readonly secrets: Secrets;
  readonly log: BoundLog;
}

/** GitHub gives up after ten seconds: so long the globs of paths may take, then every image is built. */
const GLOBS_MS = 2_000;

/** In the shape that function URLs and HTTP APIs share. The body says what was understood. */
export interface WebhookAnswer {
  readonly statusCode: 200 | 202 | Refused['status'] | 500 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A signature that fits none of the secrets asks for them once more, if they are older than this:
 * they may have been rotated. Whoever sends wrong signatures cannot make us ask more often.
 */
const ROTATED_MS = 30_000;

/**
 * The answer to one delivery. Never throws: an error of Lambda's own would tell GitHub less. When
 * the world is ill the status is 503: GitHub, which does not try again by itself, shows that the
 * delivery failed, and it can be redelivered from there.
 */
export async function handleWebhook(event: unknown, deps: WebhookDeps): Promise<WebhookAnswer> {
  const { log } = deps;
  try {
    const request = readRequest(event);
    const parsed = request.kind === 'request' ? await verified(request, deps) : request;
    switch (parsed.kind) {
      case 'refused':
        log.warn('refused', { status: parsed.status, because: parsed.because });
        return answer(parsed.status, { message: parsed.message });
      case 'ping':
        log.info('heard', { type: 'ping', cause: parsed.cause });
        return answer(200, { message: 'pong' });
      case 'ignored':
        return ignored(log, parsed);
      case 'push':
        return await passOn(parsed, deps);
    }
  } catch (error) {
    const isIll = error instanceof TransientError;
    log.error('failed; GitHub shows the delivery as failed, and it can be redelivered', { error });
    const message = 'this delivery was not heard: redeliver it in a while';
    return answer(isIll ? 503 : 500, { message });
  }
}

async function verified(request: WebhookRequest, deps: WebhookDeps): Promise<Webhook | Refused> {
  const signed = signedText(request);
  if ('kind' in signed) return signed;
  const isOurs = async (secrets: readonly string[]) => isSigned(signed, secrets.map(secretIn));
  const { secrets, pipeline } = deps;
  const name = pipeline.github.webhookSecret;
  const known = await secrets.get(name);
  if (!(await isOurs(known))) {
    const newer = await secrets.get(name, ROTATED_MS);
    if (newer === known || !(await isOurs(newer))) {
      return unsigned(`the signature fits no version of the secret ${name}`);
    }
  }
  return readWebhook(request, signed.text);
}

async function passOn(
  { push, cause }: Extract<Webhook, { readonly kind: 'push' }>,
  { pipeline, queues, log: root }: WebhookDeps,
): Promise<WebhookAnswer> {
  const until = performance.now() + GLOBS_MS;
  const found = findSource(pipeline, push, () => performance.now() > until);
  if ('because' in found) return ignored(root, { because: found.because, cause });
  const { source, key, images } = found;
  const message = toMessage(push, { delivery: cause.id, repository: source.repository, images });
  const envelope: SourceEnvelope = { source: key, message, cause };
  const log = root.with({ source: key, cause });
  await withLog(log, () => queues.send('builds', [{ body: bodyOf(envelope) }]));
  const { ref, before, after, skip } = message;
  log.info('heard', { type: message.type, after, images });
  return answer(202, {
    message: `heard: ${inWords(message)}`,
    ...{ source: source.id, repository: source.repository, ref, before, after, images, skip },
  });
}

function toMessage(
  { ref, before, after, forced, skip, by }: Push,
  about: Pick<PushedMessage, 'delivery' | 'repository' | 'images'>,
): PushedMessage {
  return {
    type: 'PushHeard',
    ...about,
    ref,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    forced,
    ...(skip !== undefined && { skip }),
    tag: imageTagOf(ref, after ?? before ?? ''),
    by,
  };
}

/** What was understood, not what will come of it: that is decided later. */
function inWords({ ref, before, after, forced, images, skip }: PushedMessage): string {
  if (after === undefined) return `${ref} was deleted`;
  const verb = before === undefined ? 'begins' : forced ? 'was rewritten, and is now' : 'is now';
  const moved = `${ref} ${verb} at ${after.slice(0, 12)}`;
  if (skip !== undefined) return `${moved}, and its message asks for no build (${skip})`;
  return images.length === 0
    ? `${moved}, and its paths concern no image`
    : `${moved}, which concerns ${images.join(', ')}`;
}

function ignored(
  log: BoundLog,
  { because, cause }: Pick<Extract<Webhook, { kind: 'ignored' }>, 'because' | 'cause'>,
): WebhookAnswer {
  log.info('ignored', { because, cause });
  return answer(202, { message: `ignored: ${because}` });
}

function answer(statusCode: WebhookAnswer['statusCode'], body: object): WebhookAnswer {
  const allow = statusCode === 405 ? { allow: 'POST' } : {};
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...allow },
    body: JSON.stringify(body),
  };
}
