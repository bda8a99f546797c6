/**
 * The service is gone: deleted, being deleted, or somebody else's to drive. That answers everything else
 * that was seen, whatever the phase: no image has done anything wrong.
 */
import { announce, because, type Decision, restAsking } from '../model/decision.ts';
import { type ImageSet, waitingImages } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { Observation } from '../model/observation.ts';
import { isQuarantined } from '../model/record/known.ts';
import { offeredAgain } from '../model/record/newest.ts';
import { backOf, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import { howItComesBack, whyGone } from '../release/gone.ts';
import { beforeQuote } from '../release/quote.ts';
import { tellEnd } from '../release/release-ends.ts';

/** What ends is told, attention is asked for once, and what waits goes on waiting. */
export function whileGone(record: TargetRecord, observation: Observation): Decision {
  const why = whyGone(observation.service) ?? 'the service is gone';
  const noticed = `${why}; noticed at ${clockTime(observation.at)}, and AWS does not tell when it was`;
  const next = record.needsAttention?.gone ? record : end(record, noticed, observation);
  return because(holdWaiting(next, why, observation), why);
}

function end(record: TargetRecord, why: string, observation: Observation): TargetRecord {
  const { at } = observation;
  const { phase } = record;
  const { runs: _, ...rest } = record;
  const left = restAsking(
    { ...rest, newest: allAgain(record), alarmsToClear: [] },
    { because: why, since: at, gone: true },
  );
  const own = ownRelease(phase);
  const told =
    own !== undefined
      ? tellEnd(left, own, 'failed', {
          at,
          because: why,
          next: 'it was not its fault: when the service is there again, the newest image comes by itself',
        })
      : left;
  const condemned = backOf(phase)?.condemned;
  const images: ImageSet = { ...waitingImages(record.waiting), ...condemned?.images };
  return announce(told, 'needs-attention', {
    at,
    release: condemned?.release,
    images: Object.keys(images).length === 0 ? undefined : images,
    because: condemned === undefined ? why : beforeQuote(condemned.because, `; ${why}`),
    next: `${howItComesBack(observation.service)}; when the service is there again, the newest image comes by itself`,
  });
}

/** Whatever the next service runs first, the newest image may have its turn there. */
function allAgain(record: TargetRecord): TargetRecord['newest'] {
  return offeredAgain(record.newest, ({ digest }) => !isQuarantined(record, digest));
}

/** Each image is told once that it waits for the service. */
function holdWaiting(record: TargetRecord, why: string, { at }: Observation): TargetRecord {
  const untold = Object.entries(record.waiting).filter(([, { held }]) => held?.reason !== 'gone');
  if (untold.length === 0) return record;
  const next = 'it starts by itself when the service is there again';
  const held = { reason: 'gone', because: shorten(why, REASON_MAX), next, since: at } as const;
  const waiting = untold.map(([name, one]): [string, Waiting] => [name, { ...one, held }]);
  return announce(
    { ...record, waiting: { ...record.waiting, ...Object.fromEntries(waiting) } },
    'held',
    {
      at,
      because: why,
      images: waitingImages(Object.fromEntries(untold)),
      next,
    },
  );
}
