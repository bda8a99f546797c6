/** What is told of an alarm that was created, updated or deleted: an event and a line of history. */

import { emit } from '../eventbridge/state.ts';
import type { World } from '../kernel/world.ts';
import { type Alarm, alarmArn, alarmTime } from './state.ts';
import { queryDetail, remember } from './transitions.ts';

/** The event and the history of a changed configuration (capture alarm_delivery). */
export function announce(
  world: World,
  alarm: Alarm,
  operation: 'create' | 'update' | 'delete',
  before?: Alarm,
): void {
  emit(world, {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm Configuration Change',
    resources: [alarmArn(world, alarm.name)],
    detail: {
      alarmName: alarm.name,
      operation,
      state: {
        value: alarm.state.value,
        ...(operation === 'delete' ? { reason: alarm.state.reason } : {}),
        timestamp: alarmTime(alarm.state.transitionedAt),
      },
      configuration: configurationDetail(alarm),
      ...(before === undefined ? {} : { previousConfiguration: configurationDetail(before) }),
    },
  });
  const done = { create: 'created', update: 'updated', delete: 'deleted' }[operation];
  remember(world, {
    alarmName: alarm.name,
    alarmType: alarm.type,
    at: world.now,
    type: 'ConfigurationUpdate',
    summary: `Alarm "${alarm.name}" ${done}`,
    data: JSON.stringify({
      version: '1.0',
      type: operation === 'create' ? 'Create' : operation === 'update' ? 'Update' : 'Delete',
    }),
  });
}

function configurationDetail(alarm: Alarm): Record<string, unknown> {
  return {
    ...(alarm.type === 'CompositeAlarm'
      ? { alarmRule: alarm.rule }
      : {
          evaluationPeriods: alarm.evaluationPeriods,
          ...(alarm.datapointsToAlarm === undefined
            ? {}
            : { datapointsToAlarm: alarm.datapointsToAlarm }),
          threshold: alarm.threshold,
          comparisonOperator: alarm.comparison,
          ...(alarm.treatMissingData === undefined
            ? {}
            : { treatMissingData: alarm.treatMissingData }),
          metrics: alarm.queries.map(queryDetail),
        }),
    alarmName: alarm.name,
    ...(alarm.description === undefined ? {} : { description: alarm.description }),
    actionsEnabled: alarm.actionsEnabled,
    timestamp: alarmTime(alarm.configuredAt),
    okActions: alarm.okActions,
    alarmActions: alarm.alarmActions,
    insufficientDataActions: alarm.insufficientDataActions,
  };
}
