/** Optimistic locking: whoever wrote in between is right, and nothing that was not saved goes out. */
import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/ports.ts';
import {
  againOnConflict,
  VersionConflict,
  VersionedRecord,
} from '../../shared/reconcile/optimistic-loop.ts';

/** Each step of each try, in order; `fails` throws in the step of that name, with its number. */
function tries(fails: (step: string, attempt: number) => Error | undefined) {
  const steps: string[] = [];
  let attempt = 0;
  const step = async (name: string) => {
    steps.push(`${name} ${attempt}`);
    const error = fails(name, attempt);
    if (error !== undefined) throw error;
  };
  const load = async () => {
    attempt++;
    return {
      hear: () => step('hear'),
      run: async () => {
        await step('run');
        return `the result of try ${attempt}`;
      },
      deliver: () => step('deliver'),
    };
  };
  return { steps, run: () => againOnConflict('ecs/production/web', 'an event', load) };
}

describe('a handling begins again with what somebody else wrote', () => {
  test('and hears its event once more if it was not saved', async () => {
    const { steps, run } = tries((step, attempt) =>
      step === 'hear' && attempt === 1 ? new VersionConflict() : undefined,
    );
    expect(await run()).toBe('the result of try 2');
    expect(steps).toEqual(['hear 1', 'hear 2', 'run 2']);
  });

  test('and not once more if it was', async () => {
    const { steps, run } = tries((step, attempt) =>
      step === 'run' && attempt === 1 ? new VersionConflict() : undefined,
    );
    expect(await run()).toBe('the result of try 2');
    expect(steps).toEqual(['hear 1', 'run 1', 'run 2']);
  });

  test('eight times, then the queue tries again', async () => {
    const { steps, run } = tries((step) => (step === 'run' ? new VersionConflict() : undefined));
    await expect(run()).rejects.toThrow(TransientError);
    expect(steps.filter((step) => step.startsWith('run'))).toHaveLength(8);
    expect(steps.some((step) => step.startsWith('deliver'))).toBe(false);
  });
});

describe('another error ends the handling', () => {
  test('and what it had saved still goes out', async () => {
    const ill = new Error('ECS did not answer');
    const { steps, run } = tries((step) => (step === 'run' ? ill : undefined));
    await expect(run()).rejects.toBe(ill);
    expect(steps).toEqual(['hear 1', 'run 1', 'deliver 1']);
  });

  test('and it is the one that is told when that fails too', async () => {
    const ill = new Error('ECS did not answer');
    const { run } = tries((step) =>
      step === 'run' ? ill : step === 'deliver' ? new Error('nor did the bus') : undefined,
    );
    await expect(run()).rejects.toBe(ill);
  });
});

describe('a record beside what the table has of it', () => {
  function stored(answers: readonly ('saved' | 'stale')[]) {
    const left = [...answers];
    const writes: (readonly [string, number | undefined])[] = [];
    const record = new VersionedRecord<string>({ record: 'old', version: 7 }, async (...write) => {
      writes.push(write);
      return left.shift() ?? 'saved';
    });
    return { record, writes };
  }

  test('is written when it changed, and expects the version that it was loaded with', async () => {
    const { record, writes } = stored([]);
    expect(await record.save()).toBe(false);
    record.current = 'new';
    expect(await record.save()).toBe(true);
    expect(await record.save()).toBe(false);
    record.current = 'newer';
    await record.save();
    expect(writes).toEqual([
      ['new', 7],
      ['newer', 8],
    ]);
    expect(record.version).toBe(9);
  });

  test('is not written over what somebody else wrote', async () => {
    const { record } = stored(['stale']);
    record.current = 'new';
    await expect(record.save()).rejects.toThrow(VersionConflict);
    expect(record.version).toBe(7);
  });

  test('what was decided and not saved is not sent', async () => {
    const { record, writes } = stored([]);
    record.current = 'decided, not saved';
    const sent: string[] = [];
    await record.deliver(async (saved) => {
      sent.push(saved);
      return `${saved}, sent`;
    });
    expect(sent).toEqual(['old']);
    expect(writes).toEqual([['old, sent', 7]]);
  });

  test('what went out and could not be forgotten is sent once more by whoever wrote in between', async () => {
    const { record } = stored(['stale']);
    await expect(record.deliver(async (saved) => `${saved}, sent`)).resolves.toBeUndefined();
  });

  test('of one that was never stored nothing is sent', async () => {
    const record = new VersionedRecord<string>(undefined, async () => 'saved');
    record.current = 'new';
    await record.deliver(async () => {
      throw new Error('sent');
    });
  });
});
