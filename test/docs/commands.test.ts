/** docs/commands.md has every command with every option and its default, and every exit code. */
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { makeProgram } from '../../cli/program.ts';
import { textOf } from './pages.ts';

const PAGE = 'docs/commands.md';
const program = makeProgram(() => undefined);
const leaves = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
const nameOf = (command: Command): string =>
  command.parent === null ? '' : `${nameOf(command.parent)} ${command.name()}`.trim();

/** What stands under the heading that names the command; some share one. */
function sectionOf(name: string): string {
  const sections = textOf(PAGE).split(/^### /m).slice(1);
  return sections.find((one) => one.split('\n')[0]?.includes(`\`${name}`)) ?? '';
}

describe.each(leaves(program).map((command) => [nameOf(command), command] as const))(
  '%s',
  (name, command) => {
    const section = sectionOf(name);

    test('has a section', () => {
      expect(section).not.toBe('');
    });

    test('each of its options stands there, with its default', () => {
      for (const { flags, defaultValue, hidden } of command.options) {
        if (hidden) continue;
        const line = section.split('\n').find((one) => one.includes(`\`${flags}\``));
        expect(line, `${name} ${flags}`).toBeDefined();
        if (typeof defaultValue === 'string') expect(line).toContain(`\`${defaultValue}\``);
      }
    });
  },
);

test('the options that every command has', () => {
  for (const { flags } of program.options) expect(textOf(PAGE)).toContain(`\`${flags}\``);
});
