/** What the judge said last of a release that is on its way or bakes, as an answered rule. */

import { clockTime } from '../model/moment.ts';
import type { Release } from '../model/record/release.ts';
import { no, type Tried, unknown, yes } from './rule-result.ts';

export function judgedSoFar(release: Release): readonly Tried[] {
  return [...triedSoFar(release), ...comparedSoFar(release)];
}

function triedSoFar({ rules, evidence: { ownRequests } }: Release): readonly Tried[] {
  if (rules.ownRequests === undefined) return [];
  const rule = 'it answers requests of our own at the test listener';
  if (ownRequests === undefined) return [unknown(rule, 'none was sent yet')];
  const said = `at ${clockTime(ownRequests.at)}: ${ownRequests.because}`;
  switch (ownRequests.state) {
    case 'good':
      return [yes(rule, said)];
    case 'bad':
      return [no(rule, said)];
    case 'unmeasured':
      return [unknown(rule, said)];
  }
}

function comparedSoFar({ rules, evidence: { judged } }: Release): readonly Tried[] {
  if (rules.judge === undefined) return [];
  const only = rules.judge === 'watch' ? ' (it only watches)' : '';
  const rule = `it does not fail more than what ran before, over the same minutes${only}`;
  if (judged === undefined) return [unknown(rule, 'the judge has not looked at it yet')];
  const said = `the judge at ${clockTime(judged.at)}: ${judged.state}: ${judged.because}`;
  switch (judged.state) {
    case 'harmless':
      return [yes(rule, said)];
    case 'condemned':
    case 'alone':
      return [no(rule, said)];
    case 'alike':
    case 'suspicious':
    case 'waiting':
    case 'unmeasured':
    case 'disputed':
      return [unknown(rule, said)];
  }
}
