/** What somebody does who should not: calls with a stolen role, forged deliveries, calls with a stolen token. */
import { fullSha } from '@slipway/local-cloud/github/commits/commits.ts';
import { WEBHOOK_SECRET } from '@slipway/local-cloud/github/setup.ts';
import type { WebhookDelivery } from '@slipway/local-cloud/github/state.ts';
import { deliveriesOf, signaturesOf } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import { randomUuid } from '@slipway/local-cloud/kernel/random.ts';
import { ScenarioError, type Step } from '../scenario-format.ts';
import type { Stage } from '../stage.ts';

type AttackStep = Pick<Step, 'call' | 'delivery' | 'github'>;

/** Throws `ScenarioError` where it is not answered as the story says. */
export async function playAttack(stage: Stage, step: AttackStep): Promise<void> {
  const { call, delivery, github } = step;
  const { attacks } = stage;
  if (attacks === undefined) return;
  if (call !== undefined) {
    const { as, operation, input, answers, because } = call;
    const [service = '', name = ''] = operation.split(':');
    const { outcome, message } = await attacks.call(as, service, name, spelled(input));
    stage.tell(`somebody with the role of ${as} calls ${operation}: ${outcome}`);
    compare(`${operation} as ${as}`, outcome, answers);
    const isSaid = because === undefined || message.includes(because);
    compare(`${operation} as ${as}`, isSaid ? (because ?? '') : message, because ?? '');
  }
  if (delivery !== undefined) {
    const forged = forgedDelivery(stage, delivery);
    const answer = await attacks.deliver(forged);
    stage.tell(`a delivery comes, signed with ${delivery.signedWith}: ${answer}`);
    compare(`the delivery signed with ${delivery.signedWith}`, String(answer), delivery.answers);
  }
  if (github !== undefined) {
    const { method, path, body, answers } = github;
    const answer = await attacks.github(method, path, body);
    stage.tell(`somebody with the token of Slipway asks GitHub: ${method} ${path}: ${answer}`);
    compare(`${method} ${path}`, String(answer), answers);
  }
}

function compare(what: string, answer: string, expected: string | number): void {
  if (answer === String(expected)) return;
  const line = `${what} is answered ${answer}, expected ${expected}`;
  throw new ScenarioError([{ path: '', line }]);
}

/** Texts that hold JSON are written as JSON in a story: the body of a message, the detail of an event. */
function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const isText = ['MessageBody', 'Detail'].includes(key) && typeof part === 'object';
      return [key, isText ? JSON.stringify(part) : spelled(part)];
    }),
  );
}

/** A real delivery with other facts in it, under a number of its own. */
function forgedDelivery(
  { world }: Stage,
  { like, ref, before, after, forced, event, signedWith }: NonNullable<Step['delivery']>,
): WebhookDelivery {
  const captured = deliveriesOf(world).find(({ body }) => body.includes(fullSha(like)));
  if (captured === undefined) {
    throw new ScenarioError([{ path: '', line: `GitHub sent no delivery of the commit ${like}` }]);
  }
  const payload = JSON.parse(captured.body) as Record<string, unknown>;
  const head = after && { after: fullSha(after), head_commit: commitLike(payload, after) };
  const body = JSON.stringify({
    ...payload,
    ...(ref && { ref }),
    ...(before && { before: fullSha(before) }),
    ...(forced !== undefined && { forced }),
    ...head,
  });
  const secrets = { 'the secret': WEBHOOK_SECRET, 'another secret': 'guessed' };
  const { 'x-hub-signature': _, 'x-hub-signature-256': __, ...headers } = captured.headers;
  const guid = randomUuid(world.github);
  return {
    ...captured,
    guid,
    at: world.now,
    body,
    headers: {
      ...headers,
      'content-length': String(Buffer.byteLength(body)),
      'x-github-delivery': guid,
      ...(event && { 'x-github-event': event }),
      ...(signedWith === 'nothing' ? {} : signaturesOf(secrets[signedWith], body)),
    },
  };
}

function commitLike({ head_commit }: Record<string, unknown>, id: string): object {
  return { ...(head_commit as object), id: fullSha(id) };
}
