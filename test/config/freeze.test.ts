/** Freeze windows as a user writes them, and what is refused of them. */
import { expect, test } from 'vitest';
import { parsePipeline } from '../../shared/config/config.ts';
import { warningsOf } from '../../shared/config/warnings.ts';

const service = {
  ...{ type: 'ecs-service', mode: 'act', cluster: 'production', service: 'web' },
  containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
  alarms: ['web-5xx'],
};
const window = (from: string, to: string) => ({ from, to, because: 'the weekend' });
const WEEKEND = window('Fri 16:00', 'Mon 08:00');
const of = (...windows: readonly object[]) => ({ timeZone: 'Europe/Berlin', windows });

function parsed(freeze: unknown, own?: unknown) {
  const web = { ...service, ...(own === undefined ? {} : { freeze: own }) };
  const top = freeze === undefined ? {} : { freeze };
  return parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: { web },
    ...top,
  });
}

test('a freeze of the pipeline is that of each target, unless the target has one or none of its own', () => {
  const night = of(window('18:00', '08:00'));
  const rules = (own?: unknown) => parsed(of(WEEKEND), own).targets.web?.rules.freeze;
  expect(rules()).toEqual(of(WEEKEND));
  expect(rules(night)).toEqual(night);
  expect(rules('none')).toBeUndefined();
  expect(parsed(undefined).targets.web?.rules).not.toHaveProperty('freeze');
});

test.each<[rule: string, freeze: unknown, expected: RegExp]>([
  ['no zone', { windows: [WEEKEND] }, /freeze\.timeZone: is missing, expected a time zone/],
  [
    'a zone that there is not',
    { ...of(WEEKEND), timeZone: 'Europe/Berlim' },
    /expected a time zone of the IANA database.*did you mean Europe\/Berlin\?/,
  ],
  ['an offset, which knows no summer', { ...of(WEEKEND), timeZone: '+01:00' }, /a time zone of/],
  ['no window', of(), /at least one window/],
  ['no end', of({ from: '2026-12-24', because: 'x' }), /freeze without end is a target with mode/],
  ['an end of another kind', of(window('Fri 16:00', '08:00')), /of the same kind as `from`/],
  ['an end before its beginning', of(window('2026-12-24', '2026-12-20')), /a time after `from`/],
  ['a slip of the year', of(window('2026-12-24', '2027-12-27')), /at most 92 days after/],
  ['an hour that there is not', of(window('Fri 25:00', 'Mon 08:00')), /a time that there is/],
  ['no reason', of({ from: 'Fri 16:00', to: 'Mon 08:00' }), /because: is missing/],
  ['more than are kept', of(...Array(21).fill(WEEKEND)), /at most 20 windows/],
  ['a day that is always', of(window('08:00', '08:00')), /a minute of the week in which/],
  [
    'a week that is always, of two windows',
    of(WEEKEND, window('Mon 08:00', 'Fri 16:00')),
    /freeze\.windows: is "Fri 16:00 to Mon 08:00, Mon 08:00 to Fri 16:00", expected a minute of the week/,
  ],
])('%s is refused', (_, freeze, expected) => {
  expect(() => parsed(freeze)).toThrow(expected);
  expect(() => parsed(undefined, freeze)).toThrow(expected);
});

test('a minute of the week that is free is enough', () => {
  const free = of(WEEKEND, window('Mon 08:01', 'Fri 16:00'));
  expect(parsed(free).targets.web?.rules.freeze?.windows).toHaveLength(2);
});

test('a window that is over is warned of', () => {
  const warned = (now: string) =>
    warningsOf(parsed(of(window('2026-12-24', '2026-12-27'))), Date.parse(now));
  expect(warned('2026-12-28T12:00:00Z')).toEqual([]);
  expect(warned('2026-12-30T12:00:00Z')).toEqual([
    {
      path: 'targets.web.freeze',
      warning: 'the window "2026-12-24 to 2026-12-27" is over: it holds nothing any more',
    },
  ]);
});
