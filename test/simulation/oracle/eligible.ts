/** Rules about what may start: what ECR knows of an image, and the alarm that the last release left red. */
import { countsOf } from '@slipway/local-cloud/ecr/scans.ts';
import type { EcrImage } from '@slipway/local-cloud/ecr/state.ts';
import type { Target } from '../../../shared/config/config.ts';
import type { Rule } from './finding.ts';
import { MINUTE, nameOf, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

/** What no world lets through: `highest` is MEDIUM in all of them. */
const TOO_GRAVE = ['HIGH', 'CRITICAL'] as const;

/** A forward call: each image that comes with it and never ran before. */
export function judgeEligible(
  target: Target,
  taskDefinition: string,
  ranBefore: readonly string[],
  truth: Truth,
  say: Say,
): void {
  const before = new Set(ranBefore.flatMap((one) => Object.values(truth.digestsOf(one))));
  for (const [container, digest] of Object.entries(truth.digestsOf(taskDefinition))) {
    if (before.has(digest) || target.rules.containers[container] === undefined) continue;
    const name = `${container} gets ${digest.slice(7, 15)}`;
    if (target.rules.scan !== undefined) {
      const why = wasDeletedSince(truth, target, digest) ? undefined : whyNotScanned(truth, digest);
      if (why !== undefined)
        say('6. only what its scan lets through is started', `${name}: ${why}`);
    }
    if (target.rules.signature !== undefined && !isSigned(truth, digest)) {
      say('6. only what is signed is started', name);
    }
  }
}

/** Its scan is gone with it: what that said when the release was registered nobody knows any more. */
function wasDeletedSince({ trail }: Truth, { key }: Target, digest: string): boolean {
  const registered = trail.calls.find(
    ({ operation, target, input }) =>
      operation === 'RegisterTaskDefinition' &&
      target === key &&
      JSON.stringify(input).includes(digest),
  );
  const deletedAt = trail.deleted.get(digest);
  return registered !== undefined && deletedAt !== undefined && deletedAt >= registered.at;
}

function whyNotScanned(truth: Truth, digest: string): string | undefined {
  const image = imageOf(truth, digest);
  if (image === undefined) return 'ECR does not have it';
  const scanned = image.scan === undefined ? childrenOf(truth, image) : [image];
  if (scanned.length === 0) return 'nothing of it was scanned';
  const open = scanned.find(({ scan }) => scan?.completedAt === undefined);
  if (open !== undefined) return `its scan is ${open.scan?.status ?? 'not begun'}`;
  const grave = scanned.flatMap((one) =>
    TOO_GRAVE.filter((severity) => (countsOf(one)[severity] ?? 0) > 0),
  );
  return grave.length === 0 ? undefined : `its scan found ${grave.join()}`;
}

/** Of an index the manifests that have a scan; an attestation has none. */
function childrenOf(truth: Truth, { manifest }: EcrImage): readonly EcrImage[] {
  const { manifests = [] } = JSON.parse(manifest) as {
    manifests?: { digest: string; platform?: { architecture?: string } }[];
  };
  return manifests
    .filter(({ platform }) => platform?.architecture === 'amd64')
    .flatMap(({ digest }) => imageOf(truth, digest) ?? []);
}

/** cosign's own place for it: a tag that is made of the digest. */
function isSigned(truth: Truth, digest: string): boolean {
  const tag = `${digest.replace(':', '-')}.sig`;
  return Object.values(truth.world.ecr.repositories).some(({ images }) =>
    Object.values(images).some(({ tags }) => tags.includes(tag)),
  );
}

function imageOf(truth: Truth, digest: string): EcrImage | undefined {
  return Object.values(truth.world.ecr.repositories).flatMap(
    ({ images }) => images[digest] ?? [],
  )[0];
}

/** It could neither blame nor spare the next one: at most a bake long it is waited for. */
export function judgeClearing(
  target: Target,
  taskDefinition: string,
  since: number,
  truth: Truth,
  say: Say,
): void {
  const mine = truth.trail.told.filter(({ announcement: { key } }) => key === target.key);
  const last = mine.findLast(({ at, announcement: { kind } }) => at < since && kind !== 'held');
  if (last?.announcement.kind !== 'rolled-back') return;
  const alarm = /^alarm ([\w-]+) rose at/.exec(last.announcement.because)?.[1];
  if (alarm === undefined || !truth.isRed(alarm, last.at, truth.now)) return;
  const runs = truth.reigns(target.key.slice('ecs/'.length)).findLast(({ from }) => from < since);
  if (runs === undefined || runs.from + target.rules.bakeMinutes * MINUTE <= truth.now + 5_000)
    return;
  const digests = Object.values(truth.digestsOf(taskDefinition));
  const byHand = truth.trail.acts.some(
    ({ target: id, what, at, of = '' }) =>
      id === target.id && (at > last.at ? what !== 'resume' : digests.includes(of)),
  );
  if (byHand) return;
  say(
    '9. the next release waits for the alarm that condemned the last one',
    `${nameOf(taskDefinition)}, though ${alarm} is red since before ${new Date(last.at).toISOString()}`,
  );
}
