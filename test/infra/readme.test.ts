/** What infra/README.md says about permissions is what the code says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { permissionTable } from '../../infra/permissions/table.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import example from '../../pipeline.config.ts';

test('the table of permissions is up to date', () => {
  const readme = readFileSync(new URL('../../infra/README.md', import.meta.url), 'utf8');
  const table = permissionTable(example, checkSettings(example));
  // If it is not: node infra/permissions/table.ts prints it. How wide the columns are, is all one.
  const cells = (text: string) => text.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');
  expect(cells(readme).includes(cells(table))).toBe(true);
});
