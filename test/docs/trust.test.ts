/** docs/trust.md and docs/mutants.md have every mutant of the simulation, with what kills it. `UPDATE=1` writes them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from '../simulation/mutants.ts';
import { JUDGED_BY } from '../simulation/oracle/finding.ts';
import { RULE_MUTANTS, SEMANTIC_MUTANTS } from '../simulation/semantic-mutants.ts';
import { SURVIVORS, type Verdicts } from '../simulation/verdicts.ts';
import { ROOT, textOf } from './pages.ts';

const PAGE = 'docs/trust.md';

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

function holds(page: string, rows: readonly string[], name = 'mutants'): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const table = `\n\n${rows.join('\n')}\n\n`;
  const text = textOf(page);
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  expect(to, `the page has ${begin} and ${end}`).toBeGreaterThanOrEqual(from);
  if (process.env.UPDATE === '1') {
    writeFileSync(join(ROOT, page), text.slice(0, from) + table + text.slice(to));
  } else expect(text.slice(from, to), 'write it anew with UPDATE=1').toBe(table);
}

test('its table of rules says of each how the world judges it, and which mutant one scene kills by it', () => {
  const killing = [
    ...RULE_MUTANTS.map(({ name, rule }) => ({ name, rule })),
    ...MUTANTS.map(({ name, killedBy }) => ({ name, rule: killedBy.rule })),
  ];
  const rows = Object.entries(JUDGED_BY).map(([rule, by]) => {
    const mutants = killing.filter((one) => isOf(rule, one.rule)).map(({ name }) => name);
    expect([rule, mutants.length]).not.toEqual([rule, 0]);
    return `| ${rule} | ${by} | ${mutants.join('; ')} |`;
  });
  const head = ['| rule | how the world judges it | mutant that it kills |', '| --- | --- | --- |'];
  holds(PAGE, [...head, ...rows], 'rules');
});

/** The number alone says which of the ten it is, and not which rule of the oracle. */
function isOf(rule: string, begins: string): boolean {
  return begins.length > '10.'.length && rule.startsWith(begins);
}
