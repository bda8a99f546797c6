/** The file of a commit, laid over what runs: what a look tells of it, and what the call is given. */
import { describe, expect, test } from 'vitest';
import type { JsonRecord } from '../../shared/core/release/definition/containers.ts';
import type { CommitPlaces, Definitions, FileText } from '../../shared/ports.ts';
import { observeDefinition, overlayOf } from '../../shared/reconcile/answers/definition-file.ts';
import { image, REGISTRY, revision, rules } from '../build.ts';

const SHA = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';
const NAME = 'web/taskdef.json of acme/shop at 8f3c2a1';

const runs: JsonRecord = {
  family: 'web',
  cpu: '256',
  containerDefinitions: [{ name: 'app', image: 'x@sha256:1', environment: [] }],
};

const RULES = rules({
  definition: { file: 'web/taskdef.json', container: 'app', leave: [], roles: [] },
  containers: {
    app: {
      registry: REGISTRY,
      repository: 'shop/web',
      builtFrom: ['acme/shop'],
      onlyBuiltFrom: ['acme/shop'],
    },
  },
});

function world(file: FileText, { commit = SHA, waits = false, has = true } = {}) {
  const asked: string[] = [];
  const place = { ref: 'refs/heads/main', commit: SHA, line: 1, position: 5 };
  const commits: CommitPlaces = {
    places: async (_, name) =>
      name !== SHA ? [] : [waits ? { ...place, waitsBecause: 'GitHub is away' } : place],
    commitOf: async () => (commit === '' ? undefined : commit),
    revisionOf: async () => undefined,
  };
  const definitions: Definitions = {
    written: async (of, path) => {
      asked.push(`${of.repository} ${of.sha} ${path}`);
      return file;
    },
    registered: async () => (has ? { definition: runs, tags: [] } : undefined),
  };
  return { asked, commits, definitions };
}

const text = (written: object): FileText => ({ state: 'text', text: JSON.stringify(written) });
const seen = async (...made: Parameters<typeof world>) =>
  await observeDefinition(image(2), revision(1), RULES, world(...made));

describe('a look', () => {
  test('reads the file at the commit of the image, and tells what it changes', async () => {
    const far = world(text({ cpu: '512' }));
    expect(await observeDefinition(image(2), revision(1), RULES, far)).toEqual({
      state: 'read',
      repository: 'acme/shop',
      sha: SHA,
      file: 'web/taskdef.json',
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      changes: ['cpu "256" -> "512"'],
    });
    expect(far.asked).toEqual([`acme/shop ${SHA} web/taskdef.json`]);
  });

  test.each<[what: string, made: Parameters<typeof world>, expected: object]>([
    [
      'no commit is known of it',
      [text({}), { commit: '' }],
      { state: 'none', because: 'no commit is known of it' },
    ],
    [
      'its commit has no place yet',
      [text({}), { waits: true }],
      { state: 'unknown', because: 'GitHub is away' },
    ],
    [
      'the file is not there',
      [{ state: 'missing', because: 'there is no such file' }],
      { state: 'refused', because: `${NAME}: there is no such file` },
    ],
    [
      'the file is no JSON',
      [{ state: 'text', text: '{\n  "cpu": 256,\n}' }],
      {
        state: 'refused',
        because: `${NAME}, line 3, column 1: JSON has no "}" here`,
      },
    ],
    [
      'the file changes what is not its to change',
      [text({ family: 'api' })],
      {
        state: 'refused',
        because: `${NAME}: \`family\` is not as it runs, and only who owns the service may change it: leave it out`,
      },
    ],
    [
      'GitHub is away',
      [{ state: 'unknown', because: 'GitHub: 503' }],
      { state: 'unknown', because: 'GitHub: 503' },
    ],
    ['ECS has lost what runs', [text({}), { has: false }], { state: 'unknown' }],
  ])('tells when %s', async (_, made, expected) => {
    expect(await seen(...made)).toMatchObject(expected);
  });

  test('without eyes for GitHub knows nothing of it', async () => {
    const { commits } = world(text({}));
    expect(await observeDefinition(image(2), revision(1), RULES, { commits })).toEqual({
      state: 'unknown',
      because: 'nobody here may read GitHub',
    });
  });
});

describe('the call', () => {
  const action = async () => {
    const read = await seen(text({ cpu: '512' }));
    if (read?.state !== 'read') throw new Error('it was to be read');
    const { state: _, ...version } = read;
    return {
      type: 'RegisterRevision',
      base: revision(1),
      images: {},
      tags: {},
      definition: { ...version, leave: ['memory'], roles: ['web-task'] },
    } as const;
  };

  test('is given the same version of the file', async () => {
    const { definitions } = world(text({ cpu: '512' }));
    expect(await overlayOf(await action(), definitions)).toEqual({
      written: { cpu: '512' },
      rules: { leave: ['memory'], roles: ['web-task'] },
    });
  });

  test('is left to a later handling where the file is not what it was, or GitHub is away', async () => {
    const other = world(text({ cpu: '1024' })).definitions;
    await expect(overlayOf(await action(), other)).rejects.toThrow('is not what it was');
    const away = world({ state: 'unknown', because: 'GitHub: 503' }).definitions;
    await expect(overlayOf(await action(), away)).rejects.toThrow('GitHub: 503');
  });

  test('that brings images alone asks nobody', async () => {
    const plain = { type: 'RegisterRevision', base: revision(1), images: {}, tags: {} } as const;
    expect(await overlayOf(plain, undefined)).toBeUndefined();
  });
});
