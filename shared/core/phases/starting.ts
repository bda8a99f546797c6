/** May the waiting images start, and as what? The last steps before a release exists. */

import { alarmsToAsk, askedByPerson, passesByHand, redAlarms } from '../gates/alarm-gates.ts';
import { startsFrozen } from '../gates/freeze-gate.ts';
import { asksGates, closedGates } from '../gates/gates.ts';
import { hold, withClocks } from '../gates/holding.ts';
import { refuseImpossible } from '../gates/impossible.ts';
import { withWordAsked } from '../gates/word-gate.ts';
import { because, type Decision, enter, leave } from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import { type DefinitionVersion, describeVersion } from '../model/definition/file.ts';
import { without } from '../model/entries.ts';
import { describeImages, type ImageSet, imageReference, waitingImages } from '../model/image.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import { wasCondemned } from '../model/record/known.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { imageWaits } from '../model/record/waiting.ts';
import { MINUTE } from '../model/rules.ts';
import { NOTHING_AGAINST } from '../release/evidence.ts';
import { describeRed } from '../release/release-ends.ts';
import { wouldStart } from '../release/watch-mode.ts';
import { wordOfNew } from '../release/word.ts';
import { rememberPush } from './adopting.ts';

export const THEIRS_IN_FLIGHT =
  "somebody's deployment is in flight: it is waited for, not superseded";

export function start(given: TargetRecord, observation: StandingObservation): Decision {
  if (!imageWaits(given)) return because(given, 'nothing waits');
  const record = rememberPush(given, observation.service.primary, observation.at);
  if (!imageWaits(record))
    return because(record, 'what waited was pushed before what somebody deployed');
  const refused = refuseImpossible(record, observation);
  if (refused !== undefined) return refused;
  const kept = leaveUnchanged(record, observation);
  if (!imageWaits(kept)) {
    return because(kept, 'what waited already runs: nothing is registered and nothing started');
  }
  if (isInFlight(kept, observation)) return because(kept, THEIRS_IN_FLIGHT);
  if (!asksAll(observation, kept))
    return because(kept, 'the next look asks what a start needs to know');
  const closed = closedGates(kept, observation);
  const timed = withClocks(kept, closed, observation.at);
  const asked = askedByPerson(timed.waiting);
  // A person's deploy is held by the first gate that holds persons, too.
  const gate = (asked && closed.find((one) => !passesByHand(one))) ?? closed[0];
  if (gate === undefined) return begin(timed, timed.waiting, observation);
  if (asked !== undefined && passesByHand(gate)) return begin(timed, asked, observation);
  const held = hold(withWordAsked(timed, gate, observation), gate, observation);
  return held ?? begin(timed, timed.waiting, observation);
}

/** A release that changes nothing registers no revision and starts no rollout. */
function leaveUnchanged(record: TargetRecord, observation: StandingObservation): TargetRecord {
  return leave(record, unchanged(record, observation), 'superseded', {
    at: observation.at,
    because: 'it runs already: somebody else deployed it, or it was pushed before',
    next: 'nothing: there is nothing to start',
  });
}

/** The containers that run already what waits for them. */
export function unchanged({ runs, waiting }: TargetRecord, { service }: StandingObservation) {
  return runs?.revision !== service.primary.revision
    ? []
    : Object.entries(waiting)
        .filter(([name, { image }]) => runs.images[name]?.digest === image.digest)
        .map(([name]) => name);
}

/**
 * It has the time of a rollout: what hangs for longer is what the new image may mend. A condemned
 * release that nothing could replace, and one that failed, are not waited for.
 */
export function isInFlight(
  record: TargetRecord,
  { service: { primary, deployments }, at }: StandingObservation,
): boolean {
  if (wasCondemned(record, primary.revision)) return false;
  if (primary.rolloutState === 'FAILED') return false;
  if (at > primary.createdAt + record.rules.rolloutMinutes * MINUTE) return false;
  return primary.rolloutState === 'IN_PROGRESS' || deployments > 1;
}

/** Did this look ask everything that a start depends on? */
export function asksAll(observation: Observation, record: TargetRecord): boolean {
  return (
    observation.definition !== undefined &&
    asksGates(record, observation) &&
    alarmsToAsk(record).every((name) => observation.alarms?.[name] !== undefined) &&
    Object.values(record.waiting).every(
      ({ image }) => observation.waiting?.[image.digest] !== undefined,
    )
  );
}

/** Everything is open for these: they become one release. Others go on waiting. */
function begin(
  record: TargetRecord,
  starting: TargetRecord['waiting'],
  observation: StandingObservation,
): Decision {
  const images = waitingImages(starting);
  const what = describeImages(images);
  const waiting = without(record.waiting, (_, name) => starting[name] !== undefined);
  const emptied: TargetRecord = { ...record, waiting };
  const definition = definitionOf(record, starting, observation);
  const changes = definition !== undefined && definition.changes.length > 0;
  if (!changes && alreadyWritten(images, observation)) {
    const sentence = `the task definition already names ${what}: nothing to do`;
    const next = 'nothing: there is nothing to start';
    const why = { at: observation.at, because: sentence, next };
    return because(leave(record, Object.keys(starting), 'superseded', why), sentence);
  }
  if (record.rules.mode === 'watch') {
    return because(wouldStart(emptied, images, what, observation.at), `would start ${what}`);
  }
  const person = Object.values(starting).find((one) => one.by !== undefined);
  const red = redAlarms(record, observation);
  const number = record.releases + 1;
  // They were asked before the start, and may be long.
  const {
    scan: _,
    signature: __,
    approvals: ___,
    freeze: ____,
    after: _____,
    ...rules
  } = record.rules;
  const release: Release = defined({
    id: `${record.key}/${number}`,
    images,
    definition,
    rules,
    startedAt: observation.at,
    offeredAt: Math.min(...Object.values(starting).map(({ since }) => since)),
    evidence: NOTHING_AGAINST,
    by: person?.by,
    sender: person?.sender,
    word: wordOfNew(record, observation),
    redAtStart: red.length === 0 ? undefined : red,
  });
  const rolling = enter(
    { ...emptied, releases: number, alarmsToClear: [] },
    {
      phase: 'deploying',
      goal: 'forward',
      release,
      attempt: {
        images,
        base: observation.service.primary.revision,
        register: { at: observation.at, observation: observation.id },
      },
    },
  );
  const whileRed = red.length === 0 ? '' : `, while ${describeRed(red)}`;
  const withIt = definition === undefined ? '' : `, with ${describeVersion(definition)}`;
  return because(
    rolling,
    `${what} starts${withIt}${whileRed}${startsFrozen(record, observation.at)}`,
  );
}

/** Undefined: it brings images and nothing else. */
function definitionOf(
  { rules }: TargetRecord,
  starting: TargetRecord['waiting'],
  { definitionFile: seen }: Observation,
): DefinitionVersion | undefined {
  if (rules.definition === undefined || starting[rules.definition.container] === undefined) return;
  if (seen?.state !== 'read') return undefined;
  const { state: _, ...version } = seen;
  return version;
}

function alreadyWritten(images: ImageSet, observation: Observation): boolean {
  return Object.entries(images).every(
    ([container, image]) => observation.definition?.containers[container] === imageReference(image),
  );
}
