/**
 * What worlds draw so that what somebody does and what we do overlap: deployments within seconds of a push,
 * words and alarms that come twice at once while a rollout is stopped. By a stream of its own, as the other
 * extras.
 */
import { type Chance, chanceOf } from './chance.ts';
import type { Deed, Step } from './story.ts';

const MINUTE = 60_000;
const SALT = 0x0e71a;
const SHARE = 0.35;

/** With the repository of its image, and its alarm. */
const SERVICES = [
  { service: 'web', repository: 'shop/web', alarm: 'web-5xx' },
  { service: 'worker', repository: 'shop/worker', alarm: undefined },
  { service: 'api', repository: 'shop/api', alarm: 'api-5xx' },
] as const;

type Service = (typeof SERVICES)[number];

export function drawOverlaps(seed: number, minutes: number): readonly Step[] {
  const chance = chanceOf(seed ^ SALT);
  if (!chance.hits(SHARE)) return [];
  return Array.from({ length: chance.whole(1, 2) }, () => {
    const at = chance.whole(2, minutes - 8) * MINUTE + chance.whole(0, 59) * 1_000;
    return drawOverlap(chance, chance.pick(SERVICES), at);
  }).flat();
}

function drawOverlap(chance: Chance, one: Service, at: number): readonly Step[] {
  const { service, repository } = one;
  const soon = at + chance.whole(3, 60) * 1_000;
  const slow = { startSeconds: chance.pick([60, 150]) };
  // Whatever the config asks of an image, this one has.
  const plan = { signed: true };
  const push = (behaviour: object): Deed => ({ do: 'push', repository, behaviour, plan });
  switch (chance.whole(0, 5)) {
    case 0:
    case 1:
      // Of what runs: no revision changes, and nothing but its tasks tells that somebody deploys.
      return [
        { at, do: 'force-deployment', service },
        { at: soon, ...push({}) },
      ];
    case 2:
      return [
        { at, do: 'deploy-by-hand', service, behaviour: slow },
        { at: soon, ...push({}) },
      ];
    case 3:
      return [
        { at, ...push(slow) },
        { at: soon, do: 'deploy-by-hand', service, behaviour: {} },
      ];
    default:
      return stopped(chance, one, at, push(slow));
  }
}

/** In the middle of a rollout of ours it is to go, and much is heard at once. */
function stopped(chance: Chance, one: Service, at: number, push: Deed): readonly Step[] {
  const { service, alarm } = one;
  const then = at + chance.whole(20, 70) * 1_000;
  const ask = { do: 'ask', target: service, word: 'rollback', nth: 0 } as const;
  const again = then + chance.whole(1, 12) * 1_000;
  const flaps: readonly Step[] =
    alarm === undefined
      ? [{ at: again, ...ask }]
      : [
          { at: again, do: 'set-alarm', alarm, state: 'OK' },
          { at: again + 3_000, do: 'set-alarm', alarm, state: 'ALARM' },
          { at: again + 9_000, do: 'set-alarm', alarm, state: 'OK' },
        ];
  const first: Step =
    alarm === undefined || chance.hits(0.5)
      ? { at: then, ...ask }
      : { at: then, do: 'set-alarm', alarm, state: 'ALARM' };
  return [{ at, ...push }, first, ...flaps];
}
