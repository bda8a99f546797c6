/**
 * A release whose traffic waits for a person's word: asked for when ECS has come to that step, which our
 * lifecycle hook holds; given by a command; and over in time.
 */
import { announce, because, type Decision, entered, inPhase } from '../model/decision.ts';
import { expected } from '../model/defined.ts';
import type { Observation } from '../model/observation.ts';
import type { Forward } from '../model/record/phase.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { condemn } from '../release/condemn.ts';
import { ofRelease } from '../release/release-ends.ts';
import {
  askWord,
  isSilent,
  isStepOf,
  nobodySaid,
  otherwiseInWords,
  whyAwaited,
  withoutAnswer,
} from '../release/word.ts';
import type { At, Rule } from './rule.ts';

export const WORD_GIVEN: Rule<Forward> = {
  rule: () => 'a person has said yes to its traffic, where the config wants that',
  broken: (at) => whyHeld(at),
  otherwise: awaitWord,
};

/** Undefined: no word is wanted, it was given, or ECS has not come to that step. */
function whyHeld({ record, phase: { release }, observation }: At<Forward>): string | undefined {
  const { word, images } = release;
  if (word === undefined || word.given !== undefined) return undefined;
  if (isSilent(word, observation.at)) return nobodySaid(word);
  if (word.asked !== undefined) return whyAwaited(record.id, word);
  return hasCome(release, observation)
    ? whyAwaited(record.id, askWord(word, images, observation.at))
    : undefined;
}

/** ECS's own list of stages lacks the one before a step, which its text names: our hook's wait tells it, too. */
function hasCome({ word, rules }: Release, { shift }: Observation): boolean {
  if (word === undefined || shift === undefined) return false;
  const isBeforeStep = shift.stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT' || shift.hookWaits;
  return isBeforeStep && isStepOf(word, rules.strategy, shift.share);
}

function awaitWord({ record, phase, observation }: At<Forward>, why: string): Decision {
  const { release } = phase;
  const word = expected(release.word, 'the word that is wanted');
  const { at } = observation;
  const withWord = (next: typeof word): TargetRecord =>
    inPhase(record, { ...goingForward(phase), release: { ...release, word: next } });
  if (isSilent(word, at)) {
    if (word.otherwise === 'proceed') return because(withWord(withoutAnswer(word, at)), why);
    const gone = condemn(record, phase, { because: why, alarms: [], innocent: 'no-word' }, at);
    return entered(gone, `condemned: ${why}`);
  }
  if (word.asked !== undefined) return because(record, why);
  const asked = askWord(word, release.images, at);
  const told = announce(withWord(asked), 'held', {
    at,
    ...ofRelease(phase),
    because: why,
    next: otherwiseInWords(record.id, asked),
  });
  return because(told, why);
}

/** Without what only a look knows of it. */
function goingForward({ phase, goal, release, attempt }: Forward): Forward {
  return { phase, goal, release, attempt };
}
