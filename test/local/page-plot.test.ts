import { describe, expect, test } from 'vitest';
import { alarmPlace, comparisonText } from '../../local/page/charts/alarm-place.ts';
import { marksOf, phaseSteps } from '../../local/page/charts/marks.ts';
import { alarmPlot, servedPlot, spreadOut } from '../../local/page/charts/plot.ts';
import { readingsAt, readingText } from '../../local/page/charts/reading.ts';
import { revisionLooks } from '../../local/page/charts/revision-looks.ts';
import { shadesOf } from '../../local/page/charts/shades.ts';
import {
  alarmEvent,
  announced,
  decided,
  MINUTE,
  numbered,
  pageAlarm,
  pageRevision,
  pageServed,
  pageTarget,
  TEN,
} from './page-world.ts';

const SPAN = { from: TEN, to: TEN + 10 * MINUTE };
const at = (seconds: number) => TEN + seconds * 1000;

function targetServing(...served: ReturnType<typeof pageServed>[][]) {
  const revisions = served.map((points, index) =>
    pageRevision({ revision: `web:${index + 1}`, deployment: `ecs-svc/${index}`, served: points }),
  );
  return pageTarget({ revisions, alarms: [] });
}

describe('the lines of a chart', () => {
  test('stand on one axis of time, a line without a value there has none', () => {
    const target = targetServing(
      [pageServed(at(0)), pageServed(at(5), { errorRate: 0.25 })],
      [pageServed(at(5), { errorRate: 0.5 }), pageServed(at(10), { errorRate: 1 })],
    );
    const plot = servedPlot(target, 'errors', SPAN);
    expect(plot).toMatchObject({
      from: TEN,
      to: TEN + 10 * MINUTE,
      times: [at(0), at(5), at(10)],
      lines: [
        { name: 'web:2', kind: 'revision', values: [null, 50, 100] },
        { name: 'web:1', kind: 'revision', values: [0, 25, null] },
      ],
    });
  });

  test('of a revision that was deployed twice are one, its means weighted by requests', () => {
    const twice = ['ecs-svc/1', 'ecs-svc/2'].map((deployment, index) =>
      pageRevision({
        revision: 'web:7',
        deployment,
        served: [
          pageServed(at(0), {
            requestsPerSecond: index === 0 ? 30 : 10,
            latencyMs: index === 0 ? 40 : 80,
          }),
        ],
      }),
    );
    const plot = servedPlot(pageTarget({ revisions: twice, alarms: [] }), 'latency', SPAN);
    expect(plot?.lines).toEqual([{ name: 'web:7', kind: 'revision', values: [50] }]);
  });

  test('have a hole where nothing was served, not a line across it', () => {
    const target = targetServing([pageServed(at(0)), pageServed(at(5)), pageServed(at(60))]);
    const plot = servedPlot(target, 'latency', SPAN);
    expect(plot?.lines[0]?.values).toEqual([50, 50, null, 50]);
  });

  test('begin where the chart begins; without any there is no chart', () => {
    const target = targetServing([pageServed(TEN - 1), pageServed(at(5))]);
    expect(servedPlot(target, 'errors', SPAN)?.times).toEqual([at(5)]);
    expect(servedPlot(targetServing([pageServed(TEN - 1)]), 'errors', SPAN)).toBeUndefined();
    expect(servedPlot(pageTarget(), 'errors', SPAN)).toBeUndefined();
  });
});

describe('an alarm', () => {
  const points = [{ at: at(0), value: 2 }];
  const served = [pageRevision({ served: [pageServed(at(0))] })];

  test('that watches the errors in percent has its threshold and its number over the errors', () => {
    const alarm = pageAlarm({ points, state: 'ALARM' });
    const target = pageTarget({ revisions: served, alarms: [alarm] });
    const plot = servedPlot(target, 'errors', SPAN);
    expect(plot?.thresholds).toEqual([{ name: 'web-5xx', value: 5, side: 'above', red: true }]);
    expect(plot?.lines.at(-1)).toEqual({ name: 'web-5xx', kind: 'alarm', values: [2] });
    expect(servedPlot(target, 'latency', SPAN)?.thresholds).toEqual([]);
    expect(alarmPlot(alarm, SPAN)).toBeUndefined();
  });

  test('that watches TargetResponseTime, in seconds, stands over the latency in ms', () => {
    const alarm = pageAlarm({ label: 'TargetResponseTime', threshold: 0.5, points });
    const plot = servedPlot(pageTarget({ revisions: served, alarms: [alarm] }), 'latency', SPAN);
    expect(plot?.thresholds[0]?.value).toBe(500);
    expect(plot?.lines.at(-1)?.values).toEqual([2000]);
  });

  test.each([
    ['HTTPCode_Target_5XX_Count', 'own'],
    ['CPU %', 'own'],
    ['5xx %', 'errors'],
    ['Errors in percent', 'errors'],
    ['p99 latency (ms)', 'latency'],
    ['Latency', 'own'],
    [undefined, 'own'],
  ] as const)('whose number is called %s is drawn in the chart: %s', (label, chart) => {
    expect(alarmPlace({ ...(label && { label }) }).chart).toBe(chart);
  });

  test('that watches something else has a chart of its own, in its own unit', () => {
    const alarm = pageAlarm({ label: 'QueueDepth', threshold: 100, points });
    expect(alarmPlot(alarm, SPAN)).toMatchObject({
      lines: [{ name: 'web-5xx', kind: 'alarm', values: [2] }],
      thresholds: [{ value: 100, side: 'above', red: false }],
      top: 160,
    });
  });

  test('that no single number decides has no chart', () => {
    const { threshold: _, label: __, ...composite } = pageAlarm();
    expect(alarmPlot(composite, SPAN)).toBeUndefined();
  });

  test('says on which side of its threshold it rises', () => {
    expect(comparisonText('LessThanOrEqualToThreshold')).toBe('at or below');
    expect(comparisonText('LessThanLowerOrGreaterThanUpperThreshold')).toBeUndefined();
  });
});

describe('the scale', () => {
  test('has room for the threshold even if nothing fails', () => {
    const target = pageTarget({ revisions: [pageRevision({ served: [pageServed(at(0))] })] });
    expect(servedPlot(target, 'errors', SPAN)?.top).toBe(8);
  });

  test('has room above the highest value', () => {
    const plot = servedPlot(
      targetServing([pageServed(at(0), { latencyMs: 200 })]),
      'latency',
      SPAN,
    );
    expect(plot?.top).toBeCloseTo(230);
  });

  test('is never empty', () => {
    expect(servedPlot(targetServing([pageServed(at(0))]), 'errors', SPAN)?.top).toBe(1);
  });
});

describe('names at the ends of lines', () => {
  test('stay where they want to be if there is room', () => {
    expect(spreadOut([10, 50, 90], 13, 0, 100)).toEqual([10, 50, 90]);
  });

  test('move apart, in their order', () => {
    expect(spreadOut([50, 49, 51], 13, 0, 100)).toEqual([62, 49, 75]);
  });

  test('stay within the chart', () => {
    expect(spreadOut([99, 100, 98], 13, 0, 100)).toEqual([87, 100, 74]);
  });
});

describe('a reading', () => {
  const target = targetServing(
    [pageServed(at(0), { errorRate: 0.5 }), pageServed(at(5), { errorRate: 0.25 })],
    [pageServed(at(5)), pageServed(at(30))],
  );
  const plot = servedPlot(target, 'errors', SPAN);
  const percent = (value: number) => `${value} %`;

  test('is the newest value of each line at that moment', () => {
    const readings = plot && readingsAt(plot, at(5), percent);
    expect(readingText(at(5), readings ?? [])).toBe('10:00:05 UTC: web:2 0 %, web:1 25 %');
  });

  test('leaves out what was too long ago', () => {
    const readings = plot && readingsAt(plot, at(30), percent);
    expect(readingText(at(30), readings ?? [])).toBe('10:00:30 UTC: web:2 0 %');
    expect(readingText(at(99), [])).toBe('10:01:39 UTC: no requests');
  });
});

test('neighbouring revisions differ in colour and in dashes, and keep both', () => {
  expect(revisionLooks('web:1')).toEqual({ colour: '--revision-1', dashes: [] });
  expect(revisionLooks('web:8').colour).toBe('--revision-2');
  expect(revisionLooks('web:7').dashes).toEqual([]);
  expect(revisionLooks('web:2').dashes).not.toEqual(revisionLooks('web:3').dashes);
  expect(revisionLooks('something else').colour).toBe('--revision-1');
});

test('the turns of a release are marked in the charts of its own target, within their span', () => {
  const entries = numbered([
    announced(TEN - 1, 'started', 'too early'),
    announced(at(1), 'started', 'shop/web:main-1'),
    announced(at(2), 'held', 'no turn'),
    announced(at(3), 'rolled-back', 'of another target', 'worker'),
    announced(at(4), 'proven', 'ECS says SUCCESSFUL'),
  ]);
  expect(marksOf(entries, pageTarget(), SPAN)).toEqual([
    { at: at(1), kind: 'started' },
    { at: at(4), kind: 'proven' },
  ]);
});

describe('of a release that is rolled back', () => {
  const story = numbered([
    decided(at(10), 'the image starts', 'web', 'deploying'),
    decided(at(15), 'it is looked at', 'web', 'deploying'),
    decided(at(20), 'of another target', 'worker', 'baking'),
    decided(at(30), 'ECS said SUCCESSFUL', 'web', 'baking'),
    alarmEvent(at(40), 'ALARM'),
    decided(at(41), 'its alarm rose', 'web', 'rolling-back: selecting'),
    decided(at(42), 'the way back is asked for', 'web', 'rolling-back: redeploying'),
    alarmEvent(at(50), 'OK'),
    decided(at(60), 'it is back', 'web', 'idle'),
  ]);

  test('the rise of its alarm and the decision to go back are marked, each once', () => {
    const target = pageTarget({ alarms: [pageAlarm({ name: 'web-5xx' })] });
    expect(marksOf(story, target, SPAN)).toEqual([
      { at: at(40), kind: 'alarm-rose' },
      { at: at(41), kind: 'way-back-asked' },
    ]);
    expect(marksOf(story, pageTarget({ alarms: [] }), SPAN)).toHaveLength(1);
  });

  test('rollout, bake and way back are shaded from the decision that began them to the next', () => {
    const steps = phaseSteps(story, pageTarget());
    expect(shadesOf(steps, SPAN)).toEqual([
      { from: at(10), to: at(30), kind: 'rollout' },
      { from: at(30), to: at(41), kind: 'bake' },
      { from: at(41), to: at(60), kind: 'way-back' },
    ]);
  });

  test('a shade is cut at the ends of what is shown, and what goes on lasts until then', () => {
    const steps = phaseSteps(story, pageTarget()).slice(0, 3);
    expect(shadesOf(steps, { from: at(12), to: at(35) })).toEqual([
      { from: at(12), to: at(30), kind: 'rollout' },
      { from: at(30), to: at(35), kind: 'bake' },
    ]);
  });
});
