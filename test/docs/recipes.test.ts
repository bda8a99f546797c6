/** Each whole config in a recipe is right as it stands: it is copied word by word. */
import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from 'vitest';
import { checkSettings } from '../../infra/settings-check.ts';
import { defineEnvironments } from '../../packages/slipway/door.ts';
import { definePipeline, ecsService, noAlarms, type Pipeline } from '../../shared/config/config.ts';
import type { Environments } from '../../shared/config/environments.ts';
import { warningsOf } from '../../shared/config/warnings.ts';
import { PAGES, textOf } from './pages.ts';

/** What a recipe imports of us. */
const KNOWN = { defineEnvironments, definePipeline, ecsService, noAlarms };

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

/** What its default export is. */
function run<T>(code: string): T {
  const body = stripTypeScriptTypes(code.replace(/^import .*$/gm, '')).replace(
    'export default',
    'return',
  );
  return new Function(...Object.keys(KNOWN), body)(...Object.values(KNOWN));
}

test.each(configs)('%s', (_, code) => {
  const pipeline = run<Pipeline>(code);
  expect(() => checkSettings(pipeline)).not.toThrow();
  expect(warningsOf(pipeline, Date.parse('2026-11-22T12:00:00Z'))).toEqual([]);
});

test('the two accounts of docs/recipes/two-environments.md, with what stands above both configs', () => {
  const blocks = [...textOf('docs/recipes/two-environments.md').matchAll(/```ts\n([\s\S]*?)```/g)];
  const [above = '', both = ''] = blocks.map(([, code = '']) => code);
  const shared = above.slice(0, above.indexOf('export default'));
  const { environments } = run<Environments>(`${shared}${both}`);
  expect(Object.keys(environments)).toEqual(['staging', 'production']);
  for (const pipeline of Object.values(environments)) checkSettings(pipeline);
});
