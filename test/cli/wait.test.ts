/** Somebody stands behind a release: `deploy --until` and `wait`, and the exit codes that tell the ends apart. */
import { beforeEach, describe, expect, test } from 'vitest';
import { LOCAL_URL } from '../../cli/connect/options.ts';
import { deploy } from '../../cli/deploy.ts';
import { holdOrResume } from '../../cli/hold.ts';
import { EXIT } from '../../cli/output/exit.ts';
import { type Named, wait } from '../../cli/wait.ts';
import { TransientError } from '../../shared/ports.ts';
import { waitShape } from './answer/json-shapes.ts';
import { COMMAND, COMMON, printed, type Standing, standing } from './world.ts';

let here: Standing;
beforeEach(async () => {
  here = await standing();
});

const PROVEN = { ...COMMON, until: 'proven', minutes: 60 } as const;

describe('deploy --until', () => {
  test('proven: one line a change, in its order, each of the published shape', async () => {
    here.push('fix-1');
    const { code, stdout } = await printed(() =>
      deploy(here.connection, 'web', [':fix-1'], { ...COMMAND, ...PROVEN, json: true }),
    );
    expect(code).toBe(EXIT.done);
    const [, ...changes] = stdout
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one));
    for (const change of changes) expect(waitShape.parse(change)).toEqual(change);
    const states = [...new Set(changes.map(({ state }) => state))];
    expect(states).toEqual(['accepted', 'serving', 'proven']);
    expect(changes.map(({ exitCode }) => exitCode).filter((one) => one !== null)).toEqual([0]);
  });

  test('a bad image: rolled back is an exit code of its own, and says how to learn why', async () => {
    here.push('fix-bad', { errorRate: 1 });
    const { code, stdout } = await printed(() =>
      deploy(here.connection, 'web', [':fix-bad'], { ...COMMAND, ...PROVEN, local: LOCAL_URL }),
    );
    expect(code).toBe(EXIT.rolledBack);
    expect(stdout).toMatch(/rolling-back .*\n(.*\n)*.* rolled-back /);
    expect(stdout).toMatch(/^web is not proven \(exit code 10\): /m);
    expect(stdout).toMatch(/^why: {2}.*slipway why web --local$/m);
    const again = await printed(() =>
      deploy(here.connection, 'web', [':fix-bad'], { ...COMMAND, ...PROVEN }),
    );
    expect(again.code).toBe(EXIT.no);
  });

  test('--until with --no-wait is asked wrongly', async () => {
    here.push('fix-1');
    const asked = deploy(here.connection, 'web', [':fix-1'], { ...COMMAND, ...PROVEN, waitMs: 0 });
    await expect(asked).rejects.toThrow('--until waits, and --no-wait does not');
  });
});

describe('wait', () => {
  test('serving is before proven, and what was reached is told at once', async () => {
    const digest = here.push('main-1');
    const serving = { ...PROVEN, until: 'serving' } as const;
    const before = here.connection.now();
    expect((await printed(() => wait(here.connection, 'web', { digest }, serving))).code).toBe(0);
    const served = here.connection.now();
    expect(await phase()).toBe('baking');
    expect((await printed(() => wait(here.connection, 'web', { digest }, PROVEN))).code).toBe(0);
    expect(here.connection.now() - before).toBeGreaterThan(served - before);
    const now = here.connection.now();
    expect((await printed(() => wait(here.connection, 'web', {}, serving))).code).toBe(0);
    expect(here.connection.now()).toBe(now);
  });

  test('held until the time is over, and timed out, are told apart', async () => {
    await printed(() => holdOrResume(here.connection, 'hold', 'web', { ...COMMAND, all: false }));
    const digest = here.push('main-1');
    const short = { ...PROVEN, minutes: 3 };
    const held = await printed(() => wait(here.connection, 'web', { digest }, short));
    expect(held.code).toBe(EXIT.held);
    expect(held.stdout).toContain('not proven within 3 min: ada holds it (try it)');
    const commit = '0000000';
    const unknown = await printed(() => wait(here.connection, 'web', { commit }, short));
    expect(unknown.code).toBe(EXIT.timedOut);
    expect(unknown.stdout).toContain('Slipway has not heard of it');
  });

  test('what is superseded has its exit code', async () => {
    await printed(() => holdOrResume(here.connection, 'hold', 'web', { ...COMMAND, all: false }));
    const digest = here.push('main-1');
    await here.pass(1);
    here.push('main-2');
    const { code } = await printed(() => wait(here.connection, 'web', { digest }, PROVEN));
    expect(code).toBe(EXIT.superseded);
  });

  test('an answer that is lost now and then ends nothing; one that never comes does', async () => {
    const digest = here.push('main-1');
    const { aws } = here.connection;
    let reads = 0;
    const records = (fails: (read: number) => boolean): typeof aws.records => ({
      ...aws.records,
      load: async (key) => {
        reads += 1;
        if (fails(reads)) throw new TransientError('lost');
        return await aws.records.load(key);
      },
    });
    const under = (fails: (read: number) => boolean) => {
      reads = 0;
      const connection = { ...here.connection, aws: { ...aws, records: records(fails) } };
      return printed(() => wait(connection, 'web', { digest }, PROVEN));
    };
    await expect(under((read) => read > 2)).rejects.toThrow('lost');
    expect(reads).toBe(2 + 6);
    // What was never answered is a wrong place or a missing right: nobody waits for that.
    await expect(under(() => true)).rejects.toThrow('lost');
    expect(reads).toBe(1);
    expect((await under((read) => read % 3 === 2)).code).toBe(EXIT.done);
  });

  test('what names nothing is asked wrongly', async () => {
    const asked = (named: Named) => wait(here.connection, 'web', named, PROVEN);
    await expect(asked({ digest: 'sha256:abc' })).rejects.toThrow(
      '--digest is "sha256:abc", expected sha256: and 64 hex digits',
    );
    await expect(asked({ commit: 'MAIN' })).rejects.toThrow(
      '--commit is "MAIN", expected 7 to 40 hex digits',
    );
    await expect(asked({ release: 'x' })).rejects.toThrow(
      '--release is "x", expected a number, #3, or ecs/production/web/3',
    );
  });
});

async function phase() {
  return (await here.cloud.recordOf('ecs/production/web'))?.phase.phase;
}
