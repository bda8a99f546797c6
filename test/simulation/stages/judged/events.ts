/** What befalls the requests of a release that is judged, or what CloudWatch tells of them. */
import { OutsideDeeds } from '../../outside-deeds.ts';
import type { Step } from '../../story.ts';
import { trouble } from '../course.ts';
import type { EventName } from '../events.ts';
import type { ShiftEventName } from '../events-shift.ts';
import type { Stage } from '../scene.ts';

type Happen = (stage: Stage) => Promise<void> | void;
type Deed = Extract<Step, { do: 'outage' | 'blip' | 'withhold' }>;

function perform(stage: Stage, deed: Omit<Deed, 'at'>): void {
  stage.engine.log(() => `scene: ${JSON.stringify(deed)}`);
  new OutsideDeeds(stage.engine, stage.truth.trail).perform({ at: 0, ...deed } as Deed);
}

/** From now on, and through its own fault. */
function fails(stage: Stage, errorRate: number): void {
  const newest = stage.pushed.at(-1);
  if (newest === undefined) return;
  stage.engine.log(() => `scene: ${newest.tag} fails ${errorRate} from now on`);
  stage.world.ecr.behaviours[newest.digest] = { errorRate };
  stage.pushed[stage.pushed.length - 1] = { ...newest, behaviour: { errorRate }, isGood: false };
}

/** CloudWatch gets it late, or never: then what the oracle asks of haste does not hold. */
function withhold(stage: Stage, minutes: number, lateMinutes?: number): void {
  stage.truth.faulty = true;
  perform(stage, {
    do: 'withhold',
    minutes,
    ...(lateMinutes !== undefined && { lateMinutes }),
  } as Omit<Deed, 'at'>);
}

const outage = (minutes: number, errorRate = 0.3) =>
  ({ do: 'outage', minutes, errorRate }) as const;

export const JUDGED_EVENTS = {
  'the new one fails a quarter': (stage) => fails(stage, 0.25),
  'the new one fails everything': (stage) => fails(stage, 1),
  'the new one fails four in a hundred': (stage) => fails(stage, 0.04),
  // Its tasks are warm by then.
  'the new one fails for half a minute': async (stage) => {
    await stage.pass(130);
    perform(stage, { do: 'blip', errorRate: 0.4, seconds: 25 } as Omit<Deed, 'at'>);
  },
  'both fail for a quarter of an hour': (stage) => perform(stage, outage(15)),
  'both fail until the old one has everything again': async (stage) => {
    perform(stage, outage(60));
    const { changes } = stage.world.elbv2;
    const before = changes.length;
    await stage.until(() => changes.length > before, 30);
    perform(stage, outage(0));
  },
  // Over before the look that finds it has sent the release back.
  'both fail for four minutes': (stage) => perform(stage, outage(4)),
  'both fail for an hour': (stage) => perform(stage, outage(60)),
  'both fail, and the new one more': (stage) => {
    perform(stage, outage(15, 0.2));
    fails(stage, 0.6);
  },
  'both fail, and a good push follows': async (stage) => {
    perform(stage, outage(15));
    await stage.pass(5 * 60);
    stage.push();
  },
  'no counts can be read for an hour': (stage) => trouble(stage, 'GetMetricData', 'throttled', 60),
  'counts may not be read for an hour': (stage) => trouble(stage, 'GetMetricData', 'refused', 60),
  'a good push, and no counts for an hour': async (stage) => {
    trouble(stage, 'GetMetricData', 'down', 60);
    stage.push();
  },
  'three minutes never come': (stage) => withhold(stage, 3),
  'half an hour never comes': (stage) => withhold(stage, 30),
  'minutes come five minutes late, and the new one fails a quarter': (stage) => {
    withhold(stage, 20, 5);
    fails(stage, 0.25);
  },
} as const satisfies Record<string, Happen>;

export type JudgedEventName = keyof typeof JUDGED_EVENTS;

/** What also happens elsewhere, and matters here. */
export const EVENTS_BESIDE = [
  'nothing',
  'a good push',
  'a bad push',
  'rollback',
  'hold',
  'deploy the oldest',
  'watch mode',
  'the rule is edited',
  'the hook is throttled for ten minutes',
] as const satisfies readonly (EventName | ShiftEventName)[];
