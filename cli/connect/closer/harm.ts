/** How many answers were errors while a release was there: what its alarm counts, of both revisions together. */
import type { BadAnswers } from '../../../shared/aws/bad-answers.ts';
import type { Target } from '../../../shared/config/config.ts';
import { isByAlarm, type LastRelease } from '../../../shared/core/incident/last-release.ts';
import { releaseTimes } from '../../output/stats/release-times.ts';
import type { Connection } from '../connection.ts';
import { entriesOf } from '../history-entries.ts';

/** Of the newest decisions of a busy target. */
const ENTRIES = 500;

/** From when ECS took it to its end, or until now. Undefined: nothing counts answers, or it is not known when it began. */
export async function badIn(
  connection: Connection,
  { key, rules }: Target,
  { release, became, at }: LastRelease,
  entries = ENTRIES,
): Promise<BadAnswers | undefined> {
  const times = releaseTimes(await entriesOf(connection, key, entries));
  const from = times.find((one) => one.release === release)?.startedAt;
  if (from === undefined) return undefined;
  const now = connection.now();
  const to = became === 'rolling-back' || became === 'needs-attention' ? now : at;
  const counted = await connection.aws.badAnswers(rules.alarms, { from, to });
  // Whole minutes are counted, and the last of them may not be over.
  return counted && { ...counted, to: Math.min(counted.to, now) };
}

const ANSWERED_BADLY: readonly LastRelease['became'][] = [
  'rolling-back',
  'rolled-back',
  'needs-attention',
];
/** What is older is no news; and a look costs what it reads. */
const [NEWS_MS, ENTRIES_OF_A_LOOK] = [24 * 60 * 60_000, 100];

/** For a look at one target: asked only where an alarm condemned what was tried last. */
export async function harmOf(
  connection: Connection,
  target: Target,
  last: LastRelease | undefined,
): Promise<BadAnswers | undefined> {
  const isNews = last !== undefined && connection.now() - last.at < NEWS_MS;
  if (!isNews || !isByAlarm(last.because) || !ANSWERED_BADLY.includes(last.became))
    return undefined;
  return await badIn(connection, target, last, ENTRIES_OF_A_LOOK);
}
