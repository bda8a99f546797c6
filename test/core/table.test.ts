/** The table of docs/decisions-table.md: complete, and what the core really decides. `UPDATE=1` writes it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decisionRows, decisionTable, EVENTS, PHASES } from '../decision-table.ts';

const PAGE = new URL('../../docs/decisions-table.md', import.meta.url);
const BEGIN = '<!-- decision-table -->';
const END = '<!-- /decision-table -->';
const rows = decisionRows();

test('every phase is in it', () => {
  expect([...PHASES].sort()).toEqual(
    [
      'new',
      'idle',
      'deploying',
      'baking',
      'watching',
      'rolling-back',
      'needs-attention',
      'retired',
    ].sort(),
  );
});

test.each(PHASES.flatMap((phase) => EVENTS.map((event) => [phase, event] as const)))(
  'while %s: %s has a row',
  (phase, event) => {
    expect(rows.some((row) => row.phase === phase && row.type === event)).toBe(true);
  },
);

test('every decision says why, briefly', () => {
  for (const { because } of rows) {
    expect(because).not.toBe('');
    expect(because.length).toBeLessThanOrEqual(100);
  }
});

test('no two rows say different things about the same', () => {
  const keys = rows.map(({ type, event, given }) => `${type}: ${event}: ${given}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('the page of tables shows it', () => {
  const text = readFileSync(PAGE, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  expect(from, `the page has ${BEGIN}`).toBeGreaterThan(-1);
  expect(to, `and then ${END}`).toBeGreaterThan(from);
  const head = text.slice(0, from + BEGIN.length);
  const table = `\n\n${decisionTable()}\n\n`;
  if (process.env.UPDATE === '1') writeFileSync(PAGE, head + table + text.slice(to));
  else expect(text.slice(head.length, to), 'write it anew with UPDATE=1').toBe(table);
});
