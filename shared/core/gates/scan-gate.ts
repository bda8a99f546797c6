/** May this image start, going by what its scan found? Pure; the scan itself is asked in `observe.ts`. */
import { type Image, imageLabel, type Moment } from '../model/image.ts';
import { parseMoment } from '../model/moment.ts';
import type { Finding, Observation, ObservedScan } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';
import { MINUTE, type ScanException, type ScanRules } from '../model/rules.ts';
import { becomes } from './after-hold.ts';
import type { Gate, GateEnd, Refusal } from './gate.ts';

const DAY_MS = 86_400_000;
/** Of the findings above what is let through, in a sentence. */
const TOLD_MAX = 5;

type Complete = Extract<ObservedScan, { state: 'complete' }>;
type Missing = Exclude<ObservedScan, Complete | { state: 'ambiguous' }>;

/** It found what is not let through. A deploy by a person is held to it as well. */
export function refusedByScan(
  { scan: rules }: TargetRecord['rules'],
  { image }: Waiting,
  observation: Observation,
): Refusal | undefined {
  const scan = scanOf(rules, image, observation);
  if (scan?.state === 'ambiguous') {
    return {
      because: `no scan speaks for ${imageLabel(image)}: ${scan.because}`,
      next: 'push an image whose index has one manifest for that platform',
      again: 'push',
    };
  }
  if (rules === undefined || scan?.state !== 'complete') return undefined;
  const ended = scan.excepted.filter(({ id }) => !isExcepted(rules, id, observation.at));
  if (scan.above === 0 && ended.length === 0 && scan.cut === undefined) return undefined;
  return {
    because: `the scan of ${imageLabel(image)} found ${inWords(rules, scan, ended)}`,
    next: `push a fix, or name an exception with its last day under scan.except in pipeline.config.ts and deploy it again: by hand too it does not start without one`,
    again: 'push',
  };
}

/** There is no result yet, or none will come. */
export function waitsForScan(record: TargetRecord, observation: Observation): Gate | undefined {
  const { scan: rules } = record.rules;
  if (rules === undefined) return undefined;
  for (const [container, { image, since }] of Object.entries(record.waiting)) {
    const scan = scanOf(rules, image, observation);
    if (scan === undefined || scan.state === 'complete' || scan.state === 'ambiguous') continue;
    const closed = gate(rules, image, scan, { since, only: container });
    const over = observation.at >= since + closed.ends.minutes * MINUTE;
    // Nothing is told of a gate that nobody has to wait for any more.
    if (!(over && closed.ends.after === 'proceed')) return closed;
  }
  return undefined;
}

/** A result that is too old is none: findings are published every day. */
function scanOf(
  rules: ScanRules | undefined,
  { digest }: Image,
  { scans, at }: Observation,
): ObservedScan | undefined {
  const scan = scans?.[digest];
  const days = rules?.notOlderThanDays;
  if (scan?.state !== 'complete' || days === undefined) return scan;
  const { completedAt } = scan;
  if (completedAt !== undefined && at <= completedAt + days * DAY_MS) return scan;
  const age =
    completedAt === undefined
      ? 'does not say when it was made'
      : `is ${Math.floor((at - completedAt) / DAY_MS)} days old`;
  return { state: 'pending', because: `it ${age}, and scan.notOlderThanDays is ${days}` };
}

function gate(
  { highest, waitMinutes, afterWait }: ScanRules,
  image: Image,
  scan: Missing,
  whose: Pick<GateEnd, 'since' | 'only'>,
): Gate & { readonly ends: GateEnd } {
  const never = scan.state === 'unavailable';
  const what = {
    pending: 'is not complete',
    unavailable: 'gives no result',
    unknown: 'could not be asked for',
  }[scan.state];
  const after = never ? 'at its next look' : `${waitMinutes} minutes after it was offered`;
  // Who pushes chooses whether an image can be scanned: that is no way past the gate.
  const then = never && afterWait === 'proceed' ? 'ask' : afterWait;
  return {
    reason: 'scan',
    because: `the scan of ${imageLabel(image)} ${what}: ${scan.because}`,
    next: `it starts by itself when the scan is complete and finds ${allowed(highest)}; ${after} ${becomes(then)}`,
    ends: {
      minutes: never ? 0 : waitMinutes,
      ...whose,
      after: then,
      sentence: never
        ? `there will be no scan of ${imageLabel(image)}: ${scan.because}`
        : `${waitMinutes} minutes without a scan of ${imageLabel(image)}: ${scan.because}`,
      refused: never
        ? 'push an image that can be scanned; or take scan out of this target in pipeline.config.ts, then deploy it by hand or push it again'
        : 'have it scanned, then deploy it by hand or push it again',
      asked: never
        ? 'push an image that can be scanned; or take scan out of this target in pipeline.config.ts: it then starts by itself'
        : 'have it scanned; it then starts by itself, or is refused for what was found',
      again: 'push',
    },
  };
}

function allowed(highest: ScanRules['highest']): string {
  return highest === 'NONE' ? 'nothing' : `nothing above ${highest}`;
}

/** Its last day is over at midnight, UTC. */
function isExcepted(rules: ScanRules, id: string, at: Moment): boolean {
  return rules.except.some((one) => one.id === id && at < endOf(one));
}

function endOf({ until }: ScanException): Moment {
  return (parseMoment(`${until}T00:00:00Z`) ?? 0) + DAY_MS;
}

function inWords(rules: ScanRules, scan: Complete, ended: readonly Finding[]): string {
  const above = rules.highest === 'NONE' ? '' : ` above ${rules.highest}`;
  const told = scan.findings.slice(0, TOLD_MAX).map(({ id, severity }) => `${id} ${severity}`);
  const more = scan.above - told.length;
  const rest = more > 0 ? [`${more} more`] : [];
  const days = ended.slice(0, TOLD_MAX).map(({ id, severity }) => {
    const last = rules.except.findLast((one) => one.id === id)?.until ?? '?';
    return `${id} ${severity}, whose exception ended on ${last}`;
  });
  const cut = scan.cut === undefined ? [] : ['more findings than are read'];
  const count = scan.above + ended.length;
  const head = count === 0 ? '' : `${count} finding${count === 1 ? '' : 's'}${above}: `;
  return `${head}${[...told, ...rest, ...days, ...cut].join(', ')}`;
}
