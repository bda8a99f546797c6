/** What a webhook of GitHub says, once its signature has been verified; not before. */
import { DELIVERY } from '../parsing/git-names.ts';
import { shown } from '../parsing/unreadable.ts';
import type { Cause } from './message.ts';
import { type Push, readPush } from './push.ts';
import { type Refused, refused, type WebhookRequest } from './webhook-request.ts';

export type Webhook = WebhookEvent & { readonly cause: Cause };

type WebhookEvent =
  | { readonly kind: 'ping' }
  | { readonly kind: 'ignored'; readonly because: string }
  | { readonly kind: 'push'; readonly push: Push };

/** Never throws: what cannot be read is refused, with what was wrong. */
export function readWebhook(
  request: Pick<WebhookRequest, 'contentType' | 'event' | 'delivery'>,
  text: string,
): Webhook | Refused {
  const { event, delivery } = request;
  if (delivery === undefined || !DELIVERY.test(delivery)) {
    return refused(400, `the header x-github-delivery is ${shown(delivery)}, expected a GUID`);
  }
  const json = jsonOf(request.contentType, text);
  if (typeof json !== 'string') return json;
  if (event === undefined || event === '') {
    return refused(400, 'the header x-github-event is missing');
  }
  const cause = { id: delivery, source: 'github', detailType: event.slice(0, 100) };
  if (event === 'ping') return { kind: 'ping', cause };
  if (event !== 'push') {
    return { kind: 'ignored', because: `nobody here listens to ${shown(event)}`, cause };
  }
  const push = pushOf(json);
  return 'unreadable' in push
    ? refused(400, `the push cannot be read: ${push.unreadable}`)
    : { kind: 'push', push, cause };
}

/** The payload's JSON: the body, or in a form the value of `payload`. */
function jsonOf(contentType: string | undefined, text: string): string | Refused {
  switch (contentType?.split(';')[0]?.trim().toLowerCase()) {
    case 'application/json':
      return text;
    case 'application/x-www-form-urlencoded': {
      const payload = new URLSearchParams(text).get('payload');
      return payload ?? refused(400, 'the form has no payload');
    }
    default:
      return refused(
        400,
        `the header content-type is ${shown(contentType)}, expected application/json or application/x-www-form-urlencoded`,
      );
  }
}

function pushOf(json: string): Push | { readonly unreadable: string } {
  try {
    // Some software puts a byte order mark before JSON; RFC 8259 lets a reader ignore it.
    return readPush(JSON.parse(json.replace(/^\ufeff/, '')));
  } catch {
    return { unreadable: 'it is not JSON' };
  }
}
