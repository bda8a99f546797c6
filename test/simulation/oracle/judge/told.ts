/** The counts that a sentence of the judge's names are the load balancer's own, of minutes that could be read. */
import type { Announcement } from '../../../../shared/core/model/announcement.ts';
import type { Rule } from '../finding.ts';
import { MINUTE, nameOf, type Reign, type Truth } from '../truth.ts';
import { asRead, type Both, type Counts, minutesOf, sumOf } from './counts.ts';

type Say = (rule: Rule, facts: string) => void;

const N = String.raw`([\d,]+)`;
const RATE = String.raw`\([^)]*\)`;
const COMPARED = new RegExp(
  `of ${N} requests to (web:\\d+), ${N} failed ${RATE}; of ${N} to [\\w: ]+? in the same minutes, ${N} `,
  'g',
);
const ALONE = new RegExp(`of ${N} requests to (web:\\d+) by itself, ${N} failed`, 'g');
const ALIKE = new RegExp(
  `in one minute of ${N} requests to [\\w: ]+?, ${N} failed ${RATE}, of ${N} to (web:\\d+) ${N} `,
  'g',
);
const AFTER = new RegExp(
  `of ${N} requests to web:\\d+, ${N} failed ${RATE} in \\d minutes? after it; of the last ${N} to (web:\\d+) it had been ${N} `,
  'g',
);

/** So long after a deployment what its minutes were is still spoken of. */
const SPOKEN_OF_MS = 30 * MINUTE;

export function judgeCounts(one: Announcement, truth: Truth, say: Say): void {
  if (truth.trail.minutes.size === 0 || !/requests? to web:/.test(one.because)) return;
  const wrong = (said: string) => say(TRUE_COUNTS, `${one.kind}: ${said}`);
  for (const [said, newN, name = '', newE, oldN, oldE] of one.because.matchAll(COMPARED)) {
    const counts = { newN: of(newN), newE: of(newE), oldN: of(oldN), oldE: of(oldE) };
    if (!isPrefix(truth, name, isCompared, counts)) wrong(said);
  }
  for (const [said, newN, name = '', newE] of one.because.matchAll(ALONE)) {
    const counts = { newN: of(newN), newE: of(newE) };
    if (!isPrefix(truth, name, isAlone, counts)) wrong(said);
  }
  for (const [said, oldN, oldE, newN, name = '', newE] of one.because.matchAll(ALIKE)) {
    const counts = { newN: of(newN), newE: of(newE), oldN: of(oldN), oldE: of(oldE) };
    const minutes = reignsOf(truth, name).flatMap((reign) => minutesOf(truth, reign));
    const read = minutes.flatMap((minute) => [minute, minute.first?.counts ?? []].flat());
    if (!read.some((each) => isSame(each, counts))) wrong(said);
  }
  for (const [said, oldN, oldE, , name = ''] of one.because.matchAll(AFTER)) {
    const counts = { oldN: of(oldN), oldE: of(oldE) };
    if (!isAfter(truth, name, counts)) wrong(said);
  }
}

const TRUE_COUNTS = '8. the counts that are told are those of the load balancer';

function of(text: string | undefined): number {
  return Number((text ?? '').replaceAll(',', ''));
}

function reignsOf(truth: Truth, name: string): readonly Reign[] {
  return truth
    .reigns('production/web')
    .filter(({ taskDefinition, by }) => nameOf(taskDefinition) === name && by !== 'ecs');
}

function isSame(one: Counts, other: Partial<Counts>): boolean {
  return Object.entries(other).every(([name, count]) => one[name as keyof Counts] === count);
}

type Belongs = (minutes: readonly Both[], index: number) => boolean;

/** By the weights, or by the minutes beside it: what is not known of those hides that it had everything. */
function isCompared(minutes: readonly Both[], index: number): boolean {
  const minute = minutes[index];
  return minute !== undefined && minute.oldN > 0 && !isBesideAll(minutes, index);
}

function isAlone(minutes: readonly Both[], index: number): boolean {
  return !isCompared(minutes, index);
}

function isBesideAll(minutes: readonly Both[], index: number): boolean {
  const from = minutes[index]?.from ?? 0;
  return minutes.some(
    (one) => Math.abs(one.from - from) === MINUTE && one.oldN === 0 && one.newN > 0,
  );
}

/** The first minutes of it, at one of the last looks. */
function isPrefix(truth: Truth, name: string, belongs: Belongs, counts: Partial<Counts>): boolean {
  return reignsOf(truth, name).some((reign) => {
    const all = minutesOf(truth, reign, reign.to + SPOKEN_OF_MS);
    // Minutes that came late are in it, or not: each look reads what is there.
    const looks = all.flatMap(({ publishedAt = Infinity, first }) =>
      [publishedAt, first?.at ?? Infinity].filter((at) => at <= truth.now),
    );
    return looks.some((at) => {
      const there = all.flatMap((minute) => asRead(minute, at) ?? []);
      const first = there.findIndex(({ newN }) => newN > 0);
      const known = first === -1 ? [] : there.slice(first);
      let sum = sumOf([]);
      return known.some((minute, index) => {
        if (belongs(known, index)) sum = sumOf([sum, minute]);
        return isSame(sum, counts);
      });
    });
  });
}

/** Some minutes in a row after it had gone. */
function isAfter(truth: Truth, name: string, counts: Partial<Counts>): boolean {
  return reignsOf(truth, name).some((reign) => {
    const after = minutesOf(truth, reign, reign.to + SPOKEN_OF_MS).filter(
      ({ from, publishedAt = Infinity }) => from > reign.from && publishedAt <= truth.now,
    );
    return after.some((_, from) =>
      [1, 2, 3, 4, 5].some((length) => isSame(sumOf(after.slice(from, from + length)), counts)),
    );
  });
}
