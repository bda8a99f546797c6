/** What each operation of EventBridge asks of IAM. */
import { ANY, arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { eventbridgeOperations } from './operations.ts';

interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
}

export const eventbridgeNeeds: NeedsOf<typeof eventbridgeOperations> = {
  PutEvents: (world, { Entries = [] }: { readonly Entries?: readonly Entry[] }) =>
    Entries.map((entry) => onBus(world, entry)),
  CreateEventBus: (world, { Name = '' }: { readonly Name?: string }) => [
    need('events:CreateEventBus', arnOf(world, 'events', `event-bus/${Name}`)),
  ],
  ListEventBuses: () => [need('events:ListEventBuses', ANY)],
  ListRules: () => [need('events:ListRules', ANY)],
  TestEventPattern: () => [need('events:TestEventPattern', ANY)],
};

/** Whether AWS asks for each entry or for all at once is not documented (unverified). */
function onBus(world: World, { EventBusName = 'default', Source, DetailType }: Entry): Need {
  const bus = EventBusName.replace(/^.*event-bus\//, '');
  return need('events:PutEvents', arnOf(world, 'events', `event-bus/${bus}`), {
    'events:source': Source,
    'events:detail-type': DetailType,
  });
}
