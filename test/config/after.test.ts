/** Which targets come after which: known ones, of the same images, in no circle. */
import { expect, test } from 'vitest';
import { parsePipeline } from '../../shared/config/config.ts';
import { warningsOf } from '../../shared/config/warnings.ts';

const target = (cluster: string, after?: unknown, repository = 'shop/web') => ({
  ...{ type: 'ecs-service', mode: 'act', cluster, service: 'web', alarms: ['web-5xx'] },
  containers: { app: { repository, tags: { glob: 'main-*' } } },
  ...(after === undefined ? {} : { after }),
});

function parsed(targets: Readonly<Record<string, object>>) {
  return parsePipeline({ account: '123456789012', region: 'eu-central-1', targets }).targets;
}

test('a list of names, or with the time that it must have stood there', () => {
  const of = (after: unknown) =>
    parsed({ staging: target('staging'), web: target('production', after) }).web?.rules.after;
  const targets = [{ id: 'staging', key: 'ecs/staging/web' }];
  expect(of(['staging'])).toEqual({ targets, soakMinutes: 0 });
  expect(of({ targets: ['staging'], soakMinutes: 60 })).toEqual({ targets, soakMinutes: 60 });
  expect(of(undefined)).toBeUndefined();
});

test.each<[rule: string, targets: Readonly<Record<string, object>>, expected: RegExp]>([
  [
    'a target that there is not',
    { staging: target('staging'), web: target('production', ['stagin']) },
    /targets\.web\.after: is "stagin", expected the name of a target; did you mean staging\?/,
  ],
  [
    'a target of other images: nothing would ever be proven there',
    { staging: target('staging', undefined, 'shop/api'), web: target('production', ['staging']) },
    /expected a target that deploys "shop\/web", too/,
  ],
  [
    'itself',
    { web: target('production', ['web']) },
    /expected targets that lead to no circle: web is after web/,
  ],
  [
    'a circle, told whole',
    { a: target('a', ['c']), b: target('b', ['a']), c: target('c', ['b']) },
    /targets\.a\.after: is "c", expected targets that lead to no circle: a is after c is after b is after a/,
  ],
  ['nobody', { web: target('production', []) }, /at least one target/],
  [
    'a soak of more than a week',
    { s: target('s'), web: target('p', { targets: ['s'], soakMinutes: 10_081 }) },
    /from 0 to 10080/,
  ],
])('after %s is refused', (_, targets, expected) => {
  expect(() => parsed(targets)).toThrow(expected);
});

test('one of another pipeline may be named, and what images it deploys is not known here', () => {
  const elsewhere = {
    ...{ account: '111111111111', cluster: 'staging', service: 'web' },
    externalId: 'nobody-guesses-this',
  };
  const config = (upstream: object) => ({
    account: '123456789012',
    region: 'eu-central-1',
    targets: { web: target('production', ['staging']) },
    upstream,
  });
  expect(parsePipeline(config({ staging: elsewhere })).targets.web?.rules.after).toEqual({
    soakMinutes: 0,
    targets: [
      {
        id: 'staging',
        key: 'ecs/staging/web',
        elsewhere: {
          region: 'eu-central-1',
          table: 'slipway',
          role: 'arn:aws:iam::111111111111:role/slipway-proofs-123456789012-eu-central-1',
          externalId: 'nobody-guesses-this',
        },
      },
    ],
  });
  expect(() => parsePipeline(config({ web: elsewhere }))).toThrow(
    /upstream\.web: is "web", expected a name that no target of this config has/,
  );
  const own = { ...elsewhere, account: '123456789012' };
  expect(() => parsePipeline(config({ staging: own }))).toThrow(
    /upstream\.staging\.account: .*another pipeline: of this one/,
  );
  const elsewhereInIt = { ...own, region: 'eu-west-1' };
  expect(() => parsePipeline(config({ staging: elsewhereInIt }))).not.toThrow();
  const guessed = { ...elsewhere, externalId: '1234' };
  expect(() => parsePipeline(config({ staging: guessed }))).toThrow(
    /upstream\.staging\.externalId: .*8 to 128/,
  );
});

test('two that come after one are no circle', () => {
  const targets = { s: target('s'), a: target('a', ['s']), b: target('b', ['s', 'a']) };
  expect(Object.keys(parsed(targets))).toEqual(['s', 'a', 'b']);
});

test('to come after a target that only watches is warned of', () => {
  const of = (mode: string) =>
    parsePipeline({
      account: '123456789012',
      region: 'eu-central-1',
      targets: { s: { ...target('s'), mode }, web: target('production', ['s']) },
    });
  const said = (mode: string) => warningsOf(of(mode), 0).map(({ path }) => path);
  expect(said('watch')).toEqual(['targets.web.after']);
  expect(said('act')).toEqual([]);
});
