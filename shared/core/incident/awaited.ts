/** All that waits for a person's yes, commands and the release alike: what people are shown, and choose from. */
import { inWords, pendingOf } from '../model/approval.ts';
import type { Moment } from '../model/image.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { awaitedInWords, awaitedRelease } from '../release/word.ts';

export interface Awaited {
  /** Names it: who says yes says to what. */
  readonly id: string;
  /** `the deploy of shop/web:main-2 (sha256:7f5b2640fe6f)` */
  readonly what: string;
  /** Who asked for it, or `a push`. */
  readonly by: string;
  readonly because: string;
  readonly since: Moment;
  readonly until: Moment;
}

export function awaitedOf(record: TargetRecord): readonly Awaited[] {
  const commands = pendingOf(record).map((asked): Awaited => {
    const { id, by, because, since, until } = asked;
    return { id, what: inWords(asked), by, because, since, until };
  });
  const released = awaitedRelease(record);
  if (released === undefined) return commands;
  const because = "the config wants a person's word about each release";
  const { by, word } = released;
  const { id, since, until } = word.asked;
  return [...commands, { id, what: awaitedInWords(released), by, because, since, until }];
}
