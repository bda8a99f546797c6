/** The alarms of a scenario's service: the rate of errors of its target groups, or by hand. */
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { execute } from '@slipway/local-cloud/services.ts';
import type { Target } from '../../../shared/config/config.ts';
import type { WatchedGroups } from './scenario-balancer.ts';
import type { AlarmSetup, TargetSetup } from './setup-format.ts';

export const ALARM_DEFAULTS = {
  errorPercent: 5,
  minimumRequests: 20,
  minutes: 3,
  redMinutes: 2,
} as const;

export function addAlarms(
  world: World,
  { rules }: Target,
  { alarms }: TargetSetup,
  watched: WatchedGroups | undefined,
): void {
  if (alarms === 'none') return;
  for (const alarm of rules.alarms) {
    if (world.cloudwatch.alarms[alarm] !== undefined) continue;
    const definition = alarms?.[alarm] ?? {};
    if (definition.byHand === true || watched === undefined) addAlarmByHand(world, alarm);
    else addAlarm(world, alarm, watched, definition);
  }
}

/** An alarm whose metric nobody writes: it stays as it is set. */
function addAlarmByHand(world: World, name: string): void {
  execute(world, 'monitoring', 'PutMetricAlarm', {
    AlarmName: name,
    AlarmDescription: 'set by the scenario',
    Namespace: 'Scenario',
    MetricName: name,
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  });
  execute(world, 'monitoring', 'SetAlarmState', {
    AlarmName: name,
    StateValue: 'OK',
    StateReason: 'the scenario begins',
  });
}

/**
 * The rate of 5xx in percent, by metric math, as long as there are requests enough to judge. Of two
 * groups the worse one's: which of them has the new tasks changes with each release, and a share of 5 %
 * that answers nothing but errors is 5 % of all. MAX takes those of a list that have data (unverified): a FILL
 * around each would count as good the newest minutes, whose metrics are not there yet.
 */
function addAlarm(
  world: World,
  name: string,
  { loadBalancer, targetGroups }: WatchedGroups,
  setup: AlarmSetup,
): void {
  const { errorPercent, minimumRequests, minutes, redMinutes } = { ...ALARM_DEFAULTS, ...setup };
  const metric = (Id: string, MetricName: string, TargetGroup: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName,
        Dimensions: [
          { Name: 'LoadBalancer', Value: loadBalancer },
          { Name: 'TargetGroup', Value: TargetGroup },
        ],
      },
      Period: 60,
      Stat: 'Sum',
    },
  });
  const parts = targetGroups.map((_, index) => (targetGroups.length === 1 ? '' : index + 1));
  const rates = parts.map(
    (n) => `IF(req${n} > ${minimumRequests}, 100 * FILL(err${n}, 0) / req${n}, 0)`,
  );
  execute(world, 'monitoring', 'PutMetricAlarm', {
    AlarmName: name,
    AlarmDescription: `5xx in percent of the requests, with more than ${minimumRequests} a minute`,
    Metrics: [
      {
        Id: 'rate',
        Expression: rates.length === 1 ? rates[0] : `MAX([${rates.join(', ')}])`,
        Label: '5xx %',
        ReturnData: true,
      },
      ...parts.flatMap((n, index) => [
        metric(`err${n}`, 'HTTPCode_Target_5XX_Count', targetGroups[index] ?? ''),
        metric(`req${n}`, 'RequestCount', targetGroups[index] ?? ''),
      ]),
    ],
    EvaluationPeriods: minutes,
    DatapointsToAlarm: redMinutes,
    Threshold: errorPercent,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
}
