/** `npm start`: its story, its JSON, its exit code. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { slipway } from './run.ts';
import { slipwayHere } from './run-here.ts';

/** The file lies in a directory of the system's, as a user's would. */
function scenarioFile(scenario: object | string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'slipway-')), 'scenario.json');
  writeFileSync(file, typeof scenario === 'string' ? scenario : JSON.stringify(scenario));
  return file;
}

const SHORT = {
  steps: [{ at: '2m', push: { repository: 'shop/web', tag: 'main-1' } }],
  until: '4m',
};

describe('slipway start', () => {
  test('tells the default story, quietly and in plain text when piped, and ends as expected', async () => {
    const { code, stdout, stderr } = await slipway('start');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).not.toContain('\u001b');
    for (const part of [
      /05:00 {2}you +git push acme\/shop main: 1a2b3c4\n/,
      /proven web main-1a2b3c4d5e6f: ECS says SUCCESSFUL.* \[1a2b3c4 slipway\/web: success\]/,
      /alarm +web-5xx: OK → ALARM/,
      /traffic +web: 95 % to web-\w+, 5 % to web-\w+\n/,
      /rolled back web main-8f3c2a1b9d04: at 5 % of the traffic: .* \[8f3c2a1 slipway\/web: failure\]/,
      /the judge calls it harmless \(of [\d,]+ requests to web:4, 0 failed/,
      /refused web main-8f3c2a1b9d04: .* is quarantined/,
      /rolled back worker main-77d01ee4c2ab: 2 of its tasks failed.*exited with code 1/,
      /proven web main-c0ffee1d00d5/,
      /yes, to main-1a2b3c4d5e6f/,
      /with Slipway +ECS alone/,
      /bad requests served +1\d\d +[23]\d\d +Slipway is better/,
      /its rolling update +8,\d{3}\n/,
      /It ended as expected\./,
    ]) {
      expect(stdout).toMatch(part);
    }
  }, 180_000);

  test('--json prints one object a line, and last the summary', async () => {
    const { code, stdout } = await slipwayHere(
      'start',
      '--json',
      '--scenario',
      scenarioFile(SHORT),
    );
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);
    expect(new Set(lines.slice(0, -1).map(({ type }) => type))).toEqual(
      new Set(['step', 'event', 'call', 'decision', 'announcement']),
    );
    expect(lines.at(-1)).toEqual({
      type: 'summary',
      targets: {
        web: { phase: 'deploying', running: digest, proven: [digest], quarantined: [] },
        worker: { phase: 'idle', running: digest, proven: [digest], quarantined: [] },
      },
      releases: [
        {
          target: 'web',
          digest,
          tag: 'main-1',
          state: 'deploying',
          because: expect.stringContaining('shop/web:main-1'),
          startedAt: expect.stringMatching(/^2026-11-20T10:02:0/),
        },
      ],
      calls: expect.objectContaining({ 'ecs:UpdateService': 1, 'ecs:RegisterTaskDefinition': 1 }),
      virtualSeconds: 240,
      wallMs: expect.any(Number),
    });
  });

  test('an end that was not expected is exit code 1, and told', async () => {
    const expect_ = { targets: { web: { phase: 'idle', quarantined: ['main-1'] } } };
    const file = scenarioFile({ ...SHORT, expect: expect_ });
    const { code, stdout } = await slipway('start', '--scenario', file);
    expect(code).toBe(1);
    expect(stdout).toContain('web phase: deploying, expected idle');
    expect(stdout).toContain('web quarantined: nothing, expected main-1');
  });

  test.each([
    [
      'an unknown option',
      ['--sceanrio', 'x'],
      'there is no option --sceanrio; did you mean --scenario?',
    ],
    [
      'a word too many',
      ['default.json'],
      '"default.json" is one word too many; a file needs --scenario',
    ],
    [
      'a seed that is none',
      ['--seed', 'abc'],
      '--seed is "abc", expected a whole number of at most nine digits',
    ],
    ['no such file', ['--scenario', 'nowhere.json'], 'nowhere.json: there is no such file'],
  ])('%s is exit code 2 and told', async (_, args, message) => {
    const { code, stdout, stderr } = await slipwayHere('start', ...args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a mistake in a scenario is refused with its path', async () => {
    const file = scenarioFile({ ...SHORT, until: 'late' });
    const { code, stderr } = await slipwayHere('start', '--scenario', file);
    expect(code).toBe(2);
    expect(stderr).toContain('until: is "late", expected a time since the beginning');
  });
});

describe('a scenario', () => {
  const at = '2m';
  test.each([
    [
      { at, updateService: { target: 'web', revision: 99 } },
      'steps.0: is refused when it is its turn: TaskDefinition not found.',
    ],
    [
      { at, deregister: { target: 'web', revisions: [99] } },
      'steps.0: is refused when it is its turn: The specified task definition does not exist.',
    ],
    [
      { at, deleteRef: { repository: 'acme/shop', branch: 'main' } },
      'steps.0: is refused when it is its turn: the local GitHub has no repository "acme/shop"',
    ],
  ])(
    'whose step cannot be made is wrong, and that is no mistake of Slipway: %j',
    async (step, line) => {
      const ran = await slipwayHere(
        'start',
        '--scenario',
        scenarioFile({ steps: [step], until: '3m' }),
      );
      expect(ran.stderr).toContain(line);
      expect([ran.code, ran.stdout]).toEqual([2, '']);
    },
  );

  test('that expects nothing is not said to have ended as expected', async () => {
    const { code, stdout } = await slipwayHere('start', '--scenario', scenarioFile(SHORT));
    expect(code).toBe(0);
    expect(stdout).toMatch(/The scenario says nothing of how it should end\.\n$/);
    expect(stdout).not.toContain('as expected');
  });

  test('may begin with a byte order mark', async () => {
    const file = scenarioFile(`\uFEFF${JSON.stringify({ steps: [], until: '1m' })}`);
    expect(await slipwayHere('start', '--json', '--scenario', file)).toMatchObject({ code: 0 });
  });

  test('of which the end is too far away is refused with the bound', async () => {
    const { code, stderr } = await slipwayHere(
      'start',
      '--scenario',
      scenarioFile({ steps: [], until: '100000h' }),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('of at most 9999h, 99999m or 999999s');
  });
});

describe('slipway', () => {
  test('--help tells the commands', async () => {
    const { code, stdout } = await slipwayHere('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/start .*\n.*invoke /);
  });

  test('an unknown command is exit code 2, with the nearest one', async () => {
    expect(await slipway('strat')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'slipway: there is no command "strat"; did you mean start?\n',
    });
  });
});
