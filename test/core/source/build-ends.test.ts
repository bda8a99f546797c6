/** Every way in which a build ends, and what is told and offered then. */
import { describe, expect, test } from 'vitest';
import type { ObservedBuild } from '../../../shared/core/source/observation.ts';
import type { Build, SourceRecord } from '../../../shared/core/source/record.ts';
import { at, digest, REGISTRY } from '../../build.ts';
import {
  branch,
  buildId,
  building,
  carriedOut,
  commit,
  endedBuild,
  lookedSource,
  push,
  type SourceObservationChange,
  sourceRules,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';

const wanted = whenSource(branch(), push(1, 2)).record;
const running = ({ builds }: SourceRecord, image = 'web'): readonly Build[] =>
  builds[image]?.running ?? [];
const commits = (record: SourceRecord) => running(record).map((build) => build.commit);
const saw = (build: ObservedBuild, n = 1): SourceObservationChange => ({
  builds: { [buildId(n)]: build },
});
const lost = (record = wanted) => untold(lookedSource(record, 0).record);

describe('how a build ends', () => {
  const ends = (build: ObservedBuild) => lookedSource(building(), 4, saw(build));

  test('SUCCEEDED: it is told, its image offered, and its commit can be found by its digest', () => {
    const logs = 'https://console.aws.amazon.com/logs';
    const step = ends(endedBuild('SUCCEEDED', { logs }));
    expect(step.told).toMatchObject([
      {
        kind: 'built',
        at: at(3),
        commit: commit(2),
        image: 'web',
        tag: tag(2),
        digest: digest(2),
        build: buildId(1),
        logs,
        because: `${tag(2)} is built`,
        next: 'its targets are offered the image',
      },
    ]);
    expect(step.offers).toEqual([
      {
        registry: REGISTRY,
        repository: 'shop/web',
        digest: digest(2),
        tag: tag(2),
        at: at(3),
      },
    ]);
    expect(step.places).toEqual([{ of: 'digest', digest: digest(2), commit: commit(2) }]);
    expect(step.record.builds.web).toEqual({
      wanted: [],
      running: [],
      last: {
        commit: commit(2),
        id: buildId(1),
        outcome: 'SUCCEEDED',
        because: `${tag(2)} is built`,
        digest: digest(2),
        at: at(3),
      },
    });
    expect(untold(step.record).observeAt).toBeUndefined();
  });

  test('SUCCEEDED without a digest: ECR tells, and nobody pretends to know', () => {
    const { told, offers, places } = ends({ state: 'ended', outcome: 'SUCCEEDED', endedAt: at(3) });
    expect(told).toMatchObject([
      {
        kind: 'built',
        because: `${tag(2)} is built; the build exported no IMAGE_DIGEST`,
        next: 'ECR tells the targets of the image',
      },
    ]);
    expect([offers, places]).toEqual([[], []]);
  });

  test.each(['FAILED', 'FAULT', 'TIMED_OUT'] as const)(
    '%s: it names the phase and its message, and offers nothing',
    (outcome) => {
      const because = 'BUILD FAILED: exit status 1';
      const step = ends(endedBuild(outcome, { because }));
      expect(step.told).toMatchObject([
        {
          kind: 'build-failed',
          because: `the build of ${tag(2)} ended with ${outcome}: BUILD FAILED: exit status 1`,
          next: 'read its log, mend c002c00, and push; what runs stays as it is',
        },
      ]);
      expect([step.offers, step.places, running(step.record)]).toEqual([[], [], []]);
      expect(untold(step.record).observeAt).toBeUndefined();
    },
  );

  describe('SUCCEEDED with an image that stood already, which no build of ours reported', () => {
    const stood = (given: SourceRecord, minutes = 3, n = 1) =>
      lookedSource(given, minutes, saw(endedBuild('SUCCEEDED', { stood: true }), n));

    test('it is not taken, be it said to be of another commit', () => {
      for (const madeFrom of [{}, { madeFrom: commit(1) }]) {
        const step = lookedSource(building(), 3, {
          builds: { [buildId(1)]: endedBuild('SUCCEEDED', { stood: true, ...madeFrom }) },
        });
        expect([step.kinds, step.offers, step.places]).toEqual([['build-failed'], [], []]);
        expect(step.told[0]?.because).toBe(
          `${tag(2)} stood already as ${digest(2)}, and no build of Slipway reported that image: it is not taken`,
        );
        expect(step.told[0]).not.toHaveProperty('digest');
        expect(step.record.builds.web?.last).toMatchObject({ outcome: 'FAILED' });
      }
    });

    test('a build that was stopped may have pushed it: the commit is built once more, under a longer tag', () => {
      const step = stood(building());
      const longer = `main-${commit(2).slice(0, 13)}`;
      expect(step.told[0]?.next).toBe(
        `it is built once more, as ${longer}; if no build of ${tag(2)} was stopped, see who pushed it`,
      );
      const again = lookedSource(untold(step.record), 3);
      expect(again.actions).toMatchObject([{ type: 'StartBuild', commit: commit(2), tag: longer }]);
      const built = lookedSource(carriedOut(again), 5, saw(endedBuild('SUCCEEDED'), 2));
      expect([built.kinds, built.offers]).toMatchObject([['built'], [{ tag: longer }]]);
    });

    test('if the branch has left it meanwhile, it is not', () => {
      const off = { state: 'off', because: 'that is at c003c00' } as const;
      const step = lookedSource(untold(stood(building()).record), 6, {
        onRef: { [commit(2)]: off },
      });
      expect([step.kinds, step.actions]).toEqual([['unbuilt'], []]);
    });

    test('somebody holds each longer tag as well: after four it is left to people', () => {
      let record = building();
      const told: string[] = [];
      for (let n = 1; n <= 6; n++) {
        const step = stood(record, 3 * n, n);
        told.push(...step.told.map(({ next }) => next));
        record = untold(carriedOut(lookedSource(untold(step.record), 3 * n + 1)));
      }
      expect(told).toHaveLength(5);
      expect(told.at(-1)).toBe(
        'see who pushed it; push a newer commit, whose tag is free; what runs stays as it is',
      );
      expect(running(record)).toEqual([]);
    });

    test('a newer commit is to be built, or is being built: the older is left', () => {
      const newer = stood(whenSource(building(), push(2, 3)).record);
      expect(newer.record.builds.web?.wanted.map((one) => one.commit)).not.toContain(commit(2));
      const finish = sourceRules({ whileBuilding: 'finish' });
      const both = carriedOut(lookedSource(whenSource(building(finish), push(2, 3)).record, 1));
      const step = stood(untold(both));
      expect(step.record.builds.web?.wanted).toEqual([]);
      expect(commits(step.record)).toEqual([commit(3)]);
    });

    test('of a git tag there is no other name', () => {
      const given = { ...building(), ref: 'refs/tags/v1' };
      expect(stood(given).record.builds.web?.wanted).toEqual([]);
    });
  });

  test('SUCCEEDED with an image that stood already, which an earlier build made of this commit', () => {
    const step = lookedSource(building(), 3, {
      builds: {
        [buildId(1)]: endedBuild('SUCCEEDED', { stood: true, madeFrom: commit(2) }),
      },
    });
    expect([step.kinds, step.offers.length]).toEqual([['built'], 1]);
  });

  test('STOPPED by a person: told as that', () => {
    expect(ends(endedBuild('STOPPED')).told).toMatchObject([
      {
        kind: 'build-stopped',
        because: `the build of ${tag(2)} was stopped: not by Slipway`,
        next: 'start it again in CodeBuild, or push a newer commit',
      },
    ]);
  });

  test('STOPPED for a newer commit: told as that', () => {
    const stopped = carriedOut(lookedSource(whenSource(building(), push(2, 3)).record, 1));
    const step = lookedSource(stopped, 2, saw(endedBuild('STOPPED')));
    expect(step.told).toMatchObject([
      { kind: 'build-stopped', because: `the build of ${tag(2)} was stopped: c003c00 was pushed` },
    ]);
    expect(commits(step.record)).toEqual([commit(3)]);
  });

  test('it succeeds before it is stopped: its image is offered, order decides about it', () => {
    const newer = whenSource(building(), push(2, 3)).record;
    expect(lookedSource(newer, 1, saw(endedBuild('SUCCEEDED'))).offers).toHaveLength(1);
  });

  test('two looks that saw it end tell it once', () => {
    const step = ends(endedBuild('SUCCEEDED'));
    const again = lookedSource(step.record, 5, saw(endedBuild('SUCCEEDED')));
    expect([again.kinds, again.offers]).toEqual([[], []]);
  });

  test('missing: CodeBuild may not know it yet, but after five minutes it is gone', () => {
    const early = lookedSource(building(), 5, saw({ state: 'missing' }));
    expect(running(early.record)).toEqual(running(building()));
    const step = lookedSource(early.record, 5.1, saw({ state: 'missing' }));
    expect(step.told).toMatchObject([
      {
        kind: 'build-failed',
        because: `the build of ${tag(2)} ended with FAULT: CodeBuild knows no build ${buildId(1)}`,
      },
    ]);
  });

  test('a message of any length is kept short', () => {
    const refused = {
      type: 'BuildRefused',
      at: at(0),
      token: 'look-0-0',
      code: 'InvalidInputException',
      message: 'x'.repeat(10_000),
    } as const;
    const { record, told } = whenSource(lost(), refused);
    expect(record.builds.web?.last?.because).toHaveLength(600);
    expect(told[0]?.because).toHaveLength(600);
  });
});

describe('a retry of CodeBuild’s own takes the place of the build that it repeats', () => {
  test('found by a look', () => {
    const retried = endedBuild('FAILED', { retry: buildId(9) });
    const step = lookedSource(building(), 20, saw(retried));
    expect(running(step.record)).toMatchObject([{ id: buildId(9), heardAt: at(20) }]);
    expect([step.kinds, step.actions]).toEqual([[], []]);
    const unknown = lookedSource(step.record, 21, {
      builds: { [buildId(9)]: { state: 'missing' } },
    });
    expect(running(unknown.record)).toHaveLength(1);
    const done = lookedSource(unknown.record, 30, saw(endedBuild('SUCCEEDED'), 9));
    expect(done.told).toMatchObject([{ kind: 'built', build: buildId(9) }]);
  });

  test('of a build that succeeded there is none', () => {
    const step = lookedSource(building(), 4, saw(endedBuild('SUCCEEDED', { retry: buildId(9) })));
    expect(step.kinds).toEqual(['built']);
  });
});
