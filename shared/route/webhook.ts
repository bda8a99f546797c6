/**
 * What `github-push` does: verify, then read, then find the source and hand over to the queue, so
 * that GitHub has its answer within its ten seconds. Nothing is decided here, and nothing here can
 * build or deploy. A delivery that comes again gives the same message again; who takes it from the
 * queue knows its id.
 */
import { bodyOf, type PushedMessage, type SourceEnvelope } from '../edge/message.ts';
import type { Push } from '../edge/push.ts';
import { readWebhook, type Webhook } from '../edge/webhook.ts';
import { type Refused, readRequest, type WebhookRequest } from '../edge/webhook-request.ts';
import { signedText, unsigned } from '../edge/webhook-signature.ts';
import { type Queues, TransientError } from '../ports.ts';
import { type BoundLog, withLog } from '../runtime/log.ts';
import type { TellRefusal } from '../runtime/refusal-log.ts';
import { findSource, imageTagOf } from './find-sources.ts';
import { type SignerDeps, signersOf } from './webhook-secrets.ts';

export interface WebhookDeps extends SignerDeps {
  readonly queues: Queues;
  readonly log: BoundLog;
  readonly tellRefusal: TellRefusal;
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
        return refuse(parsed, deps);
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

function refuse({ status, message, because }: Refused, deps: WebhookDeps): WebhookAnswer {
  deps.tellRefusal(deps.log, { status, because });
  return answer(status, { message });
}

/** `signers`: the names of the secrets that it is signed with. */
type Verified = Webhook & { readonly signers: readonly string[] };

async function verified(request: WebhookRequest, deps: WebhookDeps): Promise<Verified | Refused> {
  const signed = signedText(request);
  if ('kind' in signed) return signed;
  const signers = await signersOf(signed, deps);
  if ('kind' in signers) return signers;
  const webhook = readWebhook(request, signed.text);
  return webhook.kind === 'refused' ? webhook : { ...webhook, signers };
}

async function passOn(
  { push, cause, signers }: Extract<Verified, { readonly kind: 'push' }>,
  deps: WebhookDeps,
): Promise<WebhookAnswer> {
  const { pipeline, queues, log: root } = deps;
  const until = performance.now() + GLOBS_MS;
  const found = findSource(pipeline, push, () => performance.now() > until);
  if ('because' in found) return ignored(root, { because: found.because, cause });
  const { source, key, images } = found;
  if (!signers.includes(source.webhookSecret)) {
    const which = `the secret of the source "${source.id}" is ${source.webhookSecret}`;
    return refuse(
      unsigned(`a push of ${source.repository} is signed with ${signers}: ${which}`),
      deps,
    );
  }
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
