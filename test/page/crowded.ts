/** A world with more and longer of everything than anybody should have. */
import type { PageState } from '../../local/server/page-state.ts';
import {
  pageAlarm,
  pageImage,
  pageRevision,
  pageServed,
  pageState,
  pageTarget,
  pageTasks,
  TEN,
} from '../local/page-world.ts';

export function crowdedState(): PageState {
  const long =
    'a-service-whose-name-somebody-made-as-long-as-they-possibly-could-for-the-fun-of-it';
  const targets = Array.from({ length: 30 }, (_, index) => {
    const id = `${long}-${index}`;
    return pageTarget({
      id,
      key: `ecs/production/${id}`,
      because: `condemned: ${'x'.repeat(300)}`,
      quarantined: Array.from({ length: 8 }, (__, n) => pageImage(`main-${n}${'0'.repeat(60)}`)),
      revisions: [
        pageRevision({
          revision: `${id}:12345`,
          images: { app: pageImage(long), sidecar: pageImage('v1', 'b', `shop/${long}`) },
          tasks: [...pageTasks('a', 200), ...pageTasks('b', 100, { serving: false })],
          desired: 300,
          served: [pageServed(TEN)],
        }),
      ],
      alarms: [pageAlarm({ name: `${long}-5xx`, label: 'QueueDepth', state: 'ALARM', points: [] })],
    });
  });
  return pageState({ targets, timeline: { first: 0, next: 0 } });
}
