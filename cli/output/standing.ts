/** Where one target stands, in words, by what is remembered of it and by what ECS says. */
import { revisionName, waitingImages } from '../../shared/core/model/image.ts';
import type { TargetRecord } from '../../shared/core/model/record.ts';
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
  const isOnItsWay = phase.phase === 'deploying' && phase.attempt.revision === revision;
  return isOnItsWay ? { ...runs?.images, ...phase.release.images } : undefined;
}

export function wantedOf({ phase, waiting }: TargetRecord): string {
  const next =
    Object.keys(waiting).length === 0 ? undefined : imagesInWords(waitingImages(waiting));
  const waits = next === undefined ? '' : `, then ${next}`;
  switch (phase.phase) {
    case 'deploying':
    case 'baking':
      return `${imagesInWords(phase.release.images)}${waits}`;
    case 'rolling-back':
      return phase.step.step === 'redeploying'
        ? `back to ${imagesInWords(phase.step.candidate.images)}${waits}`
        : `the last proven release${waits}`;
    case 'new':
    case 'idle':
    case 'watching':
    case 'needs-attention':
      return next === undefined ? 'what runs' : next;
    case 'retired':
      return 'nothing';
  }
}

export function becauseOf({ phase, waiting, hold, needsAttention }: TargetRecord): string | null {
  switch (phase.phase) {
    case 'rolling-back':
      return phase.condemned.because;
    case 'needs-attention':
      return phase.because;
    case 'baking':
      return (
        needsAttention?.because ??
        phase.extendedBecause ??
        `its bake ends at ${iso(bakeEndsAt(phase)).slice(11, 19)} UTC`
      );
    case 'new':
    case 'idle':
    case 'deploying':
    case 'watching':
    case 'retired': {
      const held = Object.values(waiting).find((one) => one.held !== undefined)?.held;
      if (held !== undefined) return `held: ${held.because}`;
      return hold === undefined ? null : `held: ${hold.by}: ${hold.because}`;
    }
  }
}

export function sinceWhen({ phase, runs }: TargetRecord): number | undefined {
  switch (phase.phase) {
    case 'deploying':
      return phase.release.startedAt;
    case 'baking':
      return phase.succeededAt;
    case 'watching':
    case 'rolling-back':
    case 'needs-attention':
      return phase.since;
    case 'new':
    case 'idle':
    case 'retired':
      return runs?.since;
  }
}
