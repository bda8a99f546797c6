/** docs/trust.md and docs/mutants.md have every mutant of the simulation, with what kills it. `UPDATE=1` writes them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from '../simulation/mutants.ts';
import { RULES } from '../simulation/oracle/finding.ts';
import { RULE_MUTANTS, SEMANTIC_MUTANTS } from '../simulation/semantic-mutants.ts';
import { SURVIVORS, type Verdicts } from '../simulation/verdicts.ts';
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
  holds(PAGE, [...head, ...rows]);
});

const VERDICTS = new URL('../simulation/verdicts.json', import.meta.url);

test('each semantic mutant has a verdict: what kills it, or why nothing does', () => {
  const verdicts = JSON.parse(readFileSync(VERDICTS, 'utf8')) as Verdicts;
  const rows = SEMANTIC_MUTANTS.map(({ name, breaks: rule }) => {
    const found = verdicts[name];
    const why = SURVIVORS[name];
    expect([name, found === undefined]).toEqual([name, why !== undefined]);
    if (found === undefined) return `| ${name} | ${rule} | survives | ${why} |`;
    const by = found.scene === undefined ? `seed ${found.seed}` : `scene \`${found.scene}\``;
    return `| ${name} | ${rule} | ${by} | ${found.rule} |`;
  });
  const head = ['| mutant | rule | killed by | which says |', '| --- | --- | --- | --- |'];
  holds('docs/mutants.md', [...head, ...rows]);
});

function holds(page: string, rows: readonly string[]): void {
  const table = `\n\n${rows.join('\n')}\n\n`;
  const text = textOf(page);
  const from = text.indexOf(BEGIN) + BEGIN.length;
  const to = text.indexOf(END);
  expect(to, `the page has ${BEGIN} and ${END}`).toBeGreaterThanOrEqual(from);
  if (process.env.UPDATE === '1') {
    writeFileSync(join(ROOT, page), text.slice(0, from) + table + text.slice(to));
  } else expect(text.slice(from, to), 'write it anew with UPDATE=1').toBe(table);
}

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
