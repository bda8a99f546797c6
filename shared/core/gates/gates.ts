/** What may keep a release from starting for now, in the order in which it is asked. */
import { shortDigest } from '../model/image.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import { isQuarantined } from '../model/record/known.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { clearing, redAlarm } from './alarm-gates.ts';
import { asksDefinition, waitsForDefinition } from './definition-gate.ts';
import { frozen } from './freeze-gate.ts';
import type { Gate } from './gate.ts';
import { ownedByAnother } from './owner-gate.ts';
import { endInWords } from './person-hold.ts';
import { waitsForProof } from './promotion-gate.ts';
import { notConfirmed } from './repository-gate.ts';
import { waitsForScan } from './scan-gate.ts';
import { lacksForShift, trafficElsewhere } from './shift-gate.ts';
import { waitsForSignature } from './signature-gate.ts';
import { waitsForWord } from './word-gate.ts';

/** With this much untold, nothing new begins: who would hear how it ended? */
const UNTOLD_MAX = 15;

type Closed = (record: TargetRecord, observation: StandingObservation) => Gate | undefined;

/** What each gate stands for, in words, in the order in which they are asked. */
export const GATES: readonly { readonly rule: string; readonly closed: Closed }[] = [
  { rule: 'nobody has stopped the account', closed: (_, observation) => stopped(observation) },
  { rule: 'nobody holds this target', closed: held },
  { rule: 'no other pipeline releases this service', closed: ownedByAnother },
  { rule: 'announcements are delivered', closed: (_, observation) => untold(observation) },
  { rule: 'no other container runs a quarantined image', closed: quarantinedBeside },
  { rule: 'ECR says that the image is there', closed: notConfirmed },
  { rule: 'the service has what its strategy needs', closed: lacksForShift },
  { rule: 'the load balancer gives everything to what runs', closed: trafficElsewhere },
  // Before the alarms: when their hold is over, a release may proceed, past nothing but them.
  { rule: 'the scan lets it through', closed: waitsForScan },
  { rule: 'its signature is good', closed: waitsForSignature },
  { rule: 'the task definition of its commit can be read', closed: waitsForDefinition },
  { rule: 'the targets that it comes after have proven it', closed: waitsForProof },
  // Before the word: what waits for Monday is not asked about on Friday.
  { rule: 'no freeze of the config is on', closed: frozen },
  { rule: 'a person has said yes to it, where the config wants that', closed: waitsForWord },
  { rule: 'the alarms of the last release are OK', closed: clearing },
  { rule: 'no red alarm keeps it from being guarded', closed: redAlarm },
];

/** The first one is the one that holds; of the others it is known since when they are closed. */
export function closedGates(
  record: TargetRecord,
  observation: StandingObservation,
): readonly Gate[] {
  return GATES.flatMap(({ closed }) => closed(record, observation) ?? []);
}

/** The account's one stop switch. Rollbacks ask no gate, so they go through. */
function stopped({ stop }: Observation): Gate | undefined {
  return stop === undefined
    ? undefined
    : {
        reason: 'person',
        because: `${stop.by} holds all targets of this account: ${stop.because}`,
        next: 'it starts after `resume --all`',
      };
}

function held({ hold }: TargetRecord): Gate | undefined {
  return hold === undefined
    ? undefined
    : {
        reason: 'person',
        because: `${hold.by} holds this target: ${hold.because}`,
        next:
          hold.until === undefined ? 'it starts after `resume`' : `it waits ${endInWords(hold)}`,
      };
}

function untold({ undelivered: count }: Observation): Gate | undefined {
  return count <= UNTOLD_MAX
    ? undefined
    : {
        reason: 'undelivered',
        because: `${count} announcements could not be delivered`,
        next: 'it starts when the announcement bus answers again',
      };
}

/** Whether every gate that closes by what a look finds was asked about. */
export function asksGates(record: TargetRecord, observation: Observation): boolean {
  const { rules, waiting } = record;
  if (!asksDefinition(record, observation)) return false;
  if (rules.strategy !== undefined && observation.balancer === undefined) return false;
  if (rules.after !== undefined && observation.proofs === undefined) return false;
  return Object.values(waiting).every(
    ({ image: { digest } }) =>
      (rules.scan === undefined || observation.scans?.[digest] !== undefined) &&
      (rules.signature === undefined || observation.signatures?.[digest] !== undefined),
  );
}

/** A release is a copy of what runs: a quarantined image in another container would start with it. */
function quarantinedBeside(
  record: TargetRecord,
  { service: { primary }, definition }: StandingObservation,
): Gate | undefined {
  const runs = record.runs?.revision === primary.revision ? record.runs.images : {};
  for (const [container, reference] of Object.entries(definition?.containers ?? {})) {
    if (record.waiting[container] !== undefined) continue;
    const digest = reference.split('@')[1] ?? runs[container]?.digest;
    if (digest === undefined || !isQuarantined(record, digest)) continue;
    return {
      reason: 'quarantine',
      because: `container "${container}" runs the quarantined ${shortDigest(digest)}, which would start again with it`,
      next: `it starts together with a fix for "${container}"; or roll back, or lift that quarantine`,
    };
  }
  return undefined;
}
