/** What each operation of CloudWatch asks of IAM. */
import { ANY, arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { cloudwatchOperations } from './operations.ts';

interface Input {
  readonly AlarmName?: string;
  readonly AlarmNames?: readonly string[];
}

function onAlarms(action: string) {
  return (world: World, { AlarmName, AlarmNames = [AlarmName ?? ANY] }: Input): readonly Need[] =>
    AlarmNames.map((name) =>
      need(`cloudwatch:${action}`, arnOf(world, 'cloudwatch', `alarm:${name}`)),
    );
}

/** A narrower right than all alarms hides composite ones. (API_DescribeAlarms, API_DescribeAlarmHistory) */
function onAllAlarms(action: string) {
  return (): readonly Need[] => [need(`cloudwatch:${action}`, ANY)];
}

export const cloudwatchNeeds: NeedsOf<typeof cloudwatchOperations> = {
  PutMetricAlarm: onAlarms('PutMetricAlarm'),
  PutCompositeAlarm: onAlarms('PutCompositeAlarm'),
  SetAlarmState: onAlarms('SetAlarmState'),
  DeleteAlarms: onAlarms('DeleteAlarms'),
  EnableAlarmActions: onAlarms('EnableAlarmActions'),
  DisableAlarmActions: onAlarms('DisableAlarmActions'),
  DescribeAlarms: onAllAlarms('DescribeAlarms'),
  DescribeAlarmHistory: onAllAlarms('DescribeAlarmHistory'),
  ListAlarmMuteRules: onAllAlarms('ListAlarmMuteRules'),
  PutMetricData: (_world, { Namespace }: { readonly Namespace?: string }) => [
    need('cloudwatch:PutMetricData', ANY, { 'cloudwatch:namespace': Namespace }),
  ],
  ListMetrics: () => [need('cloudwatch:ListMetrics', ANY)],
  GetMetricStatistics: () => [need('cloudwatch:GetMetricStatistics', ANY)],
  GetMetricData: () => [need('cloudwatch:GetMetricData', ANY)],
};
