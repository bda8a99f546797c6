/** doctor's answer for people: of many targets the trouble is seen, and what is well is not in its way. */
import { expect, test, vi } from 'vitest';
import { type Check, failed, ok, skipped } from '../../cli/doctor/check.ts';
import { tellDoctor } from '../../cli/doctor/tree.ts';

type Connection = Parameters<typeof tellDoctor>[0];

const here = { place: 'the local AWS', now: () => 0 } as Connection;
const of = (target: string | null, ...checks: readonly Check[]) => ({
  target,
  groups: [{ name: 'service', checks }],
});
const targets = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    of(`svc-${i}`, ok('service', 'is there'), skipped('x', 'y')),
  );

function told(found: Parameters<typeof tellDoctor>[1], all = false): string {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  tellDoctor(here, found, { json: false, all });
  write.mockRestore();
  return text;
}

test('of many targets those of which nothing failed are one line, and the counts have them all', () => {
  const text = told([
    of(null, skipped('version', 'x')),
    ...targets(30),
    of('bad', failed('service', 'it is gone', 'mend it')),
  ]);
  expect(text).toMatch(/\nthe stack\n/);
  expect(text).toContain('bad\n  service\n    ✗ service: it is gone\n        mend it\n');
  expect(text).not.toContain('\nsvc-0\n');
  expect(text).toMatch(
    /\nNothing failed of svc-0, svc-1, .*, svc-19 and 10 more\. --all or a target's name shows them\.\n/,
  );
  expect(text).toMatch(/\n1 failed, 31 skipped, 30 well\n$/);
});

test('of a few, and with --all, each is told', () => {
  expect(told(targets(3))).toContain('\nsvc-2\n');
  expect(told(targets(30), true)).toContain('\nsvc-29\n');
});
