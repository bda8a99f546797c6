/** What an image's scan lets through, what waits for it, and how such a wait ends. */
import { describe, expect, test } from 'vitest';
import type { ObservedScan } from '../../../shared/core/model/observation.ts';
import type { ScanRules, Severity } from '../../../shared/core/model/rules.ts';
import { byGravity, isAbove, severityOf } from '../../../shared/core/model/severity.ts';
import { questionFor } from '../../../shared/core/question.ts';
import {
  at,
  CHOOSING,
  definition,
  digest,
  image,
  looked,
  order,
  person,
  pushed,
  record,
  red,
  returning,
  rules,
  scanned,
  scanRules,
  twoContainers,
  waiting,
  when,
} from '../../build.ts';

const PENDING: ObservedScan = { state: 'pending', because: 'IN_PROGRESS' };
const UNSUPPORTED: ObservedScan = {
  state: 'unavailable',
  because: 'UNSUPPORTED_IMAGE: no packages',
};
const UNKNOWN: ObservedScan = { state: 'unknown', because: 'ThrottlingException: Rate exceeded' };
const CVE = (n: number, severity: Severity = 'HIGH'): [string, Severity] => [
  `CVE-2026-${n}`,
  severity,
];

const given = (change: Partial<ScanRules> = {}) =>
  waiting({ rules: rules({ ...scanRules(change) }) });
const scans = (scan: ObservedScan) => ({ scans: { [digest(2)]: scan } });
const until = (day: string) => ({ id: 'CVE-2026-1', until: day, because: 'no fix yet' });
/** Of what has an exception, the scan tells apart from the rest. */
const excepted = (...ids: readonly string[]): ObservedScan => ({
  ...(scanned() as Extract<ObservedScan, { state: 'complete' }>),
  excepted: ids.map((id) => ({ id, severity: 'HIGH' })),
});

describe('who waits for a scan is told', () => {
  const held = (scan: ObservedScan, change: Partial<ScanRules> = {}) =>
    looked(given(change), 1, scans(scan)).told[0];

  test('what it may find, and how the wait ends', () => {
    expect(held(PENDING)?.next).toBe(
      'it starts by itself when the scan is complete and finds nothing above MEDIUM; 30 minutes after it was offered a person is asked',
    );
    expect(held(PENDING, { highest: 'NONE' })?.next).toContain('and finds nothing; 30 minutes');
  });

  test('what helps where there will be none, and where there is none yet', () => {
    const over = (scan: ObservedScan, afterWait: ScanRules['afterWait'], minutes: number) =>
      looked(looked(given({ afterWait }), 0.5, scans(scan)).record, minutes, scans(scan)).told.at(
        -1,
      )?.next;
    expect(over(PENDING, 'ask', 30)).toContain('have it scanned; it then starts by itself');
    expect(over(PENDING, 'refuse', 30)).toContain('have it scanned, then deploy it by hand');
    expect(over(UNSUPPORTED, 'ask', 1)).toContain('it then starts by itself');
    expect(over(UNSUPPORTED, 'ask', 1)).toContain('push an image that can be scanned');
    expect(over(UNSUPPORTED, 'refuse', 1)).toContain(
      'push an image that can be scanned; or take scan out of this target in pipeline.config.ts, then deploy it by hand',
    );
    expect(held(UNSUPPORTED)?.next).toMatch(/; at its next look a person is asked$/);
  });

  test('to the minute: before it is over nothing proceeds', () => {
    const action = (minutes: number) =>
      looked(given({ afterWait: 'proceed' }), minutes, scans(PENDING)).action;
    expect(action(29.9)).toBeUndefined();
    expect(action(30)?.type).toBe('RegisterRevision');
  });
});

describe('a severity', () => {
  test('is above another as AWS ranks them; what nobody ranked is below them all', () => {
    const ranked = ['NONE', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
    const above = (highest: ScanRules['highest']) =>
      (['UNDEFINED', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const).filter((one) =>
        isAbove(one, highest),
      ).length;
    expect(ranked.map(above)).toEqual([6, 4, 3, 2, 1, 0]);
  });

  test.each([
    ['HIGH', 'HIGH'],
    ['high', 'HIGH'],
    ['UNTRIAGED', 'UNDEFINED'],
    ['UNDEFINED', 'UNDEFINED'],
    ['CATASTROPHIC', 'CRITICAL'],
    ['NONE', 'CRITICAL'],
    ['constructor', 'CRITICAL'],
    [undefined, 'CRITICAL'],
  ])('%s counts as %s: a new word lets nothing through', (word, severity) => {
    expect(severityOf(word)).toBe(severity);
  });
});

test('findings are told the gravest first, and of one severity by their names', () => {
  const found = [CVE(3), CVE(9, 'CRITICAL'), CVE(1), CVE(2)].map(([id, severity]) => ({
    id,
    severity,
  }));
  const told = ['CVE-2026-9', 'CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3'];
  expect(found.toSorted(byGravity).map(({ id }) => id)).toEqual(told);
  expect(
    found
      .toReversed()
      .toSorted(byGravity)
      .map(({ id }) => id),
  ).toEqual(told);
});

describe('a complete scan', () => {
  test('without anything above what is let through starts the release, which needs no rule for it', () => {
    const { record, action } = looked(given(), 1, scans(scanned()));
    expect(action?.type).toBe('RegisterRevision');
    expect(record.phase).toMatchObject({ release: { rules: rules() } });
    expect(JSON.stringify(record.phase)).not.toContain('waitMinutes');
  });

  test('with something above it refuses the image, naming the gravest and how many', () => {
    const found = scanned(CVE(1, 'CRITICAL'), CVE(2), CVE(3), CVE(4), CVE(5), CVE(6));
    const { record, told, kinds, action } = looked(given(), 1, scans(found));
    expect([kinds, action, record.waiting]).toEqual([['refused'], undefined, {}]);
    expect(told[0]?.because).toBe(
      'the scan of shop/web:main-2 (sha256:000000000000) found 6 findings above MEDIUM: CVE-2026-1 CRITICAL, CVE-2026-2 HIGH, CVE-2026-3 HIGH, CVE-2026-4 HIGH, CVE-2026-5 HIGH, 1 more',
    );
    expect(told[0]?.next).toMatch(/push a fix, or name an exception .* by hand too/);
  });

  test('of 68 findings tells as many as are counted, though few are kept', () => {
    const found = { ...scanned(CVE(1)), above: 68 };
    expect(looked(given(), 1, scans(found as ObservedScan)).because).toMatch(
      /found 68 findings above MEDIUM: CVE-2026-1 HIGH, 67 more$/,
    );
  });

  test('where nothing at all is let through, names no severity', () => {
    expect(looked(given({ highest: 'NONE' }), 1, scans(scanned(CVE(1, 'LOW')))).because).toMatch(
      /found 1 finding: CVE-2026-1 LOW$/,
    );
  });

  test('that was longer than is read is not taken for a clean one', () => {
    const found = { ...scanned(), cut: true } as ObservedScan;
    expect(looked(given(), 1, scans(found)).because).toMatch(/found more findings than are read$/);
  });

  test('refuses although an alarm is red and a person holds: the pusher hears it at once', () => {
    const held = { ...given(), hold: { by: 'ada', because: 'friday', since: at(-9) } };
    const { kinds } = looked(held, 1, {
      ...scans(scanned(CVE(1))),
      alarms: { 'web-5xx': red(at(-5)) },
    });
    expect(kinds).toEqual(['refused']);
  });

  test('holds a person to it, too', () => {
    const asked = when(
      waiting({ rules: rules(scanRules()), waiting: {} }),
      person({ do: 'deploy', images: { app: image(2) } }),
    ).record;
    const { kinds, action } = looked(asked, 7, scans(scanned(CVE(1))));
    expect([kinds, action]).toEqual([['refused'], undefined]);
  });

  test('of one container leaves what waits for another', () => {
    const two = waiting({
      rules: { ...twoContainers(), ...scanRules() },
      waiting: {
        app: { image: image(2), order: order(2), since: at(0) },
        sidecar: { image: image(3), order: order(3), since: at(0) },
      },
    });
    const { record, kinds } = looked(two, 1, {
      scans: { [digest(2)]: scanned(CVE(1)), [digest(3)]: scanned() },
    });
    expect(kinds).toEqual(['refused']);
    expect(Object.keys(record.waiting)).toEqual(['sidecar']);
  });
});

describe('an exception', () => {
  const rule = (day: string) => given({ except: [until(day)] });

  test('lets its finding through to the end of its last day, UTC', () => {
    // The build's minute 0 is 2026-11-21T10:00Z: midnight is 840 minutes later.
    const start = (minutes: number) =>
      looked(rule('2026-11-21'), minutes, scans(excepted('CVE-2026-1'))).action?.type;
    expect([start(0), start(839)]).toEqual(['RegisterRevision', 'RegisterRevision']);
    expect([start(840), start(100_000)]).toEqual([undefined, undefined]);
  });

  test('that is over is none, and the refusal says that it is over', () => {
    const { because, kinds } = looked(rule('2026-11-20'), 0, scans(excepted('CVE-2026-1')));
    expect(kinds).toEqual(['refused']);
    expect(because).toMatch(
      /found 1 finding above MEDIUM: CVE-2026-1 HIGH, whose exception ended on 2026-11-20$/,
    );
  });

  test('lets none through that has another name', () => {
    const other = given({ except: [{ ...until('2026-12-31'), id: 'CVE-2026-2' }] });
    expect(looked(other, 0, scans(excepted('CVE-2026-1'))).kinds).toEqual(['refused']);
  });

  test('that the config names no longer lets nothing through', () => {
    const { kinds } = looked(given(), 0, scans(excepted('CVE-2026-1')));
    expect(kinds).toEqual(['refused']);
  });

  test('for one finding lets no other through', () => {
    const found = {
      ...(excepted('CVE-2026-1') as Extract<ObservedScan, { state: 'complete' }>),
      above: 1,
      findings: [{ id: 'CVE-2026-2', severity: 'HIGH' as const }],
    };
    const { because } = looked(rule('2026-12-31'), 0, scans(found));
    expect(because).toMatch(/found 1 finding above MEDIUM: CVE-2026-2 HIGH$/);
  });
});

describe('without a result', () => {
  test.each([
    ['that is still on its way', PENDING, 'is not complete: IN_PROGRESS'],
    ['that could not be asked for', UNKNOWN, 'could not be asked for: ThrottlingException'],
    ['that never comes', UNSUPPORTED, 'gives no result: UNSUPPORTED_IMAGE: no packages'],
  ])('%s, an image is held, and told once', (_, scan, because) => {
    const first = looked(given(), 1, scans(scan));
    expect([first.kinds, first.action]).toEqual([['held'], undefined]);
    expect(first.record.waiting.app?.held).toMatchObject({ reason: 'scan', since: at(1) });
    expect(first.told[0]?.because).toContain(because);
    expect(first.record.observeAt).toBe(at(2));
    expect(looked(first.record, 1.9, scans(PENDING)).kinds).toEqual([]);
  });

  test('it goes on by itself when the result is there', () => {
    const { record } = looked(given(), 1, scans(PENDING));
    expect(looked(record, 2, scans(scanned())).action?.type).toBe('RegisterRevision');
    expect(looked(record, 2, scans(scanned(CVE(1)))).kinds).toEqual(['refused']);
  });

  const outcome = (
    afterWait: ScanRules['afterWait'],
    minutes: number,
    scan: ObservedScan = PENDING,
  ) => {
    const { record } = looked(given({ afterWait }), 1, scans(scan));
    const { kinds, action, told } = looked(record, minutes, scans(scan));
    return [kinds, action?.type, told[0]?.because];
  };

  test('its time counts from when the image was offered: not before, and then as the config says', () => {
    expect(outcome('ask', 29.9)).toEqual([[], undefined, undefined]);
    const sentence =
      '30 minutes without a scan of shop/web:main-2 (sha256:000000000000): IN_PROGRESS';
    expect(outcome('ask', 30)).toEqual([['needs-attention'], undefined, sentence]);
    expect(outcome('refuse', 30)).toEqual([['refused'], undefined, sentence]);
    expect(outcome('proceed', 30)).toEqual([[], 'RegisterRevision', undefined]);
  });

  test('that never comes, nobody waits', () => {
    expect(outcome('refuse', 2, UNSUPPORTED)).toEqual([
      ['refused'],
      undefined,
      'there will be no scan of shop/web:main-2 (sha256:000000000000): UNSUPPORTED_IMAGE: no packages',
    ]);
  });

  test('that never comes is no way past the gate: who pushes chooses what can be scanned', () => {
    const held = looked(given({ afterWait: 'proceed' }), 0, scans(UNSUPPORTED));
    const then = looked(held.record, 40, scans(UNSUPPORTED));
    expect([held.action, then.action, then.kinds]).toEqual([
      undefined,
      undefined,
      ['needs-attention'],
    ]);
  });

  test('an older one than the config takes is none, and a fresh one starts it', () => {
    const old = { ...scanned(), completedAt: at(-8 * 1440) } as ObservedScan;
    const seven = given({ notOlderThanDays: 7 });
    const held = looked(seven, 1, scans(old));
    expect([held.kinds, held.action]).toEqual([['held'], undefined]);
    expect(held.told[0]?.because).toContain('it is 8 days old, and scan.notOlderThanDays is 7');
    expect(looked(held.record, 2, scans(scanned())).action?.type).toBe('RegisterRevision');
    expect(looked(given(), 1, scans(old)).action?.type).toBe('RegisterRevision');
    const week = { ...scanned(), completedAt: at(1 - 7 * 1440) } as ObservedScan;
    expect(looked(seven, 1, scans(week)).action?.type).toBe('RegisterRevision');
  });

  test('one that does not say when it was made is taken for too old, where age counts', () => {
    const { completedAt: _, ...undated } = scanned() as Extract<
      ObservedScan,
      { state: 'complete' }
    >;
    const held = looked(given({ notOlderThanDays: 7 }), 1, scans(undated));
    expect(held.told[0]?.because).toContain(
      'it does not say when it was made, and scan.notOlderThanDays is 7',
    );
  });

  test('where two manifests may run, no scan speaks for the image: it is refused', () => {
    const two: ObservedScan = { state: 'ambiguous', because: 'two manifests for linux/arm64' };
    const then = looked(given({ afterWait: 'proceed' }), 1, scans(two));
    expect([then.kinds, then.action]).toEqual([['refused'], undefined]);
    expect(then.told[0]?.because).toBe(
      'no scan speaks for shop/web:main-2 (sha256:000000000000): two manifests for linux/arm64',
    );
  });

  test('a person is asked once, and it still goes on by itself', () => {
    const held = looked(given(), 1, scans(PENDING)).record;
    const asked = looked(held, 31, scans(PENDING)).record;
    expect(looked(asked, 32, scans(PENDING)).kinds).toEqual([]);
    expect(looked(asked, 33, scans(scanned())).action?.type).toBe('RegisterRevision');
  });

  test('only the image without one is refused', () => {
    const two = waiting({
      rules: { ...twoContainers(), ...scanRules({ afterWait: 'refuse' }) },
      waiting: {
        app: { image: image(2), order: order(2), since: at(0) },
        sidecar: { image: image(3), order: order(3), since: at(0) },
      },
    });
    const seen = {
      scans: { [digest(2)]: PENDING, [digest(3)]: scanned() },
      definition: definition({ app: image(1), sidecar: image(1) }),
    };
    const held = looked(two, 1, seen).record;
    expect(Object.keys(looked(held, 31, seen).record.waiting)).toEqual(['sidecar']);
  });

  test('going on past it goes past no other gate, and is not told again and again', () => {
    const seen = { ...scans(PENDING), alarms: { 'web-5xx': red(at(-5)) } };
    const held = looked(given({ afterWait: 'proceed' }), 1, seen).record;
    const then = looked(held, 31, seen);
    expect([then.action, then.record.waiting.app?.held?.reason]).toEqual([undefined, 'alarm']);
    expect(looked(then.record, 32, seen).kinds).toEqual([]);
  });

  test('going on past a red alarm does not go past the scan', () => {
    const careless = waiting({
      rules: rules({ ...scanRules(), afterHold: 'proceed', holdMinutes: 1 }),
    });
    const seen = { ...scans(PENDING), alarms: { 'web-5xx': red(at(-5)) } };
    let { record } = looked(careless, 1, seen);
    for (const minute of [2, 3, 29]) {
      const then = looked(record, minute, seen);
      expect(then.action).toBeUndefined();
      record = then.record;
    }
  });
});

describe('a refused image', () => {
  const refused = looked(given(), 1, scans(scanned(CVE(1)))).record;

  test('may be offered again by a push: it may have an exception by then', () => {
    expect(when(refused, pushed(2, { at: at(9) })).record.waiting.app?.image).toEqual(image(2));
  });

  test('is not offered again and again by the sweep', () => {
    const again = when(refused, pushed(2, { at: at(9), heardFrom: 'sweep' }));
    expect([again.kinds, again.record.waiting]).toEqual([[], {}]);
  });

  test('is no longer the newest when a newer one comes', () => {
    expect(when(refused, pushed(3)).record.waiting.app?.image).toEqual(image(3));
  });
});

describe('what is asked', () => {
  test('a look that did not ask starts nothing', () => {
    const silent = looked(given(), 1, { scans: {} });
    expect([silent.kinds, silent.action]).toEqual([[], undefined]);
    expect(silent.because).toBe('the next look asks what a start needs to know');
  });

  test('a result for an image that nobody offered starts nothing', () => {
    const resting = record({ rules: rules(scanRules()), waysBack: { checkedAt: at(0) } });
    const hint = { type: 'Hinted', at: at(1), cause: 'ECR Image Scan COMPLETE' } as const;
    expect(when(resting, hint).record).toBe(resting);
    const { action, kinds, because } = looked(resting, 1);
    expect([action, kinds, because]).toEqual([undefined, [], 'nothing waits']);
    expect(questionFor(resting, at(1))).toEqual({});
  });

  test('a way back asks no scan: a proven release is not held to new findings', () => {
    const back = returning(CHOOSING, {}, { rules: rules(scanRules()) });
    expect(questionFor(back, at(6))).not.toHaveProperty('scans');
    expect(looked(back, 6, { service: 2 }).action?.type).toBe('StartRollout');
  });
});
