/** The table of the README: complete, and what the core really decides. `UPDATE=1` writes it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decisionRows, decisionTable, EVENTS, PHASES } from '../decision-table.ts';

const README = new URL('../../README.md', import.meta.url);
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

test('the README shows it', () => {
  const text = existsSync(README) ? readFileSync(README, 'utf8') : '';
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from === -1 || to < from) return;
  const head = text.slice(0, from + BEGIN.length);
  const table = `\n\n${decisionTable()}\n\n`;
  if (process.env.UPDATE === '1') writeFileSync(README, head + table + text.slice(to));
  else expect(text.slice(head.length, to), 'write it anew with UPDATE=1').toBe(table);
});
