/** What an image that others built says of its commit, and each way in which it says nothing that counts. */
import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../../shared/core/source/record.ts';
import type { ImageHeardMessage } from '../../shared/edge/message.ts';
import { TransientError } from '../../shared/ports.ts';
import { foundImage } from '../../shared/reconcile/heard/found-image.ts';
import type { ImageLabels, NamedCommit, SourcePorts } from '../../shared/source-ports.ts';
import { at, digest, REGISTRY } from '../build.ts';
import { branch, commit, KEY, sourceRules } from '../build-source.ts';

const LABEL = 'org.opencontainers.image.revision';
const INHERITED =
  '; an image has the labels of its base image, unless its own build sets them (or leave the label out of commitIn)';
const RULES = sourceRules({
  images: {},
  elsewhere: { web: { registry: REGISTRY, repository: 'shop/web' } },
});
const labelled: ImageLabels = { state: 'read', revision: commit(2) };

interface Here {
  readonly labels: ImageLabels;
  readonly named: NamedCommit;
  readonly commitIn: readonly string[];
  readonly record: SourceRecord;
  /** Of this digest it is known already. */
  readonly taken: string;
}

async function hear(here: Partial<Here>, change: Partial<ImageHeardMessage> = {}) {
  const asked: string[] = [];
  const ports = {
    clock: { now: () => at(4) },
    records: {
      load: async () => ({ record: here.record ?? branch(RULES), version: 1 }),
      commitOf: async () => here.taken,
    },
    labels: {
      read: async () => {
        asked.push('labels');
        return here.labels ?? labelled;
      },
    },
    commits: {
      named: async (_: string, digits: string) => {
        asked.push(`commit ${digits}`);
        return here.named ?? { state: 'known', commit: digits.padEnd(40, '0') };
      },
    },
    log: { info: () => undefined },
  } as unknown as SourcePorts;
  const commitIn = here.commitIn ?? ['label', '{branch}-{sha}', '{sha}'];
  const event = await foundImage(
    { key: KEY, repository: 'acme/shop', ref: 'refs/heads/main', rules: RULES, commitIn },
    {
      ...{ type: 'ImageHeard', image: 'web', digest: digest(2), tag: 'main-8f3c2a1', at: at(3) },
      ...change,
    },
    ports,
  );
  return { says: event?.says, event, asked };
}

const because = async (here: Partial<Here>, change: Partial<ImageHeardMessage> = {}) => {
  const { says } = await hear(here, change);
  return says !== undefined && 'because' in says ? says.because : says;
};

describe('the commit is', () => {
  test('that of the label', async () => {
    const { event, asked } = await hear({});
    expect(event).toEqual({
      ...{ type: 'ImageFound', at: at(4), image: 'web', digest: digest(2), tag: 'main-8f3c2a1' },
      says: { commit: commit(2) },
    });
    expect(asked).toEqual(['labels', `commit ${commit(2)}`]);
  });

  test('that of the tag, where there is no label: GitHub completes what is short', async () => {
    const { says, asked } = await hear({ labels: { state: 'read' } });
    expect(says).toEqual({ commit: '8f3c2a1'.padEnd(40, '0') });
    expect(asked).toEqual(['labels', 'commit 8f3c2a1']);
  });

  test('that of the tag alone, where the config says so: the labels are not even read', async () => {
    const { asked } = await hear({ commitIn: ['main-{sha}'] });
    expect(asked).toEqual(['commit 8f3c2a1']);
  });

  test.each([
    ['{sha}', '8f3c2a1b9d04'],
    ['sha-{sha}', 'sha-8f3c2a1b9d04'],
    ['{branch}-{sha}', 'main-8f3c2a1b9d04'],
    ['{sha}-arm', '8f3c2a1b9d04-arm'],
  ])('by the pattern %s in the tag %s', async (place, tag) => {
    expect((await hear({ commitIn: [place] }, { tag })).asked).toEqual(['commit 8f3c2a1b9d04']);
  });
});

describe('an image that was taken before, whose tag names another commit', () => {
  const unlabelled = { labels: { state: 'read' }, taken: commit(1) } as const;

  test('is of that one, too: its bits are the same', async () => {
    expect((await hear(unlabelled)).event).toEqual({
      ...{ type: 'ImageFound', at: at(4), image: 'web', digest: digest(2), tag: 'main-8f3c2a1' },
      says: { commit: '8f3c2a1'.padEnd(40, '0') },
      madeFrom: commit(1),
    });
  });

  test('stays what it is, where GitHub knows no such commit', async () => {
    const { event } = await hear({ ...unlabelled, named: { state: 'missing' } });
    expect(event).toBeUndefined();
  });
});

describe('it names no commit that counts', () => {
  test('neither a label nor a tag that fits', async () => {
    expect(await because({ labels: { state: 'read' } }, { tag: 'latest' })).toBe(
      `it names no commit: it has no label ${LABEL}, and its tag is none of {branch}-{sha}, {sha}`,
    );
  });

  test.each([
    ['feature-8f3c2a1', 'of another branch'],
    ['main-8f3c2a', 'six digits are too few'],
    ['main-8F3C2A1B', 'no commit is written in capitals'],
    ['pr-main-8f3c2a1', 'the pattern is the whole tag'],
  ])('the tag %s: %s', async (tag) => {
    expect(await because({ commitIn: ['{branch}-{sha}'] }, { tag })).toBe(
      'it names no commit: its tag is none of {branch}-{sha}',
    );
  });

  test('a label that is no commit', async () => {
    const labels = { state: 'read', revision: 'dev\u001b[2J' } as const;
    expect(await because({ labels, commitIn: ['label'] })).toBe(
      `it names no commit: its label ${LABEL} is "dev [2J", which is no commit`,
    );
  });

  test('labels that cannot be read', async () => {
    const labels = {
      state: 'unreadable',
      because: 'the blob has more than 1048576 bytes',
    } as const;
    expect(await because({ labels, commitIn: ['label'] })).toBe(
      'it names no commit: its labels cannot be read (the blob has more than 1048576 bytes)',
    );
  });

  test('a commit that GitHub does not know: of a base image, perhaps', async () => {
    expect(await because({ named: { state: 'missing' } })).toBe(
      `its label ${LABEL} names c002c002c002, and GitHub knows no such commit in acme/shop${INHERITED}`,
    );
    const tagged = { named: { state: 'missing' }, commitIn: ['main-{sha}'] } as const;
    expect(await because(tagged)).toBe(
      'its tag (main-{sha}) names 8f3c2a1, and GitHub knows no such commit in acme/shop',
    );
  });

  test.each([
    'https://github.com/acme/other',
    'https://github.com/acme/other.git',
    'git@github.com:acme/other.git',
  ])('a label that names another repository: %s', async (source) => {
    const { says, asked } = await hear({ labels: { ...labelled, source } });
    expect(says).toEqual({
      because: `its label org.opencontainers.image.source names acme/other, not acme/shop${INHERITED}`,
    });
    expect(asked).toEqual(['labels']);
  });

  test.each(['https://github.com/ACME/Shop.git', 'https://example.com', 'the shop'])(
    'but it counts with the source label %s',
    async (source) => {
      expect((await hear({ labels: { ...labelled, source } })).says).toEqual({ commit: commit(2) });
    },
  );

  test('an image that is gone from ECR', async () => {
    const gone = { labels: { state: 'missing' }, commitIn: ['label'] } as const;
    expect(await because(gone, { at: at(-10) })).toBe(
      'it names no commit: ECR has no such image any more',
    );
  });
});

describe('the queue tries again', () => {
  test('while ECR does not know what it has just told of', async () => {
    await expect(hear({ labels: { state: 'missing' } })).rejects.toThrow(
      new TransientError(`ECR has no image shop/web@${digest(2)} yet: the queue tries again`),
    );
  });

  test('while GitHub does not answer which commit it is; one that is whole waits in the record', async () => {
    const named = { state: 'unknown', because: 'HTTP 503' } as const;
    await expect(hear({ named, commitIn: ['main-{sha}'] })).rejects.toThrow(
      'the commit 8f3c2a1 of main-8f3c2a1 is not known: HTTP 503',
    );
    expect((await hear({ named })).says).toEqual({ commit: commit(2) });
  });
});

describe('nobody is asked of an image', () => {
  test('that was taken before', async () => {
    const same = { tag: `main-${commit(2).slice(0, 12)}` };
    expect(await hear({ taken: commit(2) }, same)).toMatchObject({ event: undefined, asked: [] });
    expect(await hear({ taken: commit(2) }, { tag: 'latest' })).toMatchObject({ asked: [] });
  });

  test('that was taken before, whose tag names another commit, where its label says the same', async () => {
    expect(await hear({ taken: commit(2) })).toMatchObject({ event: undefined });
    expect((await hear({ taken: commit(2) }, { swept: true })).asked).toEqual([]);
  });

  const refused = {
    ...branch(RULES),
    refused: [{ image: 'web', digest: digest(2), tag: 'latest', because: 'none', at: at(1) }],
  };

  test('that was refused, when a sweep sees it again; a new tag of it is asked of', async () => {
    expect((await hear({ record: refused }, { swept: true })).asked).toEqual([]);
    expect((await hear({ record: refused })).asked).not.toEqual([]);
    expect((await hear({}, { swept: true })).asked).not.toEqual([]);
  });

  test('that the config names no longer', async () => {
    expect(await hear({}, { image: 'api' })).toMatchObject({ event: undefined, asked: [] });
  });
});
