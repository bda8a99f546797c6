/** Nothing starts in a window of the config in which releases are frozen, unless a person says so. */
import type { CallMade } from '../engine.ts';
import type { Rule } from './finding.ts';
import { MINUTE, nameOf, patience, type Truth } from './truth.ts';

/** What worlds and scenes write: clocks are not changed in November. */
const OFFSETS_MS: Readonly<Record<string, number>> = { UTC: 0, 'Europe/Berlin': 60 * MINUTE };
/** A person's word is carried out within this time, or never. */
const WORD_COUNTS_MS = 120 * MINUTE;

/** A release of ours begins by this call. */
export function judgeFrozen(
  call: CallMade,
  taskDefinition: string,
  truth: Truth,
  say: (rule: Rule, facts: string) => void,
): void {
  const { freeze } = truth.target(call.target)?.rules ?? {};
  if (freeze === undefined) return;
  const offset = OFFSETS_MS[freeze.timeZone] ?? 0;
  // What was registered before has begun before: where its call was lost it is made again.
  const begunAt = truth.trail.calls.findLast(
    ({ operation, target }) => operation === 'RegisterTaskDefinition' && target === call.target,
  )?.at;
  const open = freeze.windows.find(({ from, to }) => {
    const moment = (wall: string) => Date.parse(`${wall.replace(' ', 'T')}Z`) - offset;
    const begins = moment(from) + patience(truth);
    return begins <= Math.min(call.at, begunAt ?? call.at) && call.at < moment(to) - CLOCKS_MS;
  });
  const digests = Object.values(truth.digestsOf(taskDefinition));
  const byWord = truth.trail.acts.some(
    ({ what, of = '', at }) =>
      what === 'deploy' && digests.includes(of) && at > call.at - WORD_COUNTS_MS,
  );
  if (open === undefined || byWord) return;
  say(
    '10. nothing starts in a freeze, unless a person says so',
    `${nameOf(taskDefinition)}: ${open.because}`,
  );
}

/** Ours and AWS's differ by so much at most. */
const CLOCKS_MS = 2_500;
