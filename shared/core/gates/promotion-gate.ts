/** Where the config says `after`, an image starts by itself when another target has proven it: the same digest. */
import { imageLabel, type Moment } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { Observation, Proof } from '../model/observation.ts';
import { compareOrder } from '../model/order.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';
import { MINUTE, type Promotion, type Rules } from '../model/rules.ts';
import type { Gate, Refusal } from './gate.ts';

const BY_HAND = 'if it cannot wait, deploy it by hand: that is not held';

/** The first image, and the first target, that is not through. */
export function waitsForProof(
  { rules: { after }, waiting }: Pick<TargetRecord, 'rules' | 'waiting'>,
  { proofs, at }: Observation,
): Gate | undefined {
  if (after === undefined || proofs === undefined) return undefined;
  for (const { image } of Object.values(waiting)) {
    for (const { id } of after.targets) {
      const gate = closed(id, proofs[id]?.[image.digest], imageLabel(image), after, at);
      if (gate !== undefined) return gate;
    }
  }
  return undefined;
}

function closed(
  id: string,
  proof: Proof | undefined,
  label: string,
  { soakMinutes }: Promotion,
  at: Moment,
): Gate | undefined {
  const soaked = soakMinutes === 0 ? '' : `, and ${soakMinutes} minutes later`;
  const next = `it starts by itself when ${id} has proven it${soaked}; ${BY_HAND}`;
  switch (proof?.state) {
    case undefined:
    case 'condemned':
    case 'absent':
      return { reason: 'promotion', because: `${label} has not begun in ${id}`, next };
    case 'unknown':
      return {
        reason: 'promotion',
        because: `nobody knows whether ${id} has proven ${label}: ${proof.because}`,
        next: `it starts by itself when that can be read, and ${id} has proven it${soaked}; ${BY_HAND}`,
      };
    case 'trial':
      return {
        reason: 'proof',
        because: `${label} is on its way in ${id}, and not proven yet`,
        next,
      };
    case 'proven': {
      const until = proof.at + soakMinutes * MINUTE;
      if (at >= until) return undefined;
      return {
        reason: 'proof',
        because: `${id} has proven ${label}, and it must stand there until ${clockTime(until)}`,
        next: `it starts by itself then; ${BY_HAND}`,
      };
    }
  }
}

/** It went back there, or a newer one took its place before it began: it will never be proven. */
export function refusedByPromotion(
  { after }: Rules,
  { image, order, by }: Waiting,
  { proofs }: Observation,
): Refusal | undefined {
  if (after === undefined || proofs === undefined || by !== undefined) return undefined;
  const label = imageLabel(image);
  for (const { id } of after.targets) {
    const proof = proofs[id]?.[image.digest];
    if (proof?.state === 'condemned') {
      return {
        because: `${label} is quarantined in ${id}, where it must be proven first`,
        next: `push a fix; or lift the quarantine in ${id}, and deploy it there and here by hand`,
        again: 'push',
      };
    }
    if (proof?.state !== 'absent' || proof.newest === undefined || order === undefined) continue;
    if (compareOrder(proof.newest, order) > 0) {
      return {
        because: `${id} passed ${label} over: it was offered a newer image before this one began there`,
        next: 'nothing: the newer one comes by itself within a quarter of an hour',
        isSuperseded: true,
      };
    }
  }
  return undefined;
}

/** What is on trial elsewhere keeps its place: with many pushes nothing would ever come through. */
export function keepsItsPlace({ rules }: Pick<TargetRecord, 'rules'>, waiting: Waiting): boolean {
  return rules.after !== undefined && waiting.held?.reason === 'proof';
}
