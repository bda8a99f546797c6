/** No web page drives the local cloud, by whatever name it calls us; SDKs, commands and our own page do. */
import { describe, expect, test } from 'vitest';
import { refusalOfStranger, warningFor } from '../../server/strangers.ts';

const home = 'localhost:4566';

function refused(
  headers: Record<string, string>,
  { method = 'GET', path = '/', host = '127.0.0.1' } = {},
) {
  const url = new URL(path, 'http://local');
  return (
    refusalOfStranger({ method, url, headers: { host: home, ...headers } }, host) !== undefined
  );
}

describe('a name that an attacker points at this machine', () => {
  test.each([
    'evil.example:4566',
    'evil.example',
    'localhost.evil.example',
    '',
    '127.0.0.1.nip.io',
  ])('%s is refused, even to its own pages', (host) => {
    expect(refused({ host })).toBe(true);
    expect(refused({ host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).toBe(true);
  });

  test.each(['localhost:4566', 'LOCALHOST:4566', '127.0.0.1:4566', '[::1]:4566', 'aws.localhost'])(
    '%s is our own',
    (host) => {
      expect(refused({ host })).toBe(false);
    },
  );

  test('a name is our own when it was given as what to listen on', () => {
    expect(refused({ host: 'devbox:4566' }, { host: 'devbox' })).toBe(false);
    expect(refused({ host: 'devbox:4566' }, { host: '0.0.0.0' })).toBe(true);
  });
});

describe('a page from elsewhere', () => {
  test('may post no form', () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    expect(refused(headers, { method: 'POST' })).toBe(true);
    expect(refused({ origin: 'https://evil.example' }, { method: 'POST' })).toBe(true);
    expect(refused({ origin: 'null' }, { method: 'POST' })).toBe(true);
  });

  test('of another port of this machine is from elsewhere, too', () => {
    expect(refused({ origin: 'http://localhost:3000' }, { method: 'POST' })).toBe(true);
    expect(refused({ 'sec-fetch-site': 'same-site' }, { path: '/?Action=SetAlarmState' })).toBe(
      true,
    );
  });

  test('may load no image, whose address would be a call', () => {
    const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    expect(refused({ ...image, 'sec-fetch-dest': 'image' }, { path: '/?Action=ListQueues' })).toBe(
      true,
    );
  });

  const visit = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  };
  test('may link to our page, and to no call', () => {
    expect(refused(visit)).toBe(false);
    expect(refused(visit, { path: '/?Action=SetAlarmState&StateValue=ALARM' })).toBe(true);
    expect(refused(visit, { path: '/_slipway/state' })).toBe(true);
    expect(refused({ ...visit, 'sec-fetch-dest': 'iframe' })).toBe(true);
  });
});

test('our own page and whoever is no browser may everything', () => {
  expect(refused({}, { method: 'POST' })).toBe(false);
  const own = { origin: `http://${home}`, 'sec-fetch-site': 'same-origin' };
  expect(refused(own, { method: 'POST', path: '/_slipway/push' })).toBe(false);
  expect(refused({ 'sec-fetch-site': 'none' }, { path: '/_slipway/state' })).toBe(false);
});

test('it is said aloud when every machine may come', () => {
  expect(warningFor('0.0.0.0')).toContain('every machine that reaches this one');
  expect(warningFor('::')).toContain('every machine');
  expect(warningFor('127.0.0.1')).toBeUndefined();
});
