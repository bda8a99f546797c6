/** Whom a command speaks to, and as whom: names, targets, `--local`. */
import { describe, expect, test } from 'vitest';
import { commonOptions, withLocalUrl } from '../../cli/connect/options.ts';
import { targetNamed } from '../../cli/connect/targets.ts';
import { nameOf } from '../../cli/connect/who.ts';
import { pipeline } from './world.ts';

describe('who commands', () => {
  test.each([
    [
      'a person of IAM Identity Center',
      'arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Deployer_0a1b2c3d4e5f6071/ada@example.com',
      'ada@example.com (Deployer)',
    ],
    ['a session of a role', 'arn:aws:sts::123456789012:assumed-role/ci/run-17', 'run-17 (ci)'],
    ['a user', 'arn:aws:iam::123456789012:user/ada', 'ada'],
    ['a user with a path', 'arn:aws:iam::123456789012:user/team/shop/ada', 'ada'],
    ['a federated user', 'arn:aws:sts::123456789012:federated-user/ada', 'ada'],
    ['root', 'arn:aws:iam::123456789012:root', 'root of 123456789012'],
    ['China', 'arn:aws-cn:iam::123456789012:user/ada', 'ada'],
    ['something else', 'arn:aws:iam::123456789012:role/x', 'arn:aws:iam::123456789012:role/x'],
    ['a role without a session', 'arn:aws:sts::1:assumed-role/x', 'arn:aws:sts::1:assumed-role/x'],
  ])('%s', (_, arn, name) => {
    expect(nameOf(arn)).toBe(name);
  });

  test('is never longer than a message takes', () => {
    expect(nameOf(`arn:aws:iam::123456789012:user/${'a'.repeat(300)}`)).toHaveLength(200);
  });
});

describe('a target', () => {
  test('is known by its name and by its key', () => {
    expect(targetNamed(pipeline, 'web').key).toBe('ecs/production/web');
    expect(targetNamed(pipeline, 'ecs/production/web').id).toBe('web');
  });

  test.each([
    ['wbe', 'there is no target "wbe"; did you mean web?'],
    ['billing', 'there is no target "billing"; there is: web, worker'],
    [
      'ecs/production/wbe',
      'there is no target "ecs/production/wbe"; did you mean ecs/production/web?',
    ],
    ['__proto__', 'there is no target "__proto__"; there is: web, worker'],
  ])('that is none is refused with the nearest: %s', (word, message) => {
    expect(() => targetNamed(pipeline, word)).toThrow(message);
  });
});

describe('--local', () => {
  test.each([
    [
      ['status', '--local', 'web'],
      ['status', '--local=http://localhost:4566', 'web'],
    ],
    [
      ['status', '--local', 'localhost:1'],
      ['status', '--local', 'localhost:1'],
    ],
    [
      ['status', '--local', 'http://x/'],
      ['status', '--local', 'http://x/'],
    ],
    [
      ['status', '--local'],
      ['status', '--local=http://localhost:4566'],
    ],
    [
      ['hold', '--', '--local'],
      ['hold', '--', '--local'],
    ],
  ])('takes only an address for its value: %j', (args, expected) => {
    expect(withLocalUrl(args)).toEqual(expected);
  });

  test('is the account of the config unless it is said', () => {
    expect(commonOptions({})).toEqual({ json: false, debug: false });
    expect(commonOptions({ local: 'localhost:99', json: true })).toEqual({
      json: true,
      debug: false,
      local: 'http://localhost:99',
    });
  });
});

describe('--as: whose word it is in a local AWS', () => {
  test('is a name as a session of AWS may have', () => {
    expect(commonOptions({ local: true, as: 'bob@example.com' }).as).toBe('bob@example.com');
    expect(() => commonOptions({ local: true, as: 'a b' })).toThrow(
      '--as is "a b", expected a name of 2 to 64 letters, digits and _+=.@-',
    );
  });

  test('is nothing in an account, where credentials say it', () => {
    expect(() => commonOptions({ as: 'bob' })).toThrow(
      'in an account you are who your credentials say',
    );
  });
});
