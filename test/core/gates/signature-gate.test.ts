/** Who must have signed an image, how long that may take, and what nobody can know. */
import { describe, expect, test } from 'vitest';
import type { ObservedSignature } from '../../../shared/core/model/observation.ts';
import type { Rules } from '../../../shared/core/model/rules.ts';
import {
  at,
  digest,
  image,
  looked,
  person,
  pushed,
  rules,
  scanned,
  scanRules,
  signatureRules,
  waiting,
  when,
} from '../../build.ts';

const UNSIGNED: ObservedSignature = { state: 'unsigned', because: 'nothing lies beside it' };
const WRONG: ObservedSignature = { state: 'wrong', because: 'signature verification failed' };
const UNKNOWN: ObservedSignature = { state: 'unknown', because: 'ThrottlingException' };
const VERIFIED: ObservedSignature = { state: 'verified' };
const LABEL = 'shop/web:main-2 (sha256:000000000000)';

const given = (change: Partial<Rules> = {}) =>
  waiting({ rules: rules({ ...signatureRules(), ...change }) });
const signed = (signature: ObservedSignature) => ({ signatures: { [digest(2)]: signature } });

test('a signed image starts', () => {
  expect(looked(given(), 1, signed(VERIFIED)).action?.type).toBe('RegisterRevision');
});

test('one that somebody else signed is refused at once, with the reason and the next step', () => {
  const { kinds, told, record } = looked(given(), 1, signed(WRONG));
  expect([kinds, record.waiting]).toEqual([['refused'], {}]);
  expect(told[0]).toMatchObject({
    because: `${LABEL} is not signed by the configured key: signature verification failed`,
    next: 'sign it with the configured key, then push it again or deploy it by hand: by hand too it does not start without that signature',
  });
});

test('the signer is named as the config has it', () => {
  const because = (identity: string | { readonly regex: string }) =>
    looked(
      given({ signature: { issuer: 'https://i', identity, waitMinutes: 10 } }),
      1,
      signed(WRONG),
    ).because;
  expect(because('https://github.com/acme/shop')).toContain(
    'is not signed by https://github.com/acme/shop: ',
  );
  expect(because({ regex: 'https://.*' })).toContain(
    'is not signed by an identity like https://.*: ',
  );
});

describe('an unsigned image', () => {
  test('is held for as long as signing takes after a push, and told once', () => {
    const first = looked(given(), 1, signed(UNSIGNED));
    expect([first.kinds, first.action]).toEqual([['held'], undefined]);
    expect(first.record.waiting.app?.held).toMatchObject({ reason: 'signature' });
    expect(first.told[0]).toMatchObject({
      because: `${LABEL} is not signed yet: nothing lies beside it`,
      next: 'it starts by itself when it is signed with the configured key; 10 minutes after it was offered it is refused',
    });
    expect(looked(first.record, 9.9, signed(UNSIGNED)).kinds).toEqual([]);
  });

  test('goes on by itself when it is signed', () => {
    const { record } = looked(given(), 1, signed(UNSIGNED));
    expect(looked(record, 2, signed(VERIFIED)).action?.type).toBe('RegisterRevision');
  });

  test('is refused after that', () => {
    const { record } = looked(given(), 1, signed(UNSIGNED));
    const { kinds, because } = looked(record, 10, signed(UNSIGNED));
    expect([kinds, because]).toEqual([
      ['refused'],
      `${LABEL} is not signed: nothing lies beside it`,
    ]);
  });

  test('is refused at once where the config says so', () => {
    const { kinds } = looked(given(signatureRules({ waitMinutes: 0 })), 0, signed(UNSIGNED));
    expect(kinds).toEqual(['refused']);
  });

  test('does not start by hand either', () => {
    const asked = when(
      waiting({ rules: rules(signatureRules()), waiting: {} }),
      person({ do: 'deploy', images: { app: image(2) } }),
    ).record;
    expect(looked(asked, 7, signed(WRONG)).kinds).toEqual(['refused']);
    expect(looked(asked, 17, signed(UNSIGNED)).kinds).toEqual(['refused']);
  });

  test('may be offered again by a push, not by the sweep', () => {
    const refused = looked(given(), 10, signed(UNSIGNED)).record;
    expect(when(refused, pushed(2)).record.waiting.app?.image).toEqual(image(2));
    expect(when(refused, pushed(2, { heardFrom: 'sweep' })).record.waiting).toEqual({});
  });
});

describe('an image of which nobody knows who signed it', () => {
  const outcome = (afterHold: Rules['afterHold']) => {
    const { record, kinds } = looked(given({ afterHold }), 1, signed(UNKNOWN));
    expect(kinds).toEqual(['held']);
    expect(looked(record, 60, signed(UNKNOWN)).kinds).toEqual([]);
    const { kinds: then, action } = looked(record, 61, signed(UNKNOWN));
    return [then, action];
  };

  test('is held for as long as the config says, then refused or a person is asked', () => {
    expect(outcome('refuse')).toEqual([['refused'], undefined]);
    expect(outcome('ask')).toEqual([['needs-attention'], undefined]);
  });

  test('never starts, whatever is done about red alarms', () => {
    expect(outcome('proceed')).toEqual([['needs-attention'], undefined]);
  });

  test('goes on by itself when it is known', () => {
    const { record } = looked(given(), 1, signed(UNKNOWN));
    expect(looked(record, 2, signed(VERIFIED)).action?.type).toBe('RegisterRevision');
    expect(looked(record, 2, signed(WRONG)).kinds).toEqual(['refused']);
  });
});

test('both gates must be open', () => {
  const both = given(scanRules());
  const clean = { scans: { [digest(2)]: scanned() } };
  expect(looked(both, 1, { ...clean, ...signed(VERIFIED) }).action?.type).toBe('RegisterRevision');
  expect(looked(both, 1, { ...clean, ...signed(WRONG) }).kinds).toEqual(['refused']);
  const found = { scans: { [digest(2)]: scanned(['CVE-2026-1', 'HIGH']) } };
  expect(looked(both, 1, { ...found, ...signed(VERIFIED) }).kinds).toEqual(['refused']);
});

test('a look that did not ask starts nothing', () => {
  const silent = looked(given(), 1, { signatures: {} });
  expect([silent.action, silent.because]).toEqual([
    undefined,
    'the next look asks what a start needs to know',
  ]);
});

test('what waits keeps its moment of offer: a hold by a person does not give more time', () => {
  const held = { ...given(), hold: { by: 'ada', because: 'friday', since: at(0) } };
  const first = looked(held, 1, signed(UNSIGNED)).record;
  expect(looked(first, 12, signed(UNSIGNED)).kinds).toEqual(['refused']);
});
