/** Which source a push concerns, which of its images, and what they are tagged. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TAG } from '../../shared/parsing/names.ts';
import {
  commitInTag,
  findSource,
  imageTagOf,
  type RefPush,
  sourceKey,
  sourceOfKey,
} from '../../shared/route/find-sources.ts';
import { shopPipeline } from '../shop.ts';

const COMMIT = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';
const pipeline = shopPipeline();

/** What is found, in short: the key and the images, or why nothing is. */
function found(push: Partial<RefPush>, from = pipeline): string {
  const result = findSource(from, { repository: 'acme/shop', ref: 'refs/heads/main', ...push });
  return 'because' in result ? result.because : `${result.key}: ${result.images.join(', ')}`;
}

describe('a push concerns', () => {
  test('every image once the time for its globs is up: a path may be made to take long', () => {
    const paths = ['docs/a.md', 'docs/b.md'];
    const about = { repository: 'acme/shop', ref: 'refs/heads/main', paths };
    expect(found({ paths })).toBe('git/acme/shop/refs/heads/main: ');
    let asked = 0;
    const late = findSource(pipeline, about, () => ++asked > 2);
    expect('images' in late && late.images).toEqual(['web', 'worker']);
  });

  test('all images of the source that builds its ref', () => {
    expect(found({})).toBe('git/acme/shop/refs/heads/main: web, worker');
  });

  test('nobody, when no source is that repository', () => {
    expect(found({ repository: 'acme/shop2' })).toBe('no source is the repository acme/shop2');
    expect(found({ repository: 'evil/shop' })).toBe('no source is the repository evil/shop');
  });

  test('its source however GitHub spells it, and the key is that of the config', () => {
    expect(found({ repository: 'ACME/Shop' })).toBe('git/acme/shop/refs/heads/main: web, worker');
    const hello = { repository: 'Codertocat/Hello-World', ref: 'refs/heads/master' };
    expect(found(hello)).toBe('git/codertocat/hello-world/refs/heads/master: hello');
  });

  test.each([
    ['refs/heads/main', true],
    ['refs/heads/feature/search', true],
    ['refs/heads/feature/search/deep', true],
    ['refs/heads/release/1.4', true],
    ['refs/heads/release/1.4/fix', false],
    ['refs/heads/mainline', false],
    ['refs/heads/Main', false],
    ['refs/heads/v1.4.2', false],
    ['refs/tags/v1.4.2', true],
    ['refs/tags/main', false],
    ['refs/tags/beta/v1', false],
    ['refs/pull/1/head', false],
    ['refs/heads/', false],
  ])('a source only where its globs say so: %s: %s', (ref, isBuilt) => {
    expect(found({ ref })).toBe(
      isBuilt ? `git/acme/shop/${ref}: web, worker` : `the source "shop" does not build ${ref}`,
    );
  });

  test.each([
    [['web/src/a.ts'], 'web'],
    [['web/a.ts', 'worker/.env'], 'web, worker'],
    [['worker/a.ts', 'README.md'], 'worker'],
    [['package.json'], 'web, worker'],
    [['docs/package.json'], ''],
    [['README.md'], ''],
    [['webx/a.ts', 'Web/a.ts'], ''],
    [[], ''],
  ])('the images whose globs match a path: %j: %s', (paths, images) => {
    expect(found({ paths })).toBe(`git/acme/shop/refs/heads/main: ${images}`);
  });

  test('every image when the paths are not known, and an image without globs always', () => {
    const images = {
      web: { repository: 'shop/web', paths: ['web/**'] },
      all: { repository: 'shop/all' },
    };
    const other = shopPipeline({ images });
    expect(found({}, other)).toBe('git/acme/shop/refs/heads/main: web, all');
    expect(found({ paths: ['docs/a.md'] }, other)).toBe('git/acme/shop/refs/heads/main: all');
  });
});

describe('a key leads back to its source', () => {
  test('and to its ref', () => {
    const key = sourceKey('acme/shop', 'refs/heads/feature/search');
    expect(key).toBe('git/acme/shop/refs/heads/feature/search');
    const back = sourceOfKey(pipeline, key);
    expect([back?.source.id, back?.ref]).toEqual(['shop', 'refs/heads/feature/search']);
  });

  test.each([
    'git/acme/shop/refs/heads/other',
    'git/acme/shopping/refs/heads/main',
    'git/acme/refs/heads/main',
    'ecs/production/web',
    '',
  ])('unless the config does not build it: %s', (key) => {
    expect(sourceOfKey(pipeline, key)).toBeUndefined();
  });
});

describe('the tag of an image', () => {
  test.each([
    ['refs/heads/main', 'main-8f3c2a1b9d04'],
    ['refs/heads/feature/search', 'feature-search.38e7a3a21b-8f3c2a1b9d04'],
    ['refs/heads/Größe', 'Gr-e.aedc3f8098-8f3c2a1b9d04'],
    ['refs/heads/..', 'ref.5ec1f7e700-8f3c2a1b9d04'],
    ['refs/heads/中文', 'ref.72726d8818-8f3c2a1b9d04'],
    ['refs/tags/v1.4.2', 'v1.4.2'],
    ['refs/tags/shop/v1', 'shop-v1.6be32da054-8f3c2a1b9d04'],
    ['refs/tags/-v1', 'v1.abc898d49e-8f3c2a1b9d04'],
  ])('of %s is %s', (ref, tag) => {
    expect(imageTagOf(ref, COMMIT)).toBe(tag);
  });

  test('of two branches is never the same, however one imitates the other', () => {
    const names = [
      'main',
      'émain',
      '(main',
      '.main',
      'main/',
      'feature/x',
      'feature-x',
      'feature x',
    ];
    const tags = [...names, 'feature-x.b5b7bd0f5d'].map((name) =>
      imageTagOf(`refs/heads/${name}`, COMMIT),
    );
    expect(new Set(tags).size).toBe(tags.length);
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(name, name, (one, other) => {
        const same =
          imageTagOf(`refs/heads/${one}`, COMMIT) === imageTagOf(`refs/heads/${other}`, COMMIT);
        expect(same).toBe(one === other);
      }),
      { seed: 20_261_121, numRuns: 500 },
    );
  });

  test('holds nothing that a shell could read, whatever the branch is called', () => {
    expect(imageTagOf('refs/heads/main;$(rm -rf ~)', COMMIT)).toMatch(
      /^main-rm--rf-\.[0-9a-f]{10}-8f3c2a1b9d04$/,
    );
    expect(imageTagOf('refs/heads/`id`|tee&&x>y"\'', COMMIT)).toMatch(
      /^id-tee-x-y-\.[0-9a-f]{10}-8f3c2a1b9d04$/,
    );
    const names = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 300 }));
    fc.assert(
      fc.property(fc.constantFrom('heads', 'tags'), names, (kind, name) => {
        const tag = imageTagOf(`refs/${kind}/${name}`, COMMIT);
        expect(tag).toMatch(TAG);
        expect(tag).toMatch(/^[A-Za-z0-9_.-]{1,128}$/);
      }),
      { seed: 20_261_120, numRuns: 500 },
    );
  });

  test.each([
    ['main-8f3c2a1b9d04', '8f3c2a1b9d04'],
    ['feature-search-8f3c2a1b9d04', '8f3c2a1b9d04'],
    [COMMIT, COMMIT],
    ['v1.4.2', undefined],
    ['main', undefined],
    ['main-8F3C2A1B9D04', undefined],
  ])('tells of which commit it is: %s', (tag, commit) => {
    expect(commitInTag(tag)).toBe(commit);
  });
});
