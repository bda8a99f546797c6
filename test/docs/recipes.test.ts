/** Each whole config in a recipe is right as it stands: it is copied word by word. */
import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from 'vitest';
import { definePipeline, ecsService, noAlarms, type Pipeline } from '../../shared/config/config.ts';
import { warningsOf } from '../../shared/config/warnings.ts';
import { PAGES, textOf } from './pages.ts';

/** What a recipe imports of us. */
const KNOWN = { definePipeline, ecsService, noAlarms };

const configs = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(/```ts\n([\s\S]*?)```/g)]
    .map(([, code = '']) => code)
    .filter((code) => code.includes('export default definePipeline('))
    .map((code) => [page, code] as const),
);

test('there are some', () => {
  expect(configs.map(([page]) => page)).toEqual(
    expect.arrayContaining(['docs/recipes/two-environments.md', 'docs/recipes/monorepo.md']),
  );
});

test.each(configs)('%s', (_, code) => {
  const body = stripTypeScriptTypes(code.replace(/^import .*$/gm, '')).replace(
    'export default',
    'return',
  );
  const pipeline: Pipeline = new Function(...Object.keys(KNOWN), body)(...Object.values(KNOWN));
  expect(warningsOf(pipeline, Date.parse('2026-11-22T12:00:00Z'))).toEqual([]);
});
