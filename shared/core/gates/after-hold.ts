/** What becomes of a hold that lasts too long, for a person: the config's own word says too little at night. */

import type { ContainerName } from '../model/image.ts';
import type { Rules } from '../model/rules.ts';
import type { Gate, GateEnd } from './gate.ts';

const BECOMES: Readonly<Record<GateEnd['after'], string>> = {
  proceed: 'it starts all the same',
  refuse: 'it is refused',
  ask: 'a person is asked',
};

/** `after 10 minutes a person is asked` */
export function afterHoldInWords(minutes: number, after: GateEnd['after']): string {
  return `after ${minutes} minutes ${BECOMES[after]}`;
}

export function becomes(after: GateEnd['after']): string {
  return BECOMES[after];
}

/** What nobody knows never lets an image start, whatever is done about red alarms. */
export function afterUnknown({ afterHold }: Pick<Rules, 'afterHold'>): 'refuse' | 'ask' {
  return afterHold === 'refuse' ? 'refuse' : 'ask';
}

/** The end of a hold of one image of which something could not be found out. */
export function unknownEnd(
  rules: Pick<Rules, 'holdMinutes' | 'afterHold'>,
  only: ContainerName,
  { because, refused, asked }: Pick<Gate, 'because'> & Pick<GateEnd, 'refused' | 'asked'>,
): GateEnd {
  return {
    minutes: rules.holdMinutes,
    after: afterUnknown(rules),
    only,
    sentence: heldFor(rules, because),
    refused,
    asked,
    again: 'push',
  };
}

export function heldFor({ holdMinutes }: Pick<Rules, 'holdMinutes'>, because: string): string {
  return `held for ${holdMinutes} minutes: ${because}`;
}
