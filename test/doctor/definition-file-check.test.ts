/** What `doctor` says of the task definition in git. */
import { expect, test } from 'vitest';
import { definitionFileCheck } from '../../cli/doctor/definition-file-check.ts';
import type { ObservedFile } from '../../shared/core/model/definition/file.ts';

const VERSION = {
  repository: 'acme/shop',
  sha: '8f3c2a1b9d04',
  file: 'web/taskdef.json',
  hash: 'f',
};

test.each<[seen: ObservedFile, state: string, says: string]>([
  [
    { state: 'read', ...VERSION, changes: [] },
    'ok',
    'shop/web:main-2 would bring web/taskdef.json at 8f3c2a1: which changes nothing',
  ],
  [{ state: 'refused', because: 'line 3' }, 'failed', 'shop/web:main-2 could not start: line 3'],
  [
    { state: 'none', because: 'no commit is known of it' },
    'skipped',
    'shop/web:main-2: no commit is known of it, so it would start with what runs',
  ],
  [
    { state: 'unknown', because: 'nobody here may read GitHub' },
    'skipped',
    'nobody here may read GitHub; your own GITHUB_TOKEN is what it is read with here',
  ],
])('%j', (seen, state, says) => {
  expect(definitionFileCheck('web/taskdef.json in git', 'shop/web:main-2', seen)).toMatchObject({
    state,
    says,
  });
});
