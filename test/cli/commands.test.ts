/** A person's commands: sent through the queue, processed, answered; what is refused before that. */
import { Command } from 'commander';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { commandOptions } from '../../cli/connect/command-options.ts';
import { releaseMeant } from '../../cli/connect/proven-release.ts';
import { deploy } from '../../cli/deploy.ts';
import { holdCommand, holdOrResume } from '../../cli/hold.ts';
import { EXIT } from '../../cli/output/exit.ts';
import { rollback } from '../../cli/rollback.ts';
import { unquarantine } from '../../cli/unquarantine.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { COMMAND, COMMON, pipeline, printed, type Standing, standing } from './world.ts';

const KEY = 'ecs/production/web';
const JSON_COMMAND = { ...COMMAND, json: true };
const NO_WAIT = { ...COMMAND, waitMs: 0 };

let here: Standing;
beforeEach(async () => {
  here = await standing();
});

const phase = async () => (await here.cloud.recordOf(KEY))?.phase.phase;
const hold = (options: object = {}) =>
  holdOrResume(here.connection, 'hold', 'web', { ...COMMAND, all: false, ...options });

/** A proven release over what was adopted. */
async function proven(tag: string): Promise<string> {
  const digest = here.push(tag);
  await here.pass(20);
  expect(await phase()).toBe('idle');
  return digest;
}

describe('deploy', () => {
  test('sends the command with who and why, waits until it was processed, and tells what was decided', async () => {
    const digest = await proven('main-1');
    await proven('main-2');
    const { code, stdout } = await printed(() =>
      deploy(here.connection, 'web', ['shop/web:main-1'], JSON_COMMAND),
    );
    expect(code).toBe(EXIT.done);
    expect(JSON.parse(stdout)).toMatchObject({
      target: 'web',
      key: KEY,
      by: 'ada',
      because: 'try it',
      heard: true,
      refused: null,
      ask: {
        do: 'deploy',
        images: { app: { digest, repository: 'shop/web', tags: ['main-1'] } },
      },
    });
    const { decisions } = JSON.parse(stdout);
    expect(decisions[0]).toMatchObject({
      event: { type: 'CommandReceived', by: 'ada' },
      because: expect.stringContaining('waits its turn: ada asked: try it'),
    });
    expect(await phase()).toBe('deploying');
  });

  test('a command that was processed stands in the record once, by its id', async () => {
    const { stdout } = await printed(() => hold({ json: true }));
    const { id } = JSON.parse(stdout);
    expect((await here.cloud.recordOf(KEY))?.handledCommands).toEqual([id]);
  });

  test('what is refused is exit code 1, with the reason and what comes next', async () => {
    const digest = here.push('main-bad', { errorRate: 1 });
    await here.pass(30);
    const { code, stdout } = await printed(() =>
      deploy(here.connection, 'web', [`@${digest.slice(0, 19)}`], COMMAND),
    );
    expect(code).toBe(EXIT.no);
    expect(stdout).toMatch(/refused: shop\/web:main-bad \(sha256:[0-9a-f]{12}\) is quarantined/);
    expect(stdout).toMatch(
      /^next +lift its quarantine first, if you mean it: slipway unquarantine web sha256:[0-9a-f]{12} --because "why"$/m,
    );
  });

  test('--no-wait ends at once, and the command is in the queue', async () => {
    here.push('main-1');
    const sent = await printed(() => deploy(here.connection, 'web', [':main-1'], NO_WAIT));
    expect(sent.code).toBe(EXIT.done);
    expect(sent.stdout).toContain('not yet; `slipway history web` shows what comes of it');
    expect(here.cloud.world.sqs.queues['slipway-commands']?.messages).toHaveLength(1);
  });

  test('what is not processed in time is an exit code of its own', async () => {
    here.push('main-1');
    const idle = { ...here.connection, wait: async () => undefined };
    const { code, stdout } = await printed(() =>
      deploy(idle, 'web', [':main-1'], { ...COMMAND, waitMs: 3_000 }),
    );
    expect(code).toBe(EXIT.unprocessed);
    expect(stdout).toContain('not yet after 3 s');
  });

  test('of a target that only this config names it is told that nothing will come of it', async () => {
    const { web } = pipeline.targets;
    const other = { ...web, id: 'other', service: 'other', key: 'ecs/production/other' };
    const connection = {
      ...here.connection,
      isLocal: false,
      pipeline: { ...pipeline, targets: { ...pipeline.targets, other } as Pipeline['targets'] },
    };
    const { code, stdout } = await printed(() =>
      holdOrResume(connection, 'hold', 'other', { ...COMMAND, all: false }),
    );
    expect(code).toBe(EXIT.unprocessed);
    expect(stdout).toContain(
      'nothing: after 1 min Slipway still knows nothing of other; does the config that is deployed name it?',
    );
    expect(stdout).toMatch(
      /^next +if it does not, deploy this one: slipway infra deploy; then say it again$/m,
    );
  });

  test('when AWS is lost after it was sent, that it was asked is told', async () => {
    here.push('main-1');
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const wait = async () => Promise.reject(new Error('lost'));
    const asked = printed(() => deploy({ ...here.connection, wait }, 'web', [':main-1'], COMMAND));
    await expect(asked).rejects.toThrow('lost');
    expect(write).toHaveBeenCalledWith(
      'it was asked; `slipway history web` shows what comes of it\n',
    );
    write.mockRestore();
  });

  test.each([
    ['an unknown tag', [':main-2'], 'shop/web has no tag "main-2"; there is: main-1'],
    [
      'another repository',
      ['shop/wbe:x'],
      'web takes no images of "shop/wbe"; did you mean shop/web?',
    ],
    ['another container', ['ap=shop/web:x'], 'web has no container "ap"; did you mean app?'],
    ['no reference', ['main-1'], '--image is "main-1", expected <repository>:<tag>'],
    ['no digest', ['@sha256:xyz'], '"sha256:xyz" is no digest; expected sha256: and 64 hex digits'],
    [
      'an unknown digest',
      [`@sha256:${'0'.repeat(64)}`],
      'shop/web has no image with the digest sha256:000',
    ],
    ['two for one container', [':main-1', ':main-1'], 'container "app" is given two images'],
  ])('%s is refused before anything is sent', async (_, references, message) => {
    here.push('main-1');
    await expect(deploy(here.connection, 'web', references, COMMAND)).rejects.toThrow(message);
    expect(here.cloud.world.sqs.queues['slipway-commands']?.messages).toEqual([]);
  });

  test('without --yes and without a terminal nothing is asked', async () => {
    here.push('main-1');
    const asking = deploy(here.connection, 'web', [':main-1'], { ...COMMAND, yes: false });
    await expect(asking).rejects.toThrow('this is no terminal: say --yes; nothing was done');
    expect(here.cloud.world.sqs.queues['slipway-commands']?.messages).toEqual([]);
  });
});

describe('rollback', () => {
  test('goes to the last proven release, and what it left is quarantined', async () => {
    const digest = await proven('main-1');
    const { code, stdout } = await printed(() => rollback(here.connection, 'web', COMMAND));
    expect(code).toBe(EXIT.done);
    expect(stdout).toContain('asked    roll web back to shop/web (sha256:a087eaf300b3) (web:1)');
    expect(stdout).toContain('condemned: ada asked: try it');
    await here.pass(10);
    const record = await here.cloud.recordOf(KEY);
    expect(record?.phase.phase).toBe('idle');
    expect(record?.quarantine.map((one) => one.digest)).toEqual([digest]);
    expect(record?.runs?.revision).toMatch(/web:1$/);
  });

  test('is known by its number, its name, its revision and its tag', async () => {
    await proven('main-1');
    const record = await here.cloud.recordOf(KEY);
    for (const word of ['1', 'ecs/production/web/1', 'web:2', 'main-1']) {
      expect(record && releaseMeant(record, word), word).toBe('ecs/production/web/1');
    }
    const digest = record?.rollbackCandidates[1]?.images.app?.digest ?? '';
    expect(record && releaseMeant(record, digest.slice(0, 19))).toBe('adopted web:1');
  });

  test('goes to the one that was chosen', async () => {
    await proven('main-1');
    const options = { ...JSON_COMMAND, to: 'web:1' };
    const { stdout } = await printed(() => rollback(here.connection, 'web', options));
    expect(JSON.parse(stdout).ask).toEqual({
      do: 'rollback',
      to: 'adopted web:1',
      leaves: expect.stringMatching(/task-definition\/web:2$/),
    });
  });

  test('to a release that is none is refused with those that are', async () => {
    await proven('main-1');
    await expect(rollback(here.connection, 'web', { ...COMMAND, to: 'main-11' })).rejects.toThrow(
      'no proven release is "main-11"; there is: ',
    );
  });

  test('to what is quarantined says that it is, and how it is lifted; which works', async () => {
    const digest = here.push('main-bad', { errorRate: 1 });
    await here.pass(30);
    const record = await here.cloud.recordOf(KEY);
    if (record === undefined) throw new Error('there is no record');
    for (const word of ['main-bad', 'web:2', digest.slice(0, 19)]) {
      expect(() => releaseMeant(record, word), word).toThrow(
        `"${word}" is quarantined, and a rollback goes to a proven release; if you mean it: slipway unquarantine web ${digest} --because "…", then deploy its image`,
      );
    }
    await printed(() => unquarantine(here.connection, 'web', digest, COMMAND));
    await here.pass(1);
    const lifted = await here.cloud.recordOf(KEY);
    expect(lifted?.quarantine).toEqual([]);
  });

  test('with nothing to return to is refused by the same rules as ever: exit code 1', async () => {
    const { code, stdout } = await printed(() => rollback(here.connection, 'web', COMMAND));
    expect(code).toBe(EXIT.no);
    expect(stdout).toContain('refused: the only proven release runs already: ');
  });
});

describe('unquarantine', () => {
  test('lifts it by the start of the digest, as our own output cuts it', async () => {
    const digest = here.push('main-bad', { errorRate: 1 });
    await here.pass(30);
    const { code } = await printed(() =>
      unquarantine(here.connection, 'web', digest.slice(0, 19), COMMAND),
    );
    expect(code).toBe(EXIT.done);
    expect((await here.cloud.recordOf(KEY))?.quarantine).toEqual([]);
  });

  test.each(['main-bad', 'shop/web:main-bad', 'web:2'])(
    'or by its tag or revision: %s',
    async (name) => {
      here.push('main-bad', { errorRate: 1 });
      await here.pass(30);
      const { code } = await printed(() => unquarantine(here.connection, 'web', name, COMMAND));
      expect(code).toBe(EXIT.done);
      expect((await here.cloud.recordOf(KEY))?.quarantine).toEqual([]);
    },
  );

  test.each([
    [
      'a tag of nothing bad',
      'main-1',
      '"main-1" is no quarantined image that is known by this name',
    ],
    ['one that is not quarantined', '12345678', '12345678 is not quarantined; none is'],
    ['a whole one', `sha256:${'1'.repeat(64)}`, 'is not quarantined; none is'],
  ])('%s is refused', async (_, digest, message) => {
    await expect(unquarantine(here.connection, 'web', digest, COMMAND)).rejects.toThrow(message);
  });
});

describe('--because', () => {
  const given = { yes: true, wait: '30' };

  test.each([
    ['empty', '  ', '--because is empty; say why in a sentence'],
    ['too long', 'x'.repeat(501), '--because has 501 characters, at most 500 are recorded'],
    ['of two lines', 'a\nb', '--because has control characters'],
  ])('that is %s is refused', (_, because, message) => {
    expect(() => commandOptions({ ...given, because })).toThrow(message);
  });

  test('is recorded as it was said, without the space around it', () => {
    expect(commandOptions({ ...given, because: ' why ' })).toEqual({
      ...COMMON,
      because: 'why',
      yes: true,
      waitMs: 30_000,
    });
    expect(commandOptions({ ...given, because: 'x', wait: false }).waitMs).toBe(0);
    expect(() => commandOptions({ ...given, because: 'x', wait: 'soon' })).toThrow(
      '--wait is "soon", expected whole seconds from 1 to 900',
    );
  });
});

describe('hold and resume of one target', () => {
  test('--for ends it by itself; what is no time, and a hold of all, are asked wrongly', async () => {
    const { stdout } = await printed(() => hold({ minutes: 120 }));
    expect(stdout).toMatch(
      /^next +nothing new starts until 2026-11-20 \d\d:\d\d UTC, or until `resume`/m,
    );
    await expect(
      holdOrResume(here.connection, 'hold', undefined, { ...COMMAND, all: true, minutes: 120 }),
    ).rejects.toThrow('--for is of one target');
    const said = (time: string) =>
      holdCommand.run(['web'], { because: 'x', wait: '30', for: time }, new Command());
    await expect(said('2y')).rejects.toThrow('--for is "2y", expected 30m, 2h or 3d, at most 14d');
    await expect(said('15d')).rejects.toThrow('at most 14d');
    await expect(said('0m')).rejects.toThrow('at most 14d');
  });

  test('an image waits meanwhile, and starts when it is resumed', async () => {
    await printed(() => hold());
    here.push('main-1');
    await here.pass(5);
    expect(await phase()).toBe('idle');
    const resumed = { ...COMMAND, all: false };
    const { code } = await printed(() => holdOrResume(here.connection, 'resume', 'web', resumed));
    expect(code).toBe(EXIT.done);
    await here.pass(1);
    expect(await phase()).toBe('deploying');
  });

  test.each([
    ['neither', undefined, false, 'hold needs a target, or --all'],
    ['both', 'web', true, 'hold needs a target, or --all, not both'],
  ])('a target or --all, not %s', async (_, word, all, message) => {
    const asked = holdOrResume(here.connection, 'hold', word, { ...COMMAND, all });
    await expect(asked).rejects.toThrow(message);
  });
});
