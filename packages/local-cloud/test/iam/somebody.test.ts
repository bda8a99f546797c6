/** Persons of a local account are told apart by the key that they sign with, and have the same rights. */
import { expect, test } from 'vitest';
import { createAuthorizer } from '../../iam/authorizer.ts';
import { user } from '../../iam/principal.ts';
import { somebodyKeyOf, somebodyOf } from '../../iam/somebody.ts';

const home = { account: '123456789012' };
const everything = { Effect: 'Allow', Action: '*', Resource: '*' } as const;

const authorizer = createAuthorizer({
  identities: {},
  others: { principal: user(home, 'local'), policies: [{ Statement: everything }] },
  nameOther: (accessKeyId) => somebodyOf(home, accessKeyId),
});
const callerOf = (name: string) => authorizer.callerOf(somebodyKeyOf(name));

test('two of them are two senders of one role', () => {
  const [ada, bob] = [callerOf('ada'), callerOf('bob@example.com')];
  expect(ada.arn).toBe('arn:aws:sts::123456789012:assumed-role/Administrator/ada');
  expect(bob.userId).toMatch(/^AROA\w+:bob@example\.com$/);
  expect(bob.userId.split(':')[0]).toBe(ada.userId.split(':')[0]);
});

test('they may what everybody else may', () => {
  const need = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:eu-central-1:123456789012:x' };
  expect(authorizer.refusalOf(callerOf('ada'), need)).toBeUndefined();
});

test('a name that STS would not take is nobody of his own', () => {
  for (const name of ['', 'a', 'a b', 'x/y', 'x,y', 'x'.repeat(65)]) {
    expect(callerOf(name).arn, name).toBe('arn:aws:iam::123456789012:user/local');
  }
});
