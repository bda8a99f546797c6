/** What a config may say and probably does not mean; each warning beside what it does not warn of. */
import { expect, test } from 'vitest';
import example from '../../pipeline.config.ts';
import { parsePipeline } from '../../shared/config/config.ts';
import { warningsOf } from '../../shared/config/warnings.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');

const WEB = {
  type: 'ecs-service',
  mode: 'act',
  cluster: 'production',
  service: 'web',
  containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
  alarms: ['web-5xx'],
};

function warned(app: object, change: object = {}, sources?: object): readonly string[] {
  const web = { ...WEB, containers: { app: { ...WEB.containers.app, ...app } }, ...change };
  const config = { account: '123456789012', region: 'eu-central-1', targets: { web }, sources };
  return warningsOf(parsePipeline(config), NOW).map(({ path, warning }) => `${path}: ${warning}`);
}

const builds = (refs: object) => ({
  shop: { repository: 'acme/shop', images: { web: { repository: 'shop/web' } }, ...refs },
});
const BOUND = { from: { source: 'shop', branches: ['main'] } };
const until = (day: string) => ({
  scan: { highest: 'HIGH', except: [{ id: 'CVE-2026-1', until: day, because: 'unreachable' }] },
});

test('the example of the repository is not warned of', () => {
  expect(warningsOf(example, NOW)).toEqual([]);
});

test('a region that AWS does not have yet is warned of, with the one that may be meant', () => {
  const pipeline = parsePipeline({
    account: '123456789012',
    region: 'eu-centrl-1',
    targets: { web: WEB },
  });
  expect(warningsOf(pipeline, NOW)).toEqual([
    {
      path: 'region',
      warning:
        'is "eu-centrl-1", which is no region that this version of Slipway knows; did you mean eu-central-1?',
    },
  ]);
});

test.each<[rule: string, warnings: readonly string[], expected: string]>([
  [
    'an order of versions, and tags of a branch',
    warned({ newer: 'semver' }),
    'targets.web.containers.app.newer: no tag of the glob main-* is a version',
  ],
  [
    'a mode that nobody wrote, which acted up to 0.2.0',
    warned({}, { mode: undefined }),
    'targets.web.mode: is left out, so this target only watches: nothing is deployed and nothing is rolled back',
  ],
  [
    'a commit that only a tag names, and no tag that deploys',
    warned({}, {}, builds({ builtBy: 'elsewhere', commitIn: ['{sha}', 'sha-{sha}'] })),
    'targets.web.containers.app.tags: sources.shop.commitIn is {sha}, sha-{sha}, and no such tag is one of the glob main-*, so nothing that is built elsewhere is ever deployed',
  ],
  [
    'a source that builds another branch',
    warned({}, {}, builds({ branches: ['develop'] })),
    'targets.web.containers.app.tags: sources.shop builds develop, and no image of that has a tag of the glob main-*',
  ],
  [
    'a source that builds other branches by a glob',
    warned({}, {}, builds({ branches: ['release/*'] })),
    'sources.shop builds release/*',
  ],
  [
    'any branch is built, and any may have such a tag',
    warned({}, {}, builds({ branches: ['*'] })),
    "targets.web.containers.app: sources.shop builds *, and a branch may be named so that its tag is one of the glob main-*: whoever may push it deploys. Bind it: from: { source: 'shop',",
  ],
  [
    'branches that begin like the one that deploys',
    warned({}, {}, builds({ branches: ['main*'] })),
    'sources.shop builds main*, and a branch may be named so',
  ],
  [
    'a bake that no alarm can judge',
    warned({}, { bakeMinutes: 1 }),
    'targets.web.bakeMinutes: metrics are one to three minutes late',
  ],
  [
    'a minute of bake without alarms',
    warned({}, { bakeMinutes: 1, alarms: { noAlarmsBecause: 'a worker' } }),
    'targets.web.bakeMinutes: without alarms only failed tasks speak',
  ],
  [
    'an exception whose day is over',
    warned({}, until('2026-11-20')),
    'ended on 2026-11-20: an image with it is refused',
  ],
])('warned of: %s', (_, warnings, expected) => {
  expect(warnings.join('\n')).toContain(expected);
  expect(warnings).toHaveLength(1);
});

test.each<[rule: string, warnings: readonly string[]]>([
  ['versions with a v', warned({ newer: 'semver', tags: { glob: 'v*' } })],
  ['versions of one line', warned({ newer: 'semver', tags: { glob: '1.4.*' } })],
  ['one glob of two that has versions', warned({ newer: 'semver', tags: { glob: ['x-*', '*'] } })],
  ['the branch that is built', warned({}, {}, builds({ branches: ['main'] }))],
  ['one branch of two', warned({}, {}, builds({ branches: ['develop', 'main'] }))],
  ['any branch, of which one deploys', warned(BOUND, {}, builds({ branches: ['*'] }))],
  [
    'other branches by a glob, beside the one that deploys',
    warned({}, {}, builds({ branches: ['main', 'x/*'] })),
  ],
  ['another repository', warned({ repository: 'shop/other' }, {}, builds({ branches: ['dev'] }))],
  ['a bake of ten minutes', warned({}, { bakeMinutes: 10 })],
  ['the last day of an exception', warned({}, until('2026-11-21'))],
])('not warned of: %s', (_, warnings) => {
  expect(warnings).toEqual([]);
});

test.each([['label', '{sha}'], ['{branch}-{sha}'], ['main-{sha}']])(
  'a commit in %s is not warned of, where such a tag deploys or the label names it',
  (...commitIn) => {
    expect(warned({}, {}, builds({ builtBy: 'elsewhere', commitIn }))).toEqual([]);
  },
);
