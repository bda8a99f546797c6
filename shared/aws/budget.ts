/**
 * The port `Budget`: DescribeAlarms has 9 calls a second in an account, and ECS's own deployment
 * alarms poll with the same 9. A flood of our looks could blind ECS, so we take at most 3.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Budget, Clock } from '../ports.ts';
import { transient } from './refusal.ts';
import type { Table } from './table/items.ts';
import { budgetKey, TTL_ATTRIBUTE } from './table/table.ts';

const ALARM_CALLS_PER_SECOND = 3;
const KEPT_SECONDS = 3_600;

/** One item a second, counted by all functions together; their clocks differ by less than that. */
export function createBudget({ client, name }: Table, clock: Pick<Clock, 'now'>): Budget {
  return {
    mayAskAlarms: async () => {
      const second = Math.floor(clock.now() / 1000);
      try {
        await client.send(
          new UpdateCommand({
            TableName: name,
            Key: { ...budgetKey('alarms', second) },
            UpdateExpression: 'SET #ttl = :ttl ADD used :one',
            ConditionExpression: 'attribute_not_exists(used) OR used < :max',
            ExpressionAttributeNames: { '#ttl': TTL_ATTRIBUTE },
            ExpressionAttributeValues: {
              ':ttl': second + KEPT_SECONDS,
              ':one': 1,
              ':max': ALARM_CALLS_PER_SECOND,
            },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw transient('dynamodb:UpdateItem of the alarm budget', error);
      }
    },
  };
}
