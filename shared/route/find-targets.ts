/** Which targets a message concerns. Pure: the functions that face the world send what it finds. */
import type { Pipeline, Target } from '../config/config.ts';
import { filterInWords, orderOf, rankOf, tagAllowed } from '../config/tags.ts';
import type { ContainerName, Image, Moment } from '../core/model/image.ts';
import type { Order } from '../core/model/order.ts';
import type { Message } from '../edge/message.ts';

/** The targets that this message is for; none is no error, see `whyNone`. */
export function findTargets(pipeline: Pipeline, message: Message): readonly Target[] {
  return Object.values(pipeline.targets).filter((target) => concerns(target, message));
}

/** Why `findTargets` found nothing, for one log line. */
export function whyNone(pipeline: Pipeline, message: Message): string {
  switch (message.type) {
    case 'ImagePushed': {
      const refusals = Object.values(pipeline.targets).flatMap((target) =>
        containersOf(target, message.repository).map(
          (container) => `${target.id}/${container} ${refusal(target, container, message.tag)}`,
        ),
      );
      return refusals.length === 0
        ? `no target uses the repository ${message.repository}`
        : `the tag ${message.tag} of ${message.repository} deploys nowhere: ${refusals.join('; ')}`;
    }
    case 'AlarmChanged':
      return `no target names the alarm ${message.alarm}`;
    case 'Hinted':
      if (message.repository !== undefined) {
        return `no target waits for scans or signatures in the repository ${message.repository}`;
      }
      return `no target is the service ${message.service ?? '?'} in ${message.cluster ?? 'any cluster'}`;
    case 'CommandReceived':
      return 'a person names the target: no message of theirs is searched for one';
  }
}

/**
 * The containers that may take an image of this repository that has one of these tags. Its place
 * in each one's order needs ECR's `imagePushedAt`: `ordersFor`.
 */
export function containersFor(
  target: Target,
  repository: string,
  tags: readonly string[],
): readonly ContainerName[] {
  return containersOf(target, repository).filter((container) =>
    tags.some((tag) => refusal(target, container, tag) === undefined),
  );
}

/**
 * `ImagePushed.containers`: the containers of this target that take the image, each with the image's
 * place in its order. Empty: it is for none of them. `pushedAt` is ECR's `imagePushedAt`.
 */
export function ordersFor(
  target: Target,
  image: Pick<Image, 'registry' | 'repository' | 'digest' | 'tags'>,
  pushedAt: Moment,
): Readonly<Record<ContainerName, Order>> {
  const orders: Record<ContainerName, Order> = {};
  for (const container of containersOf(target, image.repository)) {
    const rule = target.tagRules[container];
    const isHere = target.rules.containers[container]?.registry === image.registry;
    const order = rule === undefined || !isHere ? undefined : orderOf(rule, image, pushedAt);
    if (order !== undefined) orders[container] = order;
  }
  return orders;
}

function concerns(target: Target, message: Message): boolean {
  switch (message.type) {
    case 'ImagePushed':
      return containersFor(target, message.repository, [message.tag]).length > 0;
    case 'AlarmChanged':
      return target.rules.alarms.includes(message.alarm);
    case 'Hinted':
      if (message.repository !== undefined) {
        const { scan, signature } = target.rules;
        const asks = scan !== undefined || signature !== undefined;
        return asks && containersOf(target, message.repository).length > 0;
      }
      // Without a cluster every service of that name may look: one look too many does no harm.
      return (
        target.service === message.service &&
        (message.cluster === undefined || target.cluster === message.cluster)
      );
    case 'CommandReceived':
      return false;
  }
}

function containersOf(target: Target, repository: string): readonly ContainerName[] {
  return Object.entries(target.rules.containers)
    .filter(([, source]) => source.repository === repository)
    .map(([container]) => container);
}

/** Why this container does not take this tag; `undefined` when it does. */
function refusal(target: Target, container: ContainerName, tag: string): string | undefined {
  const rule = target.tagRules[container];
  if (rule === undefined) return 'has no rule for tags';
  if (!tagAllowed(rule, tag)) return `takes ${filterInWords(rule.tags)}`;
  return rankOf(rule, tag) === undefined ? `finds no ${rule.newer} in it` : undefined;
}
