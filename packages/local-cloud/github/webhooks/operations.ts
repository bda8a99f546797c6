/** What a program may ask about webhook deliveries: which there were, and one of them once more. */
import type { Endpoints } from '@octokit/types';
import { notFound } from '../errors.ts';
import { pageOf } from '../pages.ts';
import type { GithubRequest, RepositoryHandler, RepositoryRoute } from '../request.ts';
import type { GithubHook, GithubRepository, WebhookDelivery } from '../state.ts';
import { deliveriesOf, redeliver } from './deliveries.ts';

type DeliveryView =
  Endpoints['GET /repos/{owner}/{repo}/hooks/{hook_id}/deliveries']['response']['data'][number];

const listDeliveries: RepositoryHandler = (world, repository, request) => {
  const hook = hookOf(repository, request);
  const all = deliveriesOf(world).filter(({ hookId }) => hookId === hook.id);
  // GitHub pages them by a cursor; by a page number here.
  const { items, headers } = pageOf(request, all.toReversed());
  return { body: items.map((one) => deliveryView(repository, one)), headers };
};

const redeliverOne: RepositoryHandler = (world, repository, request) => {
  const hook = hookOf(repository, request);
  const known = deliveriesOf(world).find(({ id }) => String(id) === request.params.delivery_id);
  if (known === undefined || known.hookId !== hook.id) throw notFound();
  redeliver(world, known.id);
  return { status: 202, body: {} };
};

function hookOf({ hooks }: GithubRepository, { params }: GithubRequest): GithubHook {
  const hook = hooks.find(({ id }) => String(id) === params.hook_id);
  if (hook === undefined) throw notFound();
  return hook;
}

function deliveryView(repository: GithubRepository, delivery: WebhookDelivery): DeliveryView {
  const { id, guid, at, redelivery, answer, event } = delivery;
  return {
    id,
    guid,
    delivered_at: new Date(at).toISOString(),
    redelivery,
    duration: 0,
    status: answer?.status ?? 'pending',
    status_code: answer?.statusCode ?? 0,
    event,
    action: null,
    installation_id: null,
    repository_id: repository.id,
    throttled_at: null,
  };
}

const DELIVERIES = '/repos/{owner}/{repo}/hooks/{hook_id}/deliveries';

export const hookRoutes: readonly RepositoryRoute[] = [
  {
    route: `GET ${DELIVERIES}`,
    needs: { repository_hooks: 'read' },
    documentation: 'repos/webhooks#list-deliveries-for-a-repository-webhook',
    handle: listDeliveries,
  },
  {
    route: `POST ${DELIVERIES}/{delivery_id}/attempts`,
    needs: { repository_hooks: 'write' },
    documentation: 'repos/webhooks#redeliver-a-delivery-for-a-repository-webhook',
    handle: redeliverOne,
  },
];
