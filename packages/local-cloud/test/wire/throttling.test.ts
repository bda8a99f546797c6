import { describe, expect, test } from 'vitest';
import { AwsError } from '../../kernel/errors.ts';
import { modelOf } from '../../models/model.ts';
import { BUCKETS, throttling } from '../../wire/throttling.ts';

const register = { service: 'ecs', operation: 'RegisterTaskDefinition' };
const describeServices = { service: 'ecs', operation: 'DescribeServices' };

/** A throttle with a clock that the test moves, and how many of `count` calls pass. */
function throttle() {
  let now = 0;
  const take = throttling(() => now);
  return {
    passing: (call: { service: string; operation: string }, count: number) =>
      Array.from({ length: count }, () => take(call)).filter((fault) => fault === 'none').length,
    take,
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

describe('throttling', () => {
  test('RegisterTaskDefinition: twenty at once, then one a second', () => {
    const { passing, wait } = throttle();
    expect(passing(register, 25)).toBe(20);
    wait(3.5);
    expect(passing(register, 10)).toBe(3);
    wait(0.5);
    expect(passing(register, 10)).toBe(1);
  });

  test('operations of one family share a bucket, others have their own', () => {
    const { passing } = throttle();
    expect(passing({ ...register, operation: 'DeregisterTaskDefinition' }, 20)).toBe(20);
    expect(passing(register, 1)).toBe(0);
    expect(passing(describeServices, 150)).toBe(100);
  });

  test('a bucket never holds more than its burst', () => {
    const { passing, wait } = throttle();
    wait(3_600);
    expect(passing(register, 25)).toBe(20);
  });

  test('is told in each service’s own words', () => {
    const { take } = throttle();
    const refusals = (call: { service: string; operation: string }, count: number) => {
      const faults = Array.from({ length: count }, () => take(call));
      return faults.find((fault) => fault instanceof AwsError);
    };
    const shown = ({ code, message, status }: AwsError) => [code, message, status];
    expect(shown(refusals(register, 21) as AwsError)).toEqual([
      'ThrottlingException',
      'Rate exceeded',
      400,
    ]);
    const alarms = { service: 'monitoring', operation: 'DescribeAlarms' };
    expect(shown(refusals(alarms, 10) as AwsError)).toEqual(['Throttling', 'Rate exceeded', 400]);
  });

  test('what AWS publishes no rate of is never throttled', () => {
    const { passing } = throttle();
    expect(passing({ service: 'ecs', operation: 'StopServiceDeployment' }, 1_000)).toBe(1_000);
    expect(passing({ service: 'sqs', operation: 'SendMessage' }, 1_000)).toBe(1_000);
  });

  test('the families name operations that AWS has', () => {
    for (const { service, operations } of BUCKETS) {
      const { operations: served, notServed } = modelOf(service);
      expect([...Object.keys(served), ...notServed]).toEqual(
        expect.arrayContaining([...operations]),
      );
    }
  });
});
