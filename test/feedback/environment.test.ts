/** What is to stand on GitHub for one environment: pure, word by word. */
import { expect, test } from 'vitest';
import {
  beforeCreating,
  type Environment,
  mergeWords,
  nextTelling,
  withRelease,
} from '../../shared/feedback/environment.ts';
import type { ReleaseWord } from '../../shared/feedback/feedback.ts';
import { sha, T0 } from './announcements.ts';

const said = (decision: number) => ({ id: `ecs/c/web#${decision}.1`, at: T0 + decision });

const word = (n: number, change: Partial<ReleaseWord> = {}): ReleaseWord => ({
  word: 'release',
  environment: 'web',
  isProduction: false,
  repository: 'acme/shop',
  sha: sha(n % 10),
  release: `r${n}`,
  state: 'in_progress',
  description: 'rolling out',
  summary: 'shop/web:main-1',
  logUrl: 'https://logs.example',
  creates: true,
  ...change,
});
const runs = (n: number) => ({ word: 'runs', environment: 'web', release: `r${n}` }) as const;
const names = ({ releases }: Environment) => releases.map(({ release }) => release);

test('what is known, and what is older, changes nothing', () => {
  const known = mergeWords(undefined, [word(1, { state: 'success' }), runs(1)], said(5));
  expect(mergeWords(known, [word(1, { state: 'success' }), runs(1)], said(5))).toBe(known);
  expect(mergeWords(known, [word(1)], said(4))).toBe(known);
  expect(mergeWords(known, [runs(7)], said(4))).toBe(known);
});

test('what may never have started gets no deployment; if it was there, it is told', () => {
  const gone = word(1, { state: 'error', creates: false });
  expect(nextTelling(mergeWords(undefined, [gone], said(2)))).toBeUndefined();
  const started = mergeWords(undefined, [word(1)], said(1));
  expect(nextTelling(mergeWords(started, [gone], said(2)))?.telling.state).toBe('error');
});

test('the newest twenty are kept, and what runs, however old', () => {
  let environment = mergeWords(undefined, [word(1, { state: 'success' }), runs(1)], said(1));
  for (let n = 2; n <= 40; n++) {
    environment = mergeWords(environment, [word(n, { state: 'failure' })], said(n));
  }
  expect(environment.releases).toHaveLength(21);
  expect(names(environment).slice(0, 2)).toEqual(['r40', 'r39']);
  expect(names(environment).slice(-2)).toEqual(['r21', 'r1']);
});

test('of what succeeded one runs, the others are inactive, the newest is told first', () => {
  let environment = mergeWords(undefined, [word(1, { state: 'success' }), runs(1)], said(1));
  environment = mergeWords(environment, [word(2, { state: 'success' }), runs(2)], said(2));
  const tellings: string[] = [];
  for (let next = nextTelling(environment); next !== undefined; next = nextTelling(environment)) {
    const { release, telling } = next;
    tellings.push(`${release.release}: ${telling.state}`);
    environment = withRelease(environment, release, { deployment: 1, told: telling });
  }
  expect(tellings).toEqual(['r2: success', 'r1: inactive']);
});

test('what GitHub refused is kept for the announcement that said it', () => {
  const refused = { state: 'in_progress', description: 'rolling out' } as const;
  const first = mergeWords(undefined, [word(1)], said(1));
  const [release] = first.releases;
  if (release === undefined) throw new Error('no release');
  const after = withRelease(first, release, { refused });
  expect(nextTelling(after, said(2))).toBeUndefined();
  expect(nextTelling(after, said(1))?.release.release).toBe('r1');
  const changed = mergeWords(after, [word(1, { state: 'failure' })], said(3));
  expect(nextTelling(changed, said(4))?.telling.state).toBe('failure');
});

test('before a deployment is asked for that is noted, once', () => {
  const noted = beforeCreating(mergeWords(undefined, [word(1)], said(1)), T0);
  expect(noted.releases[0]?.askedAt).toBe(T0);
  expect(beforeCreating(noted, T0 + 1)).toBe(noted);
});
