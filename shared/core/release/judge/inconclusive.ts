/**
 * What the judge could not say is told: once while a share is held for it, and in the sentence that calls the
 * release proven. Beside `proven` nobody shall read more than was measured.
 */
import { percentOf } from '../../model/balancer.ts';
import { announce, withRelease } from '../../model/decision.ts';
import type { Moment } from '../../model/image.ts';
import { forwardOf } from '../../model/record/phase.ts';
import type { Release } from '../../model/record/release.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';
import { MINUTE } from '../../model/rules.ts';
import { ofRelease } from '../release-ends.ts';
import { goesOnInconclusive, heldShareOf } from './steps.ts';

/** `judge: 'act'`: a share was held for as long as one is, and is inconclusive: told once a release. */
export function tellInconclusive(record: TargetRecord, at: Moment): TargetRecord {
  const phase = forwardOf(record.phase);
  if (phase === undefined) return record;
  const { rules, evidence } = phase.release;
  const held = heldShareOf(phase);
  if (evidence.inconclusive !== undefined || held === undefined || at < held.until) return record;
  const { said } = held;
  const share = percentOf(held.share);
  const sentence = `the judge is inconclusive at ${share} of the traffic after ${held.heldMs / MINUTE} minutes: ${said.state}: ${said.because}`;
  const found = { share: held.share, at, because: `${said.state}: ${said.because}` };
  const next = withRelease(record, { evidence: { ...evidence, inconclusive: found } });
  return announce(next, 'held', {
    at,
    ...ofRelease(phase),
    because: sentence,
    next: goesOnInconclusive(rules, said)
      ? 'the traffic goes on by one step, and is judged again; or roll it back'
      : `the share stays at ${share} until it can be measured: mend that; or roll back, and deploy it again with judge: 'watch' or afterInconclusive: 'proceed'`,
  });
}

/** What the judge found, of a release that is proven; undefined: nobody asked it. */
export function judgedInWords({ rules, evidence }: Release): string | undefined {
  const { judged, inconclusive } = evidence;
  if (rules.judge === undefined || judged === undefined) return undefined;
  const { state, because } = judged;
  if (inconclusive !== undefined) {
    return `the judge was inconclusive at ${percentOf(inconclusive.share)} of the traffic (${inconclusive.because})`;
  }
  switch (state) {
    case 'harmless':
      return `the judge calls it harmless (${because})`;
    case 'condemned':
    case 'alone':
      return `the judge would have sent it back (${because})`;
    case 'waiting':
    case 'suspicious':
    case 'alike':
      return `the judge is inconclusive (${state}: ${because})`;
    case 'unmeasured':
    case 'disputed':
      return `the judge measured nothing (${because})`;
  }
}
