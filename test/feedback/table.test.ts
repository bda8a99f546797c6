/** The table of what stands on the commit, in docs/decisions-table.md. `UPDATE=1` writes it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DETAIL_TYPES, SOURCE_DETAIL_TYPES } from '../../shared/aws/announcements.ts';
import { feedbackRows, feedbackTable } from '../feedback-table.ts';

const PAGE = new URL('../../docs/decisions-table.md', import.meta.url);
const BEGIN = '<!-- feedback-table -->';
const END = '<!-- /feedback-table -->';

test('every kind of announcement is in it', () => {
  const kinds = new Set(feedbackRows().map(({ kind }) => kind));
  const all = [
    ...Object.keys(DETAIL_TYPES),
    ...Object.keys(SOURCE_DETAIL_TYPES).map((kind) => `build: ${kind}`),
  ];
  expect([...kinds].sort()).toEqual(all.sort());
});

test('success stands beside what is proven, what is built or taken and what needs no build, and nothing else', () => {
  const good = feedbackRows().filter(({ status }) => status === 'success');
  expect([...new Set(good.map(({ kind }) => kind))]).toEqual([
    'build: built',
    'build: nothing-to-build',
    'build: taken',
    'proven',
  ]);
});

test('the page of tables shows it', () => {
  const text = readFileSync(PAGE, 'utf8');
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  expect(from, `the page has ${BEGIN}`).toBeGreaterThan(-1);
  expect(to, `and then ${END}`).toBeGreaterThan(from);
  const head = text.slice(0, from + BEGIN.length);
  const table = `\n\n${feedbackTable()}\n\n`;
  if (process.env.UPDATE === '1') writeFileSync(PAGE, head + table + text.slice(to));
  else expect(text.slice(head.length, to), 'write it anew with UPDATE=1').toBe(table);
});
