/** Rules about how a world stands when it is at rest. */
import type { Target } from '../../../shared/config/config.ts';
import type { Rule } from './finding.ts';
import { MINUTE, nameOf, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** Under green alarms what ran before us is known as a place to return to within this time. */
const ADOPTED_WITHIN_MS = 40 * MINUTE;

export function judgeRest(truth: Truth, target: Target, say: Say): void {
  judgeQuarantinedRuns(truth, target, say);
  adopted(truth, target, say);
  endsTold(truth, target, say);
}

/** By these a release has ended. */
const ENDS: readonly string[] = ['proven', 'rolled-back', 'failed', 'superseded', 'refused'];

/**
 * Of each image that we registered a revision for, somebody hears later how that ended; or before, where a handler
 * was paused right before its call, and another one went on.
 */
function endsTold(truth: Truth, { key }: Target, say: Say): void {
  const registered = truth.trail.calls.filter(
    ({ operation, target }) => operation === 'RegisterTaskDefinition' && target === key,
  );
  for (const { at, beganAt = at, input } of registered) {
    const told = truth.trail.told.some(
      ({ at: toldAt, announcement: { key: of, kind, images, runs } }) =>
        of === key &&
        (toldAt >= at || (toldAt >= beganAt && ENDS.includes(kind))) &&
        // Both: a rollback names what it leaves, and what runs then, of the same container.
        [...Object.values(images ?? {}), ...Object.values(runs?.images ?? {})].some(({ digest }) =>
          JSON.stringify(input).includes(digest),
        ),
    );
    if (!told) say('8. the end of a release is told', new Date(at).toISOString());
  }
}

export function judgeQuarantinedRuns(truth: Truth, target: Target, say: Say): void {
  const service = target.key.slice('ecs/'.length);
  const primary = truth.primary(service);
  const reigns = truth.reigns(service);
  // A deployment that somebody forces since then brings nothing else to run; a service that is made anew does.
  const reign = reigns.findLast(
    ({ by, taskDefinition }, i) =>
      taskDefinition === primary &&
      (by === 'creation' || reigns[i - 1]?.taskDefinition !== primary),
  );
  if (primary === undefined || reign === undefined) return;
  const madeAt = reigns.findLast(({ by }) => by === 'creation')?.from ?? truth.begin;
  if (truth.world.ecs.services[service]?.desiredCount === 0) return;
  for (const digest of Object.values(truth.digestsOf(primary))) {
    const note = truth.trail.quarantine.findLast(
      (one) => one.key === target.key && one.digest === digest,
    );
    if (note?.change !== 'added') continue;
    const since = Math.max(note.at, reign.from) - 2 * MINUTE;
    const last = truth.trail.told.findLast(({ announcement: { key } }) => key === target.key);
    const told = truth.trail.told.some(
      ({ at, announcement: { key, kind, images, revision, because } }) =>
        key === target.key &&
        // Where nothing was told since, it is as it was told, whoever deployed that revision again.
        (at >= since || (at === last?.at && at >= Math.max(note.at, madeAt))) &&
        ['needs-attention', 'retired', 'would-have'].includes(kind) &&
        (revision === primary ||
          because.includes(nameOf(primary)) ||
          Object.values(images ?? {}).some((image) => image.digest === digest)),
    );
    if (!told) {
      say(
        '2. at rest no quarantined digest runs untold',
        `${nameOf(primary)} has ${digest.slice(7, 15)}`,
      );
    }
  }
}

/** Nobody stood in the way: it is announced. */
function adopted(truth: Truth, target: Target, say: Say): void {
  const service = target.key.slice('ecs/'.length);
  const [first, second] = truth.reigns(service);
  if (first === undefined || first.by !== 'creation' || truth.faulty) return;
  if (Math.min(truth.now, second?.from ?? Infinity) < truth.begin + ADOPTED_WITHIN_MS) return;
  const disturbed =
    truth.trail.acts.some(
      ({ target: id, at }) => id === target.id && at < truth.begin + ADOPTED_WITHIN_MS,
    ) || truth.rises().some(({ at }) => at < truth.begin + ADOPTED_WITHIN_MS);
  const told = truth.trail.told.some(
    ({ at, announcement: { key, kind } }) =>
      key === target.key &&
      at < truth.begin + ADOPTED_WITHIN_MS &&
      ['adopted', 'proven', 'needs-attention', 'rolled-back'].includes(kind),
  );
  if (!disturbed && !told) say('6. what ran before us is adopted', nameOf(first.taskDefinition));
}
