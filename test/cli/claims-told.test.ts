/** Commands say what becomes of an image that others built: it waits for GitHub's word, or was not taken. */
import { beforeAll, expect, test } from 'vitest';
import { claimsSeen } from '../../cli/claims/seen.ts';
import { claimLines, claimsShown } from '../../cli/claims/shown.ts';
import type { Connection } from '../../cli/connect/connection.ts';
import { imagesNamed } from '../../cli/connect/images.ts';
import type { Status } from '../../cli/connect/target-status.ts';
import { explain } from '../../cli/explain.ts';
import { EXIT } from '../../cli/output/exit.ts';
import { plan } from '../../cli/plan.ts';
import { status } from '../../cli/status.ts';
import { ChartShelf } from '../../cli/view/chart-shelf.ts';
import { Fleet, withFresh } from '../../cli/view/fleet.ts';
import { viewOf } from '../../cli/view/server.ts';
import { wait } from '../../cli/wait.ts';
import { peoplePolicies } from '../../infra/permissions/people.ts';
import { type Pipeline, parsePipeline } from '../../shared/config/config.ts';
import type { SourceRecord } from '../../shared/core/source/record.ts';
import { TransientError } from '../../shared/ports.ts';
import { digest, REGISTRY } from '../build.ts';
import { branch, commit, KEY, sourceRules } from '../build-source.ts';
import { waitShape } from './answer/json-shapes.ts';
import { COMMON, printed, type Standing, standing } from './world.ts';

const pipeline: Pipeline = parsePipeline({
  ...{ account: '123456789012', region: 'eu-central-1' },
  targets: {
    web: {
      ...{ type: 'ecs-service', mode: 'act', cluster: 'production', service: 'web' },
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: { noAlarmsBecause: 'nobody is asked here' },
    },
  },
  sources: {
    shop: {
      ...{ repository: 'acme/shop', builtBy: 'elsewhere', branches: ['main'] },
      images: { web: { repository: 'shop/web' } },
    },
  },
});
const [web] = Object.values(pipeline.targets);
if (web === undefined) throw new Error('the pipeline has no target');

const RULES = sourceRules({
  images: {},
  elsewhere: { web: { registry: REGISTRY, repository: 'shop/web' } },
});
const IMAGE = { image: 'web', digest: digest(2), tag: 'main-c002c00', commit: commit(2) };

let here: Standing;
beforeAll(async () => {
  here = await standing(pipeline);
});

/** The source is as these tell, one after the other; the last one stays. */
function under(
  ...told: readonly (() => Partial<SourceRecord>)[]
): Connection & { reads: string[] } {
  const reads: string[] = [];
  const loadSource = async (key: string) => {
    const now = told[Math.min(reads.length, told.length - 1)];
    reads.push(key);
    return { record: { ...branch(RULES), ...now?.() }, version: 1 };
  };
  return { ...here.connection, aws: { ...here.connection.aws, loadSource }, reads };
}

const waits = () => ({ claims: [{ ...IMAGE, since: here.connection.now() }] });
const refused = () => ({
  refused: [
    { ...IMAGE, at: here.connection.now(), because: 'GitHub does not have c002c00 on main' },
  ],
});
const PROVEN = { ...COMMON, until: 'proven', minutes: 60 } as const;

test('wait tells that GitHub is asked, and ends as refused with the reason', async () => {
  const connection = under(waits, refused);
  const { code, stdout } = await printed(() =>
    wait(connection, 'web', { commit: 'c002c00' }, PROVEN),
  );
  expect(code).toBe(EXIT.no);
  expect(connection.reads).toEqual([KEY, KEY]);
  expect(stdout).toMatch(/waiting +main-c002c00 waits: GitHub is asked whether main has c002c00\n/);
  expect(stdout).toContain(
    'web is not proven (exit code 1): main-c002c00 is not taken: GitHub does not have c002c00 on main\n',
  );
  expect(stdout).toContain(`next: nothing is deployed by it; a person may deploy it by hand: `);
  const json = await printed(() =>
    wait(under(refused), 'web', { digest: digest(2) }, { ...PROVEN, json: true }),
  );
  const said = JSON.parse(json.stdout);
  expect(waitShape.parse(said)).toMatchObject({ state: 'refused', exitCode: 1 });
});

test('who may not read the source waits all the same, and is told what was not seen', async () => {
  const denied = under(() => {
    throw new TransientError('the permission dynamodb:GetItem is missing');
  });
  const short = { ...PROVEN, minutes: 1 };
  const { code, stdout } = await printed(() => wait(denied, 'web', { commit: 'c002c00' }, short));
  expect(code).toBe(EXIT.timedOut);
  expect(stdout).toContain(
    "Slipway has not heard of it; not seen: what waits for GitHub's word, in git/acme/shop/refs/heads/main: the permission dynamodb:GetItem is missing",
  );
});

test('explain tells it with the command that helps; status in one line', async () => {
  const explained = await printed(() => explain(under(refused), 'web', COMMON));
  expect(explained.stdout).toContain(
    'main-c002c00 is not taken: GitHub does not have c002c00 on main',
  );
  expect(explained.stdout).toContain(
    `slipway deploy web --image shop/web@${digest(2)} --because "why"`,
  );
  const looks = { ...COMMON, watch: false, all: true, everyMs: 1000 };
  const shown = await printed(() => status(under(refused), 'web', looks));
  expect(shown.stdout).toContain('web: main-c002c00 is not taken: ');
  const quiet = await printed(() =>
    status(
      under(() => ({})),
      'web',
      looks,
    ),
  );
  expect(quiet.stdout).not.toContain('c002c00');
});

test('slipway view tells it above the list, and on the page of its target with the command', async () => {
  const connection = under(waits);
  const fleet = new Fleet(connection, {}, () => 0);
  const answer = viewOf(connection, fleet, new ChartShelf(connection, () => 0));
  const page = async (path: string) => {
    const query = new URLSearchParams();
    const asked = { method: 'GET', path, query, headers: {}, body: Buffer.alloc(0) };
    return String((await answer(asked)).body);
  };
  const told = 'main-c002c00 waits: GitHub is asked whether main has c002c00';
  expect(await page('/')).toContain(`<p class="claim">web: ${told}`);
  const target = await page('/targets/web');
  expect(target).toContain(`<p class="claim">${told}`);
  expect(target).toContain(
    `<code>slipway deploy web --image shop/web@${digest(2)} --because &quot;why&quot;</code>`,
  );
});

test('what waits for a target that rests is told on, while those that move are asked anew', () => {
  const one = (name: string) => ({ target: name, key: `ecs/production/${name}`, state: 'well' });
  const claim = (name: string, tag: string) => ({ target: name, tag });
  const [known, fresh] = [
    { targets: [one('api'), one('web')], claims: [claim('api', 'old'), claim('web', 'main-2')] },
    { targets: [one('api')], claims: [claim('api', 'new')] },
  ] as unknown as [Status, Status];
  expect(withFresh(known, fresh)).toMatchObject({
    targets: [{ target: 'api' }, { target: 'web' }],
    claims: [claim('api', 'new'), claim('web', 'main-2')],
  });
});

test('what was not taken before the last release is not told again, and what waits is', async () => {
  const seen = await claimsSeen(
    under(() => ({ ...waits(), ...refused() })),
    [web],
  );
  const now = here.connection.now();
  const since = (last?: number) =>
    claimsShown(web, seen, last === undefined ? undefined : new Date(last).toISOString(), {});
  expect(since(now + 1).map(({ state }) => state)).toEqual(['waits']);
  expect(since(now - 1).map(({ state }) => state)).toEqual(['waits', 'not-taken']);
  const [line, ...others] = claimLines(since(), now);
  expect(others).toEqual([]);
  expect(line).toMatch(/^web: main-c002c00 waits: .*; and 1 more: slipway explain web$/);
});

test('a plan says that the image waits for GitHub, or what was said of it, and of no other that was not taken', async () => {
  const { app } = await imagesNamed(here.connection, web, ['shop/web:main-0000000']);
  const of = { ...IMAGE, digest: app?.digest ?? digest(2) };
  const told = async (source: Partial<SourceRecord>, how = {}) => {
    const image = ['shop/web:main-0000000'];
    const connection = under(() => source);
    const options = { ...COMMON, ...how };
    return (await printed(() => plan(connection, 'web', image, options))).stdout;
  };
  const claims = [{ ...of, since: 0 }];
  expect(await told({ claims })).toMatch(
    /when GitHub has confirmed their commit\n +main-c002c00 waits: GitHub is asked whether main has c002c00 \(.*\); Slipway asks GitHub again/,
  );
  expect(await told({ claims }, { markdown: true })).toContain(
    '| by itself | main-c002c00 waits: ',
  );
  expect(JSON.parse(await told({ claims }, { json: true })).claims).toMatchObject([
    { state: 'waits', digest: of.digest },
  ]);
  const refusal = { at: 0, because: 'it is none' };
  expect(await told({ refused: [{ ...of, ...refusal }] })).toContain(
    'main-c002c00 is not taken: it is none',
  );
  expect(await told({ refused: [{ ...IMAGE, ...refusal }] })).not.toContain('is not taken');
});

test('a tag that the target does not take is none of its images', async () => {
  const pr = () => ({ claims: [{ ...IMAGE, tag: 'pr-17', since: 0 }] });
  expect((await claimsSeen(under(pr), [web])).of.get(web.key)).toEqual([]);
});

test('may-wait reads the source whose images others build, and no other item of sources', () => {
  const keys = (given: Pipeline) =>
    peoplePolicies(given)['may-wait']?.[0]?.Condition?.['ForAllValues:StringLike'];
  expect(keys(pipeline)).toEqual({ 'dynamodb:LeadingKeys': ['ecs/*', KEY, 'slipway'] });
  expect(keys({ ...pipeline, sources: {} })).toEqual({
    'dynamodb:LeadingKeys': ['ecs/*', 'slipway'],
  });
});
