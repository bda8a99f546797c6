/** Before a release starts a person says yes to it, where the config wants that. */
import { waitingImages } from '../model/image.ts';
import type { StandingObservation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { imageWaits } from '../model/record/waiting.ts';
import {
  askWord,
  isSilent,
  nobodySaid,
  otherwiseInWords,
  startWordOf,
  wantedWord,
  whyAwaited,
} from '../release/word.ts';
import type { Gate } from './gate.ts';

export function waitsForWord(
  record: TargetRecord,
  { service, at }: StandingObservation,
): Gate | undefined {
  const wanted = wantedWord(record.rules, service);
  const needed = record.rules.mode === 'act' && imageWaits(record);
  if (wanted?.before !== 'start' || !needed) return undefined;
  const word = startWordOf(record) ?? askWord(wanted, waitingImages(record.waiting), at);
  if (word.given !== undefined) return undefined;
  if (word.otherwise === 'proceed' && isSilent(word, at)) return undefined;
  return {
    reason: 'approval',
    because: whyAwaited(record.id, word),
    next: otherwiseInWords(record.id, word),
    ends: {
      minutes: word.minutes,
      since: word.asked?.since ?? at,
      after: 'refuse',
      sentence: nobodySaid(word),
      refused: 'deploy it by hand, or push a newer one: then a word is asked for again',
      asked: '',
    },
  };
}

/** The word is asked for from now on: every other gate before it is open. */
export function withWordAsked(
  record: TargetRecord,
  gate: Gate,
  { service, at }: StandingObservation,
): TargetRecord {
  const wanted = wantedWord(record.rules, service);
  if (gate.reason !== 'approval' || wanted === undefined) return record;
  if (startWordOf(record) !== undefined) return record;
  return { ...record, startWord: askWord(wanted, waitingImages(record.waiting), at) };
}

/** What was said of other images than those that wait, or while nothing waits, is said of none. */
export function withoutForeignWord(record: TargetRecord): TargetRecord {
  if (record.startWord === undefined || startWordOf(record) !== undefined) return record;
  const { startWord: _, ...rest } = record;
  return rest;
}
