/** The tree of commands: help with an example each, completion, and the table of exit codes. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { complete, completion } from '../../cli/completion.ts';
import { configCheck } from '../../cli/config-check.ts';
import { dispatch } from '../../cli/dispatch.ts';
import { EXIT, EXIT_CODES } from '../../cli/output/exit.ts';
import { makeProgram } from '../../cli/program.ts';
import { modulesOf, slipway } from './run.ts';
import { slipwayHere } from './run-here.ts';
import { COMMON, printed } from './world.ts';

const program = makeProgram(() => undefined);
const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
const nameOf = (command: Command): string =>
  command.parent === null ? '' : `${nameOf(command.parent)} ${command.name()}`.trim();
const commands = leaves(program).map(nameOf);

test('these are the commands', () => {
  expect(commands.toSorted()).toEqual([
    'approve',
    'completion',
    'config check',
    'deploy',
    'doctor',
    'explain',
    'history',
    'hold',
    'infra deploy',
    'infra destroy',
    'infra diff',
    'infra synth',
    'init',
    'invoke',
    'judge',
    'local',
    'plan',
    'push',
    'reject',
    'replay',
    'requarantine',
    'resume',
    'rollback',
    'start',
    'stats',
    'status',
    'unquarantine',
    'view',
    'wait',
    'why',
  ]);
});

test.each(commands)(
  '%s --help has an example that names it, and the options of all',
  async (name) => {
    const { code, stdout } = await printed(() => dispatch([...name.split(' '), '--help']));
    expect(code).toBe(EXIT.done);
    expect(stdout).toMatch(new RegExp(`^Usage: slipway ${name}`));
    expect(stdout).toMatch(new RegExp(`Example:\\n  \\$ slipway ${name}`));
    for (const option of [
      '--json',
      '--local [url]',
      '--as <name>',
      '--config <file>',
      '--debug',
      '--no-color',
    ]) {
      expect(stdout).toContain(`  ${option} `);
    }
  },
);

test('every command that changes something must say why, and may be said with --yes', () => {
  for (const name of [
    'deploy',
    'rollback',
    'unquarantine',
    'hold',
    'resume',
    'approve',
    'reject',
  ]) {
    const command = program.commands.find((one) => one.name() === name);
    const options = command?.options.map(({ long, mandatory }) => [long, mandatory]);
    expect(options).toContainEqual(['--because', true]);
    expect(options).toContainEqual(['--yes', false]);
  }
});

test('help tells the exit codes, and docs/commands.md the same', async () => {
  const { stdout } = await printed(() => dispatch(['--help']));
  const page = readFileSync(new URL('../../docs/commands.md', import.meta.url), 'utf8');
  for (const [code, what] of EXIT_CODES) {
    expect(stdout).toContain(`  ${code}  ${what}\n`);
    expect(page).toContain(`| ${code} | ${what} |`);
  }
});

test('the README names every command', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = /\n## Commands\n([\s\S]*?)\n## /.exec(readme) ?? [];
  for (const name of commands) expect(section).toMatch(new RegExp(`\`${name}\\b`));
});

test('help and completion load no client of the SDK, no zod, no rules, no local AWS', async () => {
  const heavy =
    /@aws-sdk|@smithy|node_modules\/zod|\/shared\/(config|reconcile|aws)\/|\/core\/decide|\/local\//;
  for (const args of [['--help'], ['deploy', '--help'], ['completion', 'bash']]) {
    const loaded = await modulesOf(...args);
    expect(loaded.some((url) => url.endsWith('/cli/deploy.ts'))).toBe(true);
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  }
});

describe('completion', () => {
  const asked: unknown[] = [];
  const completed = async (...words: string[]) => {
    const lines: string[] = [];
    const log = console.log;
    console.log = (text: string) => lines.push(text);
    try {
      await complete(
        words,
        makeProgram(() => undefined),
        async (...question) => {
          asked.push(question);
          return ['main-1', 'shop/web:main-2'];
        },
      );
    } finally {
      console.log = log;
    }
    return lines.map((line) => line.split('\t')[0]);
  };

  test('of commands, by how they begin', async () => {
    expect(await completed('re')).toEqual(expect.arrayContaining(['replay', 'resume']));
    expect(await completed('config', '')).toContain('check');
  });

  test('of options, those of the command and those of all', async () => {
    expect(await completed('status', '--')).toEqual(
      expect.arrayContaining(['--watch', '--every', '--json', '--local']),
    );
  });

  test('of what is proven and of images, asked of the account for these alone', async () => {
    expect(await completed('rollback', 'web', '--to', '')).toContain('main-1');
    expect(await completed('deploy', 'web', '--image', 'shop/')).toContain('shop/web:main-2');
    expect(await completed('status', 'web', '--every', '')).not.toContain('main-1');
    expect(asked).toEqual([
      ['--to', ['rollback', 'web']],
      ['--image', ['deploy', 'web']],
    ]);
  });

  test('of targets, from the config', async () => {
    expect(await completed('rollback', '')).toEqual(expect.arrayContaining(['web', 'worker']));
    expect(await completed('status', 'wo')).toContain('worker');
    expect(await completed('status', '--local', 'wo')).toContain('worker');
  });

  test('the script for bash may be read twice, and completes without the package bash-completion', async () => {
    const { stdout: script } = await slipwayHere('completion', 'bash');
    const told = [
      "slipway() { printf 'status\\tx\\nstats\\ty\\nwhy\\tz\\n:4\\n'; }",
      'COMP_WORDS=(slipway sta); COMP_CWORD=1; __slipway_complete 2> /dev/null',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is bash's.
      'echo "${COMPREPLY[@]}"',
    ].join('\n');
    const { stdout, stderr } = await promisify(execFile)('bash', [
      ...['--noprofile', '--norc', '-c'],
      `${script}\n${script}\n${told}`,
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: 'status stats\n', stderr: '' });
  });

  test.each(['bash', 'zsh', 'fish', 'powershell'])('a script for %s calls us', async (shell) => {
    const { code, stdout } = await slipwayHere('completion', shell);
    expect(code).toBe(0);
    expect(stdout).toMatch(/slipway/);
    expect(stdout).toMatch(/\bcomplete\b/);
    await expect(completion('bsh', program)).rejects.toThrow('did you mean bash?');
  });

  test('by the command that the script calls', async () => {
    const { code, stdout, stderr } = await slipway('complete', '--', 'unq');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^unquarantine\t/);
  });
});

describe('config check', () => {
  test('a config that is right', async () => {
    const { code, stdout } = await printed(() => configCheck(undefined, COMMON));
    expect(code).toBe(EXIT.done);
    expect(stdout).toMatch(/^The config is right\. Account 123456789012 in eu-central-1, /);
  });

  test('a config with mistakes: each with its path, and the answer is no', async () => {
    const { code, stdout } = await printed(() =>
      configCheck('test/cli/broken-config.json', { ...COMMON, json: true }),
    );
    expect(code).toBe(EXIT.no);
    expect(JSON.parse(stdout)).toEqual({
      ok: false,
      problems: [
        {
          path: 'targets.web.bakeMinuts',
          problem: expect.stringMatching(/no such setting; did you mean bakeMinutes\?$/),
        },
      ],
    });
  });
});
