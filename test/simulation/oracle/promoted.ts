/** Rules about a target that takes images `after` another one: not before that has proven them, and then it does. */
import type { Target } from '../../../shared/config/config.ts';
import type { CallMade } from '../engine.ts';
import type { Rule } from './finding.ts';
import { MINUTE, nameOf, type Truth } from './truth.ts';

type Say = (rule: Rule, facts: string) => void;

const PROVEN_THERE = '6. what another target must prove first starts only when it has';
const COMES = '6. what another target has proven comes';

/** Ours and AWS's clocks differ by so much at most. */
const CLOCKS_MS = 5_000;
/** A person's word is carried out within this time, or never. */
const WORD_COUNTS_MS = 120 * MINUTE;
/** Proven there it is looked for each quarter of an hour, and a release takes its time. */
const COMES_WITHIN_MS = 60 * MINUTE;

/** A forward call: each image that comes with it, and never ran here before. */
export function judgePromoted(
  call: CallMade,
  {
    taskDefinition,
    ranBefore,
  }: { readonly taskDefinition: string; readonly ranBefore: readonly string[] },
  truth: Truth,
  say: Say,
): void {
  const target = truth.target(call.target);
  const { after } = target?.rules ?? {};
  if (target === undefined || after === undefined) return;
  const before = new Set(ranBefore.flatMap((one) => Object.values(truth.digestsOf(one))));
  for (const digest of Object.values(truth.digestsOf(taskDefinition))) {
    if (before.has(digest) || isDeployed(truth, target, digest, call.at)) continue;
    for (const { id, key } of after.targets) {
      const upstream = truth.target(key);
      // It left the config: what its record says counts on, and nobody watches it any longer.
      if (upstream === undefined) continue;
      const provenAt = provenThere(truth, upstream, digest);
      const soaked = (provenAt ?? Infinity) + after.soakMinutes * MINUTE;
      if (soaked <= call.at + CLOCKS_MS) continue;
      const since = provenAt === undefined ? 'never' : new Date(provenAt).toISOString();
      say(
        PROVEN_THERE,
        `${nameOf(taskDefinition)} has ${digest.slice(7, 15)}, which ${id} proved ${since}`,
      );
    }
  }
}

/** For the first time. */
function provenThere(truth: Truth, target: Target, digest: string): number | undefined {
  const moments = truth
    .reigns(serviceOf(target))
    .filter(({ taskDefinition }) => Object.values(truth.digestsOf(taskDefinition)).includes(digest))
    .flatMap((reign) => truth.provenAt(reign, target) ?? []);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function isDeployed({ trail }: Truth, { id }: Target, digest: string, at: number): boolean {
  return trail.acts.some(
    (act) =>
      act.target === id &&
      act.what === 'deploy' &&
      act.of === digest &&
      act.at > at - WORD_COUNTS_MS,
  );
}

/** At rest: the newest of all, which stands there since long, runs here too, or somebody was told of it. */
export function judgeComes(truth: Truth, target: Target, say: Say): void {
  const { after } = target.rules;
  const [first] = after?.targets ?? [];
  const upstream = first && truth.target(first.key);
  if (after === undefined || upstream === undefined || target.rules.mode === 'watch') return;
  const runsThere = truth.primary(serviceOf(upstream));
  // Without a task nothing is proven, nor begun.
  if (!hasTasks(truth, target) || !hasTasks(truth, upstream) || runsThere === undefined) return;
  for (const { repository } of Object.values(target.rules.containers)) {
    const digest = newestOf(truth, repository);
    if (digest === undefined) continue;
    if (!Object.values(truth.digestsOf(runsThere)).includes(digest)) continue;
    const provenAt = provenThere(truth, upstream, digest);
    const due = (provenAt ?? Infinity) + after.soakMinutes * MINUTE + COMES_WITHIN_MS;
    if (due > truth.now || isDisturbed(truth, target, digest)) continue;
    const runs = truth.primary(serviceOf(target));
    if (runs !== undefined && Object.values(truth.digestsOf(runs)).includes(digest)) continue;
    say(
      COMES,
      `${digest.slice(7, 15)}, which ${upstream.id} proved ${new Date(provenAt ?? 0).toISOString()}`,
    );
  }
}

/** Since it was pushed somebody decided what runs here, or was told how this very image ended here. */
function isDisturbed(truth: Truth, target: Target, digest: string): boolean {
  const { told, acts } = truth.trail;
  const since = truth.pushedAt(digest) ?? 0;
  const isTold = told.some(
    ({ announcement: { key, kind, images } }) =>
      key === target.key &&
      kind !== 'held' &&
      kind !== 'started' &&
      Object.values(images ?? {}).some((image) => image.digest === digest),
  );
  const byHand = acts.some(
    ({ at, target: id, what }) =>
      at >= since && (id === target.id || id === '') && what !== 'push-again' && what !== 'resume',
  );
  return isTold || byHand;
}

function hasTasks({ world }: Truth, target: Target): boolean {
  return (world.ecs.services[serviceOf(target)]?.desiredCount ?? 0) > 0;
}

function newestOf(truth: Truth, repository: string): string | undefined {
  const images = Object.entries(truth.world.ecr.repositories[repository]?.images ?? {});
  return images
    .filter(
      ([, { status, tags }]) => status === 'ACTIVE' && !tags.some((tag) => tag.endsWith('.sig')),
    )
    .toSorted(([, a], [, b]) => a.pushedAt - b.pushedAt)
    .at(-1)?.[0];
}

function serviceOf({ key }: Target): string {
  return key.slice('ecs/'.length);
}
