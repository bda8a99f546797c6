/**
 * A CloudWatch alarm changed its state; told in three wrappings: by EventBridge, as the alarm's own
 * action on a function, and as a notification of SNS. Metric, metric-math, anomaly and composite.
 */
import * as z from 'zod/mini';
import { breachEndsAt, breachStartsAt } from '../core/model/breach/breach.ts';
import { breachInWords, measureOf } from '../core/model/breach/words.ts';
import type { Moment } from '../core/model/image.ts';
import { plain } from '../core/model/text.ts';
import { bounded } from '../parsing/bounded.ts';
import { alarmName, alarmState, text, words } from '../parsing/fields.ts';
import { read } from '../parsing/unreadable.ts';
import {
  type AwsEvent,
  elsewhere,
  type Here,
  ignored,
  isoTime,
  type ParsedEvent,
} from './event.ts';
import { type AlarmChangedMessage, type Cause, REASON_MAX } from './message.ts';

const period = z.int().check(z.gte(1), z.lte(604_800));

/** What is not there or cannot be read is left out. */
function whenReadable<T extends z.ZodMiniType>(schema: T) {
  return z.catch(z.optional(schema), undefined);
}

/** The periods, and what is measured, and only if they can be read: what else stands there is not needed. */
const metrics = whenReadable(
  bounded(
    z.array(
      z.object({
        id: whenReadable(z.string()),
        expression: whenReadable(z.string()),
        returnData: whenReadable(z.boolean()),
        period: z.optional(period),
        metricStat: z.optional(
          z.object({ period, metric: whenReadable(z.object({ name: whenReadable(z.string()) })) }),
        ),
      }),
    ),
  ),
);

const change = z.object(
  {
    alarmName,
    state: z.object(
      {
        value: alarmState,
        timestamp: isoTime,
        reason: z.nullish(z.string({ error: 'a text' })),
        reasonData: z.nullish(z.string({ error: 'JSON in a text' })),
        // Of a composite alarm: WaitPeriod, ExtensionPeriod, Alarm, or what comes to be added.
        actionsSuppressedBy: z.optional(z.unknown()),
      },
      { error: "the alarm's state" },
    ),
    previousState: z.object({ value: alarmState }, { error: "the alarm's state before" }),
    configuration: whenReadable(z.object({ metrics })),
    muteDetail: z.optional(z.unknown()),
  },
  { error: 'an alarm and its state' },
);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
export function parseAlarmEvent(event: AwsEvent): ParsedEvent {
  return toMessage(read(event.what, change, event.detail, 'detail'), event.cause);
}

const ARN = 'the ARN of the alarm';
const alarmAction = z.object({
  alarmArn: words(600, ARN),
  accountId: z.string({ error: 'the account of the alarm' }),
  region: z.string({ error: 'the region of the alarm' }),
  alarmData: change,
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-lambda.html */
export function parseAlarmAction(input: object, here: Here): ParsedEvent {
  const action = read('the action of an alarm', alarmAction, input);
  const other = elsewhere(action.accountId, action.region, here);
  if (other !== undefined) return ignored(other);
  const { alarmData } = action;
  // The payload has no id of its own.
  const id = `${alarmData.alarmName} ${new Date(alarmData.state.timestamp).toISOString()}`;
  return toMessage(alarmData, {
    id,
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch alarm action',
  });
}

const notification = z.object({
  AlarmName: alarmName,
  AWSAccountId: z.string({ error: 'the account of the alarm' }),
  AlarmArn: text(/^arn:[^:]*:cloudwatch:[^:]*:/, ARN),
  NewStateValue: alarmState,
  OldStateValue: alarmState,
  NewStateReason: z.nullish(z.string({ error: 'a text' })),
  StateChangeTime: isoTime,
  Trigger: whenReadable(
    z.looseObject({
      Period: whenReadable(period),
      MetricName: whenReadable(z.string()),
      Metrics: whenReadable(
        bounded(
          z.array(
            z.object({
              Id: whenReadable(z.string()),
              Expression: whenReadable(z.string()),
              ReturnData: whenReadable(z.boolean()),
              MetricStat: z.optional(
                z.object({
                  Period: period,
                  Metric: whenReadable(z.object({ MetricName: whenReadable(z.string()) })),
                }),
              ),
            }),
          ),
        ),
      ),
    }),
  ),
});

/** The text that CloudWatch gives to SNS; `Region` in it is a name for people, so the ARN is read. */
export function parseAlarmNotification(message: object, id: string, here: Here): ParsedEvent {
  const told = read('an alarm told by SNS', notification, message);
  const other = elsewhere(told.AWSAccountId, told.AlarmArn.split(':')[3] ?? '', here);
  if (other !== undefined) return ignored(other);
  const { Trigger } = told;
  return toMessage(
    {
      alarmName: told.AlarmName,
      state: {
        value: told.NewStateValue,
        timestamp: told.StateChangeTime,
        reason: told.NewStateReason,
      },
      previousState: { value: told.OldStateValue },
      configuration: { metrics: asInEvents(Trigger) },
    },
    { id, source: 'aws.sns', detailType: 'CloudWatch alarm notification' },
  );
}

/** The alarm's own metric, or its queries, with the names that events give them. */
function asInEvents(
  trigger: z.output<typeof notification>['Trigger'],
): NonNullable<z.output<typeof metrics>> {
  const single = { period: trigger?.Period, metricStat: undefined };
  const named = (seconds: number, name: string | undefined) => ({
    period: seconds,
    metric: { name },
  });
  if (trigger?.Period !== undefined && trigger.MetricName !== undefined) {
    return [{ ...single, metricStat: named(trigger.Period, trigger.MetricName) }];
  }
  return [
    { ...single, returnData: false },
    ...(trigger?.Metrics ?? []).map(({ Id, Expression, ReturnData, MetricStat }) => ({
      id: Id,
      expression: Expression,
      returnData: ReturnData,
      metricStat: MetricStat && named(MetricStat.Period, MetricStat.Metric?.MetricName),
    })),
  ];
}

type Change = z.output<typeof change>;

function toMessage(told: Change, cause: Cause): ParsedEvent {
  const { state, previousState, muteDetail } = told;
  const ends = state.value === 'ALARM' ? endOfBreach(told) : undefined;
  const starts = state.value === 'ALARM' ? breachStartsAt(state.reason ?? undefined) : undefined;
  const { actionsSuppressedBy: suppressor } = state;
  const words =
    state.value === 'ALARM' ? inWords(told, { startsAt: starts, endsAt: ends }) : undefined;
  const message: AlarmChangedMessage = {
    type: 'AlarmChanged',
    alarm: told.alarmName,
    from: previousState.value,
    to: state.value,
    changedAt: state.timestamp,
    ...(ends !== undefined && { breachEndsAt: ends }),
    ...(starts !== undefined && { breachStartsAt: starts }),
    // Mute rules silence actions, not events: they say so here.
    muted: muteDetail !== undefined && muteDetail !== null,
    ...(suppressor !== undefined && suppressor !== null && { suppressed: true as const }),
    ...(words !== undefined && { inWords: words }),
    reason: plain(state.reason ?? '').slice(0, REASON_MAX),
  };
  return { kind: 'parsed', message, cause };
}

function inWords(
  { state, configuration }: Change,
  breach: Parameters<typeof breachInWords>[1],
): string | undefined {
  const queries = (configuration?.metrics ?? []).map(
    ({ id, expression, returnData, metricStat }) => ({
      id,
      expression,
      metricName: metricStat?.metric?.name,
      returned: returnData,
    }),
  );
  const sentence = breachInWords(plain(state.reason ?? ''), breach, measureOf(queries));
  return sentence?.slice(0, REASON_MAX);
}

/**
 * The period stands in the reason's data. Where that is missing (SNS, composite alarms) the longest
 * of the alarm's own metrics is taken: too late an end counts an alarm, too early would ignore one.
 */
function endOfBreach({ state, configuration }: Change): Moment | undefined {
  const reason = state.reason ?? undefined;
  const fromData = breachEndsAt(reason, state.reasonData ?? undefined);
  if (fromData !== undefined) return fromData;
  const periods = (configuration?.metrics ?? [])
    .map((metric) => metric.metricStat?.period ?? metric.period ?? 0)
    .filter((seconds) => seconds > 0);
  return periods.length === 0 ? undefined : breachEndsAt(reason, { period: Math.max(...periods) });
}
