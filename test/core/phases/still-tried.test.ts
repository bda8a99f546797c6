/** Attention was asked for a rollback in vain, which is tried again: somebody, or a late answer, may have done it. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  candidate,
  condemned,
  image,
  looked,
  primary,
  revision,
  service,
} from '../../build.ts';

const runs = { revision: revision(2), images: { app: image(2) }, since: at(0) + 1_000 };
const tried = (change: Partial<TargetRecord> = {}) =>
  asking({ stillTried: { condemned: condemned(), nextAt: at(30) } }, { runs, ...change });
const now = (n: number) => ({
  service: service(n, { primary: primary(n, { createdAt: at(6) }) }),
});

describe('before its next turn', () => {
  test('a place to return to that runs now ends the asking: the way back is followed', () => {
    const then = looked(tried(), 8, now(1));
    expect(then.standing).toBe('rolling-back');
    expect(then.record.needsAttention?.stillTried).toBeUndefined();
  });

  test("a revision that is no place to return to is somebody else's", () => {
    const then = looked(tried(), 8, now(9));
    expect(then.kinds).toEqual(['superseded']);
    expect(then.standing).toBe('watching');
  });

  test('while the condemned one runs it waits, though it is one of the places', () => {
    const both = { rollbackCandidates: [candidate(2), candidate(1)] };
    const then = looked(tried(both), 8, { service: 2 });
    expect(then.standing).toBe('needs-attention');
    expect(then.record.needsAttention?.stillTried?.nextAt).toBe(at(30));
  });
});
