/** Delivers what rules matched to the SQS queues that they name, for who has no wiring of his own. */
import type { World } from '../kernel/world.ts';
import { queueNamed, send } from '../sqs/state.ts';
import { drainDeliveries } from './state.ts';

const QUEUE_ARN = /^arn:aws:sqs:/;

/** Takes everything that is due. `onLost` is told what cannot be delivered, and why. */
export function deliverToQueues(world: World, onLost: (line: string) => void): void {
  for (const { rule, target, event } of drainDeliveries(world)) {
    const name = target.replace(/^.*:/, '');
    if (!QUEUE_ARN.test(target)) {
      onLost(`rule ${rule} has the target ${target}; only queues are delivered to`);
    } else if (world.sqs.queues[name] === undefined) {
      onLost(`rule ${rule} has the target ${target}, and there is no such queue`);
    } else {
      send(world, queueNamed(world, target), { body: JSON.stringify(event) });
    }
  }
}
