/** Where one target stands, in words, by what is remembered of it and by what ECS says. */
import { revisionName, waitingImages } from '../../shared/core/model/image.ts';
import { backOf, ownRelease, type TargetRecord } from '../../shared/core/model/record.ts';
import { bakeEndsAt } from '../../shared/core/release/bake-window.ts';
import type { SweptService } from '../../shared/ports.ts';
import { imagesInWords, iso } from './words.ts';

export interface Running {
  readonly images: string;
  readonly revision: string | null;
  readonly tasks: { readonly running: number; readonly desired: number } | null;
}

/** What ECS says is there; which images that are, the record knows. */
export function runningOf(
  record: TargetRecord | undefined,
  service: SweptService | undefined,
): Running {
  if (service === undefined) return { images: 'no service', revision: null, tasks: null };
  const { revision, running, desired } = service;
  const known = record && knownImages(record, revision);
  return {
    images: known === undefined ? 'images not known yet' : imagesInWords(known),
    revision: revisionName(revision),
    tasks: { running, desired },
  };
}

/** Of a release on its way the record knows only the containers that it changes. */
function knownImages({ runs, rollbackCandidates, phase }: TargetRecord, revision: string) {
  if (runs?.revision === revision) return runs.images;
  const candidate = rollbackCandidates.find((one) => one.revision === revision);
  if (candidate !== undefined) return candidate.images;
  const own = ownRelease(phase);
  return own?.attempt.revision === revision
    ? { ...runs?.images, ...own.release.images }
    : undefined;
}

export function wantedOf({ phase, waiting, retired }: TargetRecord): string {
  if (retired) return 'nothing';
  const next =
    Object.keys(waiting).length === 0 ? undefined : imagesInWords(waitingImages(waiting));
  const waits = next === undefined ? '' : `, then ${next}`;
  const back = backOf(phase);
  if (back !== undefined) {
    return back.step.step === 'redeploying'
      ? `back to ${imagesInWords(back.step.candidate.images)}${waits}`
      : `the last proven release${waits}`;
  }
  const own = ownRelease(phase);
  if (own !== undefined) return `${imagesInWords(own.release.images)}${waits}`;
  return next === undefined ? 'what runs' : next;
}

export function becauseOf({ phase, waiting, hold, needsAttention }: TargetRecord): string | null {
  const back = backOf(phase);
  if (back !== undefined) return back.condemned.because;
  if (needsAttention !== undefined) return needsAttention.because;
  if (phase.phase === 'baking' && phase.of === 'release') {
    const ends = `its bake ends at ${iso(bakeEndsAt(phase)).slice(11, 19)} UTC`;
    return phase.extendedBecause ?? ends;
  }
  const held = Object.values(waiting).find((one) => one.held !== undefined)?.held;
  if (held !== undefined) return `held: ${held.because}`;
  return hold === undefined ? null : `held: ${hold.by}: ${hold.because}`;
}

export function sinceWhen({ phase, runs, needsAttention }: TargetRecord): number | undefined {
  switch (phase.phase) {
    case 'idle':
      return needsAttention?.since ?? runs?.since;
    case 'deploying':
      return phase.goal === 'forward' ? phase.release.startedAt : phase.since;
    case 'baking':
      return phase.of === 'release' ? phase.succeededAt : phase.since;
  }
}
