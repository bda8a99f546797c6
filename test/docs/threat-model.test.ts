/** docs/threat-model.md: each line says what keeps it, each actor of the review has a line, each attack that is played stands in one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './pages.ts';

const page = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');
const [, table = ''] = page.split('<!-- rows');
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .slice(1)
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

const named = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);

test('every line has an actor, what it tries, what stops it, and the test that keeps it', () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const row of rows) {
    expect(row, row[0]).toHaveLength(4);
    const kept = row[3] ?? '';
    expect(named(kept).length > 0 || /^the same/.test(kept), `${row[0]}: ${kept}`).toBe(true);
  }
});

test('every test and every story that it names is there', () => {
  const files = rows.flatMap((row) => named(row[3])).filter((file) => file.includes('/'));
  const lost = files.filter((file) => {
    if (!file.includes('*')) return !existsSync(join(ROOT, file));
    const [folder = '', name = ''] = file.split(/\/(?=[^/]*$)/);
    const [begins = '', ends = ''] = name.split('*');
    return !readdirSync(join(ROOT, folder)).some(
      (each) => each.startsWith(begins) && each.endsWith(ends),
    );
  });
  expect(lost).toEqual([]);
});

test('every attack that is played stands in a line', () => {
  const stories = readdirSync(join(ROOT, 'local/scenarios/attacks'));
  const told = rows.flatMap((row) => named(row[3]));
  const untold = stories.filter(
    (story) =>
      !told.some((file) => {
        const [begins = '', ends = ''] = file.replace('local/scenarios/attacks/', '').split('*');
        return file.includes('*')
          ? story.startsWith(begins) && story.endsWith(ends)
          : file.endsWith(`/${story}`);
      }),
  );
  expect(untold).toEqual([]);
});

/** Of the review's table: by a word that its line has. */
test.each([
  ['an outsider with the URL', /outsider who knows the webhook/],
  ['a replay', /captured a delivery/],
  ['a contributor', /contributor/],
  ['a push to another branch', /another branch/],
  ['a tag by anyone', /branch or tag/],
  ['a push to an ECR repository', /push to an ECR repository/],
  ['a compromised build', /a build, in which runs what anybody pushed/],
  ['a compromised application', /what runs in production/],
  ['who has the token of GitHub', /Slipway's token of GitHub/],
  ['PutEvents', /put events on/],
  ['who invokes a function', /invoke/],
  ['malicious names', /writes names and reasons/],
  ['a page of any website', /a page of any website/],
  ['a stolen secret', /webhook's secret/],
] as const)('%s has a line', (_, words) => {
  expect(rows.map(([actor, tries]) => `${actor} ${tries}`).join('\n')).toMatch(words);
});
