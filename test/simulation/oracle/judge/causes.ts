/** Why requests fail in a world: by an image, as it was made, or by what every revision asks. */
import { behaviourOf } from '@slipway/local-cloud/ecr/state.ts';
import { MINUTE, type Reign, type Truth } from '../truth.ts';
import { type Both, compared, minutesOf } from './counts.ts';

/** So long what the judge reads of the past counts as history. */
const HISTORY_MS = 240 * MINUTE;
/** Less of all answers than this nobody need notice. */
const GRAVE = 0.1;

type Blip = Truth['trail']['blips'][number];

/** Of one revision, at its worst: what its images were made to fail, and what befell one of them for a minute or more. */
function failsAtWorst(
  truth: Truth,
  taskDefinition: string,
  isMeant: (blip: Blip) => boolean = () => true,
): number {
  const digests = Object.values(truth.digestsOf(taskDefinition));
  const made = digests.map((digest) => behaviourOf(truth.world, digest).errorRate ?? 0);
  const blips = truth.trail.blips.filter(
    (blip) => digests.includes(blip.digest) && blip.to - blip.from >= MINUTE && isMeant(blip),
  );
  return Math.max(0, ...made, ...blips.map(({ errorRate }) => errorRate));
}

/** Does it answer worse than what it replaced, by its own fault? */
export function isWorse(truth: Truth, reign: Reign): boolean {
  const before = beforeOf(truth, reign);
  const usual = before === undefined ? 0 : failsOfLate(truth, reign, before);
  return failsAtWorst(truth, reign.taskDefinition) > usual || isSlower(truth, reign);
}

/** What befell the old one, and was over before their last minutes together, excuses nothing that the new one fails since. */
function failsOfLate(truth: Truth, reign: Reign, before: Reign): number {
  const last = compared(minutesOf(truth, reign)).at(-1)?.from ?? 0;
  return failsAtWorst(truth, before.taskDefinition, ({ to }) => to > last);
}

/** What answers of this model take of themselves. */
const USUAL_MS = 50;

/** Its answers are slow, as the config says what is slow, and those of what it replaced are not. */
function isSlower(truth: Truth, reign: Reign): boolean {
  const { slowMs } = truth.target(`ecs/${reign.deployment.service}`)?.rules ?? {};
  const before = beforeOf(truth, reign);
  if (slowMs === undefined || before === undefined) return false;
  return (
    takesMs(truth, reign.taskDefinition) > slowMs && takesMs(truth, before.taskDefinition) <= slowMs
  );
}

function takesMs(truth: Truth, taskDefinition: string): number {
  const factors = Object.values(truth.digestsOf(taskDefinition)).map(
    (digest) => behaviourOf(truth.world, digest).latencyFactor ?? 1,
  );
  return USUAL_MS * Math.max(1, ...factors);
}

/** What ran when it came. */
function beforeOf(truth: Truth, reign: Reign): Reign | undefined {
  return truth.reigns(reign.deployment.service).findLast(({ from }) => from < reign.from);
}

/** An outage that began while both could be compared, of which nothing before was a warning. */
export function outageOver(truth: Truth, reign: Reign, at: number) {
  const [first] = minutesOf(truth, reign);
  const before = beforeOf(truth, reign);
  if (first === undefined || before === undefined) return undefined;
  // What always fails in clusters, or drifts, makes an outage less of a surprise.
  if (truth.world.traffic.sources.some(({ errors }) => errors !== undefined)) return undefined;
  const { outages } = truth.trail;
  const isQuiet = outages.every(
    ({ from, to }) => from > first.from || to < first.from - HISTORY_MS,
  );
  if (!isQuiet || failsAtWorst(truth, before.taskDefinition) > 0) return undefined;
  return outages.find(
    ({ from, to, errorRate }) => from <= at && at <= to && from > first.from && errorRate >= GRAVE,
  );
}

/** Minutes of an outage in which the old one had requests enough to show it. */
export function sufferedBoth(
  truth: Truth,
  reign: Reign,
  { from, to }: { readonly from: number; readonly to: number },
): readonly Both[] {
  return compared(minutesOf(truth, reign)).filter(
    (minute) =>
      minute.from >= from &&
      minute.from + MINUTE <= to &&
      minute.oldN >= 60 &&
      minute.oldE >= GRAVE * 0.5 * minute.oldN,
  );
}
