/** Messages for sources, through the queue and back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageDigest } from '../../shared/core/model/image.ts';
import { BODY_BYTES_MAX } from '../../shared/edge/envelope.ts';
import { bodyOf, type SourceEnvelope, type SourceMessage } from '../../shared/edge/message.ts';
import { parseSourceEnvelope } from '../../shared/edge/source-envelope.ts';
import { UnreadableEvent } from '../../shared/parsing/unreadable.ts';

const COMMIT = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';
const push = {
  type: 'PushHeard',
  delivery: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  repository: 'acme/shop',
  ref: 'refs/heads/main',
  before: 'a'.repeat(40),
  after: COMMIT,
  forced: false,
  images: ['web', 'worker'],
  skip: '[skip ci]',
  tag: 'main-8f3c2a1b9d04',
  by: 'octocat',
} as const satisfies SourceMessage;
const { before: _before, skip: _skip, ...created } = push;
const { after: _after, ...deleted } = push;

const image = {
  ...{ type: 'ImageHeard', image: 'web', tag: 'main-8f3c2a1', at: 1_764_000_000_000 },
  digest: `sha256:${'0'.repeat(64)}` as ImageDigest,
} as const satisfies SourceMessage;

function enveloped(message: unknown, more: object = {}): SourceEnvelope {
  return {
    source: 'git/acme/shop/refs/heads/main',
    message: message as SourceMessage,
    cause: { id: push.delivery, source: 'github', detailType: 'push' },
    ...more,
  };
}

const parse = (envelope: unknown) => parseSourceEnvelope(JSON.stringify(envelope));

test.each<[string, SourceMessage]>([
  ['a push', push],
  ['a new ref', created],
  ['a deleted ref', deleted],
  ['a push of no image, by somebody with letters', { ...push, images: [], by: 'Jürgen 🚀 \ufffe' }],
  ['a ref that a shell would read', { ...push, ref: 'refs/heads/main;$(rm -rf ~)' }],
  ['a question for the head', { type: 'HeadSought' }],
  ['an image of others', image],
  ['an image of others that a sweep saw', { ...image, swept: true }],
  ['a build', { type: 'BuildHeard', cause: 'CodeBuild Build State Change FAILED of p:1' }],
])('what is sent is what arrives: %s', (_, message) => {
  const envelope = enveloped(message);
  expect(parseSourceEnvelope(bodyOf(envelope))).toEqual(envelope);
});

test('keys that we do not know are left out', () => {
  const more = { more: 1, message: { ...push, more: 2, __proto__: { by: 'x' } } };
  expect(parse(enveloped(push, more))).toEqual(enveloped(push));
});

describe('what is no envelope is refused', () => {
  test.each<[string, unknown, string]>([
    ['no key of a source', enveloped(push, { source: 'ecs/production/web' }), 'source: is'],
    ['no ref in the key', enveloped(push, { source: 'git/acme/shop/' }), 'source: is'],
    [
      'no message',
      enveloped(undefined),
      'a message of type PushHeard, BuildHeard, HeadSought or ImageHeard',
    ],
    [
      'a message for a target',
      enveloped({ type: 'Hinted', cause: 'tick' }),
      'PushHeard, BuildHeard, HeadSought or ImageHeard',
    ],
    ['no cause', enveloped(push, { cause: 5 }), 'the event that this comes from'],
    ['no delivery', enveloped({ ...push, delivery: '' }), 'message.delivery: is ""'],
    ['a short commit', enveloped({ ...push, after: 'abc' }), 'message.after: is "abc"'],
    ['a commit that is null', enveloped({ ...push, before: null }), 'message.before: is null'],
    ['no ref', enveloped({ ...push, ref: 'main' }), 'message.ref: is "main"'],
    ['a ref on two lines', enveloped({ ...push, ref: 'refs/heads/a\nb' }), 'message.ref: is'],
    ['no repository', enveloped({ ...push, repository: 'shop' }), 'message.repository: is "shop"'],
    ['a word for forced', enveloped({ ...push, forced: 'no' }), 'message.forced: is "no"'],
    [
      'an image with a slash',
      enveloped({ ...push, images: ['a/b'] }),
      'message.images.0: is "a/b"',
    ],
    [
      'very many images',
      enveloped({ ...push, images: Array.from({ length: 6_000 }, () => 'web') }),
      'at most 5000 entries',
    ],
    ['no tag', enveloped({ ...push, tag: 'a b' }), 'message.tag: is "a b"'],
    ['a long name', enveloped({ ...push, by: 'x'.repeat(201) }), 'message.by: is'],
    ['a long reason', enveloped({ ...push, skip: 'x'.repeat(101) }), 'message.skip: is'],
    ['no digest', enveloped({ ...image, digest: 'latest' }), 'message.digest: is "latest"'],
    ['an image with a slash', enveloped({ ...image, image: 'a/b' }), 'message.image: is "a/b"'],
    ['half a sweep', enveloped({ ...image, swept: false }), 'message.swept: is false'],
    ['a build without a cause', enveloped({ type: 'BuildHeard' }), 'message.cause: is missing'],
  ])('%s', (_, envelope, message) => {
    expect(() => parse(envelope)).toThrow(UnreadableEvent);
    expect(() => parse(envelope)).toThrow(message);
  });

  test('and so is what is no text, no JSON, or too large', () => {
    expect(() => parseSourceEnvelope({})).toThrow('expected a text');
    expect(() => parseSourceEnvelope('{')).toThrow('expected JSON');
    expect(() => parseSourceEnvelope('x'.repeat(BODY_BYTES_MAX + 1))).toThrow(
      'at most 1048576 bytes',
    );
  });

  test('whatever stands anywhere in it, and an envelope that is read is one that can be sent', () => {
    const keys = [...Object.keys(push), 'source', 'cause', 'message'];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const isOfMessage = Object.hasOwn(push, key);
        const changed = isOfMessage
          ? enveloped({ ...push, [key]: value })
          : enveloped(push, { [key]: value });
        try {
          const read = parse(changed);
          expect(parseSourceEnvelope(bodyOf(read))).toEqual(read);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableEvent);
        }
      }),
      { seed: 20_261_120, numRuns: 1_000 },
    );
  });
});
