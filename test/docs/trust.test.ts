/** docs/trust.md has every mutant of the simulation, with what kills it. `UPDATE=1` writes them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from '../simulation/mutants.ts';
import { RULES } from '../simulation/oracle/finding.ts';
import { RULE_MUTANTS } from '../simulation/semantic-mutants.ts';
import { ROOT, textOf } from './pages.ts';

const PAGE = 'docs/trust.md';
const BEGIN = '<!-- mutants -->';
const END = '<!-- /mutants -->';

function breaks(rule: string): string {
  const number = /^(\d+)\.$/.exec(rule)?.[1];
  if (number !== undefined) return `rule ${number}`;
  return rule === '' ? 'whichever rule notices it first' : `“${rule}”`;
}

test('its table of mutants is what the simulation kills', () => {
  const rows = MUTANTS.map(
    ({ name, file, killedBy }) =>
      `| ${name} | \`${file}\` | ${'from' in killedBy ? `a world from seed ${killedBy.from} on` : `a scene: ${killedBy.scene.event}`} | ${breaks(killedBy.rule)} |`,
  );
  const head = ['| mutant | in | killed by | what it breaks |', '| --- | --- | --- | --- |'];
  const table = `\n\n${[...head, ...rows].join('\n')}\n\n`;
  const text = textOf(PAGE);
  const from = text.indexOf(BEGIN) + BEGIN.length;
  const to = text.indexOf(END);
  expect(to, `the page has ${BEGIN} and ${END}`).toBeGreaterThanOrEqual(from);
  if (process.env.UPDATE === '1') {
    writeFileSync(join(ROOT, PAGE), text.slice(0, from) + table + text.slice(to));
  } else expect(text.slice(from, to), 'write it anew with UPDATE=1').toBe(table);
});

test('its table of rules has every rule of the oracle, and the mutants that a scene kills by one', () => {
  const text = textOf(PAGE);
  const table = text.slice(text.indexOf('<!-- rules -->'), text.indexOf('<!-- /rules -->'));
  const rows = table.split('\n').filter((line) => /^\| \d/.test(line));
  const cells = rows.map((line) => line.split('|').map((cell) => cell.trim()));
  expect(cells.map((row) => row[1])).toEqual(RULES);
  const named = cells.flatMap((row) => (row[3] === '' ? [] : (row[3] ?? '').split('; ')));
  const byOracle = RULE_MUTANTS.filter(({ name }) => name !== BY_THE_RECORD);
  expect(named.toSorted()).toEqual(byOracle.map(({ name }) => name).toSorted());
});

/** Killed by rule 5 of the ten. */
const BY_THE_RECORD = 'an older push is taken';
