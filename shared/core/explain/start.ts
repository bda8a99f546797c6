/** The rules between an image that waits and its release, each with its answer. */
import { askedByPerson, passesByHand } from '../gates/alarm-gates.ts';
import { GATES } from '../gates/gates.ts';
import { whyImpossible } from '../gates/impossible.ts';
import { describeVersion } from '../model/definition/file.ts';
import { without } from '../model/entries.ts';
import { type ContainerName, imageLabel, revisionName } from '../model/image.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { imageWaits, unplacedOf } from '../model/record/waiting.ts';
import { asksAll, isInFlight, unchanged } from '../phases/starting.ts';
import { whose } from '../release/whose.ts';
import { given, no, type Tried, unknown, unless, yes } from './rule-result.ts';

export function explainStart(
  record: TargetRecord,
  observation: StandingObservation,
): readonly Tried[] {
  const { needsAttention: asked } = record;
  const waits = imageWaits(record);
  return [
    ...(asked === undefined ? [] : [no('no person is asked', asked.because)]),
    runsWhatWasLeft(record, observation),
    ...unplacedOf(record).map(({ image, because }) =>
      no(`${imageLabel(image)} has its place among the commits`, because),
    ),
    given('an image waits', waits, 'nothing is to be done'),
    ...(waits ? beforeStart(record, observation) : closedByPersons(record, observation)),
  ];
}

function runsWhatWasLeft(record: TargetRecord, observation: StandingObservation): Tried {
  const { primary } = observation.service;
  const rule = 'what was left running, runs';
  const { runs } = record;
  const name = revisionName(primary.revision);
  if (runs === undefined) return no(rule, `it was never looked at before; ${name} runs`);
  switch (whose(record, primary, observation)) {
    case 'ours':
      return yes(rule, name);
    case 'stale':
      return no(rule, 'a stale look');
    case 'ecs-return':
      return no(rule, `ECS returned to ${name}`);
    case 'late-call':
      return no(rule, `a late call of ours deployed ${name}`);
    case 'proven':
    case 'external':
      return no(rule, `somebody else deployed ${name}`);
  }
}

function beforeStart(record: TargetRecord, observation: StandingObservation): readonly Tried[] {
  const same = unchanged(record, observation);
  const kept = { ...record, waiting: without(record.waiting, (_, name) => same.includes(name)) };
  const asked = asksAll(observation, kept);
  return [
    ...Object.entries(record.waiting).flatMap(([container, waiting]) => {
      const label = imageLabel(waiting.image);
      const changes = kept.waiting[container] !== undefined;
      return [
        unless(
          `${label} can start in container "${container}"`,
          whyImpossible(record, container, waiting, observation)?.because,
        ),
        given(`${label} changes something`, changes, 'it is what runs already'),
        ...bringsDefinition(record, container, label, observation),
      ];
    }),
    given(
      "nobody's deployment is in flight",
      !isInFlight(kept, observation),
      'it is waited for, not superseded',
    ),
    ...GATES.map(({ rule, closed }) => {
      const gate = closed(kept, observation);
      const passes = gate && passesByHand(gate) && askedByPerson(kept.waiting) !== undefined;
      if (passes) return yes(rule, `${gate.because}; what a person asked for starts all the same`);
      if (gate !== undefined) return no(rule, gate.because);
      return asked ? yes(rule) : unknown(rule, 'the next look asks');
    }),
    given('it may act', record.rules.mode === 'act', 'watch mode: nothing is changed'),
  ];
}

/** What it would change beside its image; why it cannot is told by the rules around this one. */
function bringsDefinition(
  { rules }: TargetRecord,
  container: ContainerName,
  label: string,
  { definitionFile: seen }: Observation,
): readonly Tried[] {
  if (container !== rules.definition?.container) return [];
  const rule = `${label} brings the task definition of its commit`;
  if (seen?.state === 'read') return [yes(rule, describeVersion(seen))];
  return seen?.state === 'none' ? [yes(rule, `${seen.because}: it starts with what runs`)] : [];
}

/** They are worth knowing of before anything waits. */
function closedByPersons(record: TargetRecord, observation: StandingObservation): readonly Tried[] {
  return GATES.flatMap(({ rule, closed }) => {
    const gate = closed(record, observation);
    return gate?.reason === 'person' || gate?.reason === 'freeze' ? [no(rule, gate.because)] : [];
  });
}
