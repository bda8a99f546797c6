/** May this image start, going by who signed it? Pure; the signature is verified in `observe.ts`. */

import { imageLabel } from '../model/image.ts';
import type { Observation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';
import { MINUTE, type SignatureRules } from '../model/rules.ts';
import { afterHoldInWords, afterUnknown, unknownEnd } from './after-hold.ts';
import type { Gate, Refusal } from './gate.ts';

/** Nobody signed it in time, or somebody else did. A deploy by a person is held to it as well. */
export function refusedBySignature(
  { signature: rules }: TargetRecord['rules'],
  { image, since }: Waiting,
  observation: Observation,
): Refusal | undefined {
  const signature = observation.signatures?.[image.digest];
  if (rules === undefined || signature === undefined) return undefined;
  const label = imageLabel(image);
  const next = `sign it with ${signerOf(rules)}, then push it again or deploy it by hand: by hand too it does not start without that signature`;
  switch (signature.state) {
    case 'verified':
    case 'unknown':
      return undefined;
    case 'wrong':
      return {
        because: `${label} is not signed by ${signerOf(rules)}: ${signature.because}`,
        next,
        again: 'push',
      };
    case 'unsigned': {
      if (observation.at < since + rules.waitMinutes * MINUTE) return undefined;
      return { because: `${label} is not signed: ${signature.because}`, next, again: 'push' };
    }
  }
}

/** Nobody signed it yet: that is done after a push. Or it could not be found out. */
export function waitsForSignature(
  record: TargetRecord,
  observation: Observation,
): Gate | undefined {
  const { signature: rules, holdMinutes } = record.rules;
  if (rules === undefined) return undefined;
  for (const [container, { image }] of Object.entries(record.waiting)) {
    const signature = observation.signatures?.[image.digest];
    const label = imageLabel(image);
    if (signature?.state === 'unsigned') {
      return {
        reason: 'signature',
        because: `${label} is not signed yet: ${signature.because}`,
        next: `it starts by itself when it is signed with ${signerOf(rules)}; ${rules.waitMinutes} minutes after it was offered it is refused`,
      };
    }
    if (signature?.state === 'unknown') {
      const sentence = `whether ${label} is signed could not be found out: ${signature.because}`;
      return {
        reason: 'signature',
        because: sentence,
        next: `it starts by itself when its signature was verified; ${afterHoldInWords(holdMinutes, afterUnknown(record.rules))}`,
        ends: unknownEnd(record.rules, container, {
          because: sentence,
          refused: 'when it can be verified, deploy it by hand or push it again',
          asked: 'mend what keeps it from being verified; it then starts by itself',
        }),
      };
    }
  }
  return undefined;
}

function signerOf(rules: SignatureRules): string {
  if ('publicKey' in rules) return 'the configured key';
  const { identity } = rules;
  return typeof identity === 'string' ? identity : `an identity like ${identity.regex}`;
}
