/** What holds for every order of deliveries, and for every history. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../shared/core/model/defined.ts';
import type { Pushed } from '../../../shared/core/source/event.ts';
import type { Comparison, ObservedBuild } from '../../../shared/core/source/observation.ts';
import type { SourceRecord } from '../../../shared/core/source/record.ts';
import { at } from '../../build.ts';
import {
  carriedOut,
  endedBuild,
  introduced,
  lookedSource,
  push,
  type SourceStep,
  sourceSeen,
  whenSource,
} from '../../build-source.ts';
import { line, number } from './story.ts';

interface Story {
  readonly pushes: readonly Pushed[];
  /** The push's number; how many looks follow it, and whether GitHub answers them. */
  readonly deliveries: readonly {
    readonly push: number;
    readonly looks: number;
    readonly answers: boolean;
  }[];
}

/** The branch has commits 1 … n; each push moves it forward, and is delivered as drawn. */
const stories = fc
  .record({
    steps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
    deliveries: fc.array(fc.record({ push: fc.nat(), looks: fc.nat(3), answers: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    }),
  })
  .map(({ steps, deliveries }): Story => {
    const tips = steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step));
    return {
      deliveries: deliveries.map((one) => ({ ...one, push: one.push % tips.length })),
      pushes: tips.map((to, i) => push(tips[i - 1], to)),
    };
  });

/** GitHub, of a branch that only ever moved forward, and is at `tip` now. */
function compare(base: string, head: string, tip: number): Comparison {
  const by = (head === 'main' ? tip : number(head)) - number(base);
  if (by === 0) return { state: 'identical' };
  return by > 0 ? { state: 'ahead', by } : { state: 'behind', by: -by };
}

function look(record: SourceRecord, minute: number, tip: number, answers: boolean): SourceStep {
  const { question, builds } = sourceSeen(record, minute);
  const seen = defined({ builds: builds && { ...builds, ...stoppedOf(record) } });
  const { compare: asked } = question;
  if (asked === undefined || !answers) return lookedSource(record, minute, seen);
  return lookedSource(record, minute, {
    ...seen,
    comparison: compare(asked.base, asked.head, tip),
  });
}

/** What CodeBuild was asked to stop has ended. */
function stoppedOf({ builds }: SourceRecord): Record<string, ObservedBuild> {
  const running = builds.web?.running ?? [];
  return Object.fromEntries(
    running.flatMap(({ id, stop }) =>
      id === undefined || stop?.acceptedAt === undefined ? [] : [[id, endedBuild('STOPPED')]],
    ),
  );
}

describe('whatever the order of the deliveries, however often, and whichever are lost', () => {
  const played = ({ pushes, deliveries }: Story) => {
    const tip = number(pushes.at(-1)?.after ?? '');
    let record = introduced();
    let minute = 0;
    const steps = (count: number, answers: boolean) => {
      for (let i = 0; i < count; i++) record = carriedOut(look(record, ++minute, tip, answers));
    };
    for (const one of deliveries) {
      const event = pushes[one.push];
      if (event !== undefined) record = whenSource(record, { ...event, at: at(++minute) }).record;
      steps(one.looks, one.answers);
    }
    steps(100, true);
    return record;
  };

  test('the newest that was delivered is the head, and nothing waits in the end', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const record = played(story);
        const last = Math.max(...story.deliveries.map((one) => one.push));
        expect(record.commits[0]?.commit).toBe(story.pushes[last]?.after);
        expect(record.unplaced).toEqual([]);
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  test('it is being built, and nobody stops it', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const { commits, builds } = played(story);
        const newest = builds.web?.running.filter((one) => one.commit === commits[0]?.commit) ?? [];
        expect(newest.some(({ stop }) => stop === undefined)).toBe(true);
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  test('no place puts a commit above one that comes after it', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const { outbox, commits } = played(story);
        const places = new Map<number, number>();
        for (const place of outbox.places) {
          if (place.of !== 'commit' || !('position' in place)) continue;
          expect(place.line).toBe(1);
          places.set(number(place.commit), place.position);
        }
        // What follows nothing that is known, and is behind, stands below everything: see above.
        const ordered = [...places].filter(([, position]) => position >= 0);
        const byPlace = ordered.toSorted(([, a], [, b]) => a - b).map(([n]) => n);
        expect(byPlace).toEqual([...byPlace].sort((a, b) => a - b));
        expect(new Set(ordered.map(([, position]) => position)).size).toBe(ordered.length);
        expect(byPlace.at(-1)).toBe(number(commits[0]?.commit ?? ''));
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});

/** A branch that also goes back, and starts from there again: by force. Pushes that are heard of, in order. */
const rewrites = fc
  .array(
    fc.record({
      back: fc.constantFrom(0, 0, 1, 2, 3),
      forth: fc.integer({ min: 0, max: 2 }),
      heard: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    const parents = new Map<number, number>();
    let tip = 1;
    const pushes = [{ event: push(undefined, 1), heard: true, tip }];
    for (const [i, { back, forth, heard }] of steps.entries()) {
      const from = tip;
      for (let n = 0; n < back; n++) tip = parents.get(tip) ?? tip;
      const forced = tip !== from;
      for (let n = 0; n < Math.max(forth, forced ? 0 : 1); n++) {
        parents.set(parents.size + 2, tip);
        tip = parents.size + 1;
      }
      const event = push(from, tip, { forced, delivery: `delivery-${i}` });
      pushes.push({ event, heard, tip });
    }
    return { parents, pushes: pushes.filter((one) => one.heard) };
  });

/** How two commits stand to each other. */
function compareIn(parents: ReadonlyMap<number, number>, base: number, head: number): Comparison {
  const line = (from: number): readonly number[] => {
    const parent = parents.get(from);
    return parent === undefined ? [from] : [from, ...line(parent)];
  };
  const [bases, heads] = [line(base), line(head)];
  if (base === head) return { state: 'identical' };
  if (heads.includes(base)) return { state: 'ahead', by: heads.length - bases.length };
  if (bases.includes(head)) return { state: 'behind', by: bases.length - heads.length };
  return { state: 'diverged' };
}

test('however often a branch is rewritten, and whichever pushes are lost, its head is what was pushed last', () => {
  fc.assert(
    fc.property(rewrites, ({ parents, pushes }) => {
      let record = introduced();
      let minute = 0;
      for (const { event, tip } of pushes) {
        record = whenSource(record, event).record;
        while (record.unplaced.length > 0) {
          const { base, head } = sourceSeen(record, 1).question.compare ?? { base: '', head: '' };
          const to = head === 'main' ? tip : number(head);
          const comparison = compareIn(parents, number(base), to);
          record = lookedSource(record, ++minute, { comparison }).record;
        }
        expect(line(record)[0]?.split(' ')[0]).toBe(String(tip));
      }
    }),
    { numRuns: 500, seed: 5 },
  );
});
