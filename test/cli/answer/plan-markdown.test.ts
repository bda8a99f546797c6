/** A plan as a comment on a pull request: all of it is text, and none of it is markup of somebody else. */
import { describe, expect, test } from 'vitest';
import {
  type PlanShown,
  planMarkdown,
  shiftMinutes,
} from '../../../cli/output/plan/plan-markdown.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import { digest, image, rules } from '../../build.ts';

const shown = (change: Partial<PlanShown> = {}): PlanShown => ({
  target: 'web',
  images: 'shop/web:main-2 (sha256:000000000002)',
  starts: true,
  because: 'shop/web:main-2 starts',
  calls: [
    {
      call: 'ecs:RegisterTaskDefinition',
      what: 'a copy of web:1',
      differences: [
        { path: 'containerDefinitions.app.image', before: digest(1), after: digest(2) },
      ],
    },
  ],
  claims: [],
  couldRollBack: {
    possible: true,
    images: { app: image(1) },
    release: 'ecs/production/web/1',
    revision: 'web:1',
    isChecked: true,
  },
  rules: rules({ alarms: [] }),
  ...change,
});

test('says what would change, how it comes, how long it takes, and where a failure returns to', () => {
  const text = planMarkdown(shown());
  expect(text).toMatch(/^### Slipway: `web` would start\n/);
  expect(text).toContain('| image | `shop/web:main-2 (sha256:000000000002)` |');
  expect(text).toContain('| strategy | rolling: ECS replaces the tasks |');
  expect(text).toContain(
    '| until it is proven | at least 10 min: the start of its tasks (at most 30 min), 10 min of bake |',
  );
  expect(text).toMatch(/\| if it fails, could it roll back\? \| yes, to shop\/web:main-1 /);
  expect(text).toContain(
    `\`\`\`diff\n# ecs:RegisterTaskDefinition: a copy of web:1\n- containerDefinitions.app.image: ${digest(1)}\n+ containerDefinitions.app.image: ${digest(2)}\n\`\`\`\n`,
  );
});

test('that nothing would be called, and why, is said', () => {
  const text = planMarkdown(
    shown({ starts: false, because: 'refused: it is quarantined', calls: [], couldRollBack: null }),
  );
  expect(text).toMatch(/^### Slipway: `web` would not start now\n/);
  expect(text).toContain('nothing is called, so nothing can fail');
  expect(text).not.toContain('```');
});

test('in watch mode it is said that nothing is deployed', () => {
  const { rules: some } = shown();
  expect(planMarkdown(shown({ rules: { ...some, mode: 'watch' } }))).toContain(
    '(mode `watch`: nothing is deployed)',
  );
});

test('a tag neither mentions anybody nor ends the table or the fence', () => {
  const text = planMarkdown(
    shown({
      because: 'held: ada | says "@everyone" <b>now</b>\nand more',
      images: 'shop/web:`x|y`',
      calls: [{ call: 'a', what: '```\nescaped', differences: [] }],
    }),
  );
  expect(text).toContain(
    '| so | held: ada \\| says "@\u200beveryone" \\<b\\>now\\</b\\> and more |',
  );
  expect(text).toContain('| image | `shop/web: x y ` |');
  expect(text).toContain('````diff\n# a: ```\nescaped\n````');
});

describe('what is configured to pass while traffic is shifted', () => {
  test.each<[minutes: number, strategy: Strategy | undefined]>([
    [0, undefined],
    [20, { kind: 'blueGreen', bakeMinutes: 20 }],
    [25, { kind: 'canary', percent: 5, canaryBakeMinutes: 10, bakeMinutes: 15 }],
    [64, { kind: 'linear', stepPercent: 10, stepBakeMinutes: 6, bakeMinutes: 10 }],
    [28, { kind: 'linear', stepPercent: 30, stepBakeMinutes: 6, bakeMinutes: 10 }],
  ])('%i minutes', (minutes, strategy) => {
    expect(shiftMinutes({ rollout: {}, ...(strategy && { strategy }) })).toBe(minutes);
  });

  test("of a rolling update it is ECS's own bake", () => {
    expect(shiftMinutes({ rollout: { ecsBakeMinutes: 7 } })).toBe(7);
  });
});
