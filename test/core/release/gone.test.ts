/** How a service that is not there to be driven comes back: what helps depends on why. */
import { expect, test } from 'vitest';
import { howItComesBack, whyGone } from '../../../shared/core/release/gone.ts';
import { service } from '../../build.ts';

const found = (change: Parameters<typeof service>[1]) =>
  ({ state: 'found', ...service(1, change) }) as const;
const MISSING = { state: 'missing', because: 'ECS knows no service "web"' } as const;

test.each([
  ['a service that is missing', MISSING, 'create it again'],
  ['one that is being deleted', found({ status: 'DRAINING' }), 'create it again'],
  ['one that was', found({ status: 'INACTIVE', controller: 'EXTERNAL' }), 'create it again'],
  ["another controller's", found({ controller: 'CODE_DEPLOY' }), 'migrate it with UpdateService'],
])('%s', (_, given, what) => {
  expect(whyGone(given)).toBeDefined();
  expect(howItComesBack(given)).toMatch(new RegExp(`^${what}`));
});

test('a service that stands is not gone', () => {
  expect(whyGone(found({}))).toBeUndefined();
});
